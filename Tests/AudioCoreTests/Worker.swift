import Glibc

/// A plain thread that a test starts and joins.
final class Worker {
    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private var thread: pthread_t = 0

    init(_ body: @escaping @Sendable () -> Void) {
        let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
        // SAFETY: the thread takes over the retained box.
        unsafe pthread_create(&thread, nil, runWorker, box)
    }

    func join() { _ = pthread_join(thread, nil) }

    fileprivate static func run(_ box: UnsafeMutableRawPointer) {
        unsafe Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body()
    }
}

private func runWorker(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box = unsafe box { unsafe Worker.run(box) }
    return nil
}
