import Foundation

/// A named operating-system thread that runs one function to its end.
struct WorkerThread: Sendable {
    private let ended = Signal()

    /// - Parameter name: shown by `top -H`; cut to 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) {
        let ended = ended
        let thread = Thread {
            body()
            ended.raise()
        }
        thread.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Waits until the function returned. Once only.
    func join() { ended.wait() }
}
