import Foundation
import Glibc

/// A terminal that a test sits at.
final class PseudoTerminal: Sendable {
    struct Unavailable: Error {}

    /// The end of the one who types.
    private let keyboard: CInt
    private let device: CInt

    init() throws {
        var (keyboard, device): (CInt, CInt) = (-1, -1)
        guard unsafe openpty(&keyboard, &device, nil, nil, nil) == 0 else { throw Unavailable() }
        (self.keyboard, self.device) = (keyboard, device)
    }

    deinit {
        close(keyboard)
        close(device)
    }

    /// What a program gets as its standard input.
    var input: FileHandle { FileHandle(fileDescriptor: device, closeOnDealloc: false) }

    /// Whether what is typed is shown.
    var shows: Bool {
        var state = termios()
        unsafe tcgetattr(device, &state)
        return state.c_lflag & tcflag_t(ECHO) != 0
    }

    func enter(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(keyboard, $0.baseAddress, $0.count) }
    }

    /// What it has shown since the last look.
    func shown() -> String {
        var bytes: [UInt8] = []
        var waiting = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&waiting, 1, 0) > 0, waiting.revents & Int16(POLLIN) != 0 {
            var piece = [UInt8](repeating: 0, count: 1024)
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(keyboard, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
