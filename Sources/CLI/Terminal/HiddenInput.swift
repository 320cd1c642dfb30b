import Foundation
import Glibc
import Synchronization

/// Lines that are typed at a terminal which does not show them.
///
/// The terminal is given back as it was at the end of each line, and also when a signal ends the program meanwhile.
enum HiddenInput {
    /// What a terminal or its end sends, and what ends programs.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// [ms] Between two looks whether one of them came; it may be handled on any thread, so that it ends no wait of ours.
    private static let look: CInt = 50
    /// The one that came; 0 is none.
    private static let caught = Atomic<CInt>(0)

    /// Whether somebody types who could be shown nothing.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// One line, without its end; nil at the end of the input.
    ///
    /// - Parameter prompt: said once nothing is shown any more.
    static func line(_ prompt: String) -> String? {
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine() }
        caught.store(0, ordering: .relaxed)
        let handlers = signals.map { number in
            signal(number) { HiddenInput.caught.store($0, ordering: .relaxed) }
        }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        Terminal.complain(prompt)
        let line = typedLine()
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        for (number, handler) in zip(signals, handlers) { signal(number, handler) }
        let number = caught.load(ordering: .relaxed)
        // Now that the terminal is as it was, it does what it always does; on another thread, for which we wait.
        if number != 0 {
            kill(getpid(), number)
            sleep(1)
        }
        return line
    }

    /// Nil at the end of the input, and when a signal came.
    private static func typedLine() -> String? {
        var bytes: [UInt8] = []
        while caught.load(ordering: .relaxed) == 0 {
            var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, look) > 0 else { continue }
            var byte: UInt8 = 0
            let count = unsafe read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { break }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
