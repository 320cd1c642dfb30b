import Foundation
import Glibc
import Service

/// The terminal as a screen: alternate buffer, keys as they are pressed, and all of it given back at the end.
///
/// Used from one thread at a time, which `lock` sees to.
final class FullScreen: @unchecked Sendable {
    // @unchecked: under `lock`.
    private let lock = NSLock()
    private var screen: DeskScreen
    private var shown: [DeskScreen.Line] = []
    private var size = (width: 0, height: 0)
    private var before = termios()
    private var isOpen = false

    init(_ screen: DeskScreen) { self.screen = screen }

    /// Whether both ends of this process are a terminal.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    func open() {
        lock.withLock {
            unsafe tcgetattr(STDIN_FILENO, &before)
            var raw = before
            // Keys at once and not shown; ISIG stays, so that Ctrl-C is the signal it always is.
            raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
            unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
            isOpen = true
            write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
        }
    }

    /// Gives the terminal back as it was. May be called again.
    func close() {
        lock.withLock {
            guard isOpen else { return }
            isOpen = false
            write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
            unsafe tcsetattr(STDIN_FILENO, TCSANOW, &before)
        }
    }

    func show(_ update: MicCall.Update) {
        lock.withLock {
            screen.take(update)
            // Ten times a second is what levels bring; what else happens is seen with them.
            if case .levels = update { draw() } else if shown.isEmpty { draw() }
        }
    }

    /// The keys that are pressed, until the input ends.
    func keys() -> AsyncStream<MicCall.Control> {
        AsyncStream { controls in
            let thread = Thread {
                var byte: UInt8 = 0
                while unsafe read(STDIN_FILENO, &byte, 1) == 1 {
                    if let control = Self.control(byte) { controls.yield(control) }
                }
                controls.finish()
            }
            thread.name = "keyboard"
            thread.start()
        }
    }

    static func control(_ byte: UInt8) -> MicCall.Control? {
        switch byte {
        case UInt8(ascii: "q"), 4: .hangUp
        case UInt8(ascii: "m"): .mute
        case UInt8(ascii: "p"): .pushToTalk
        case UInt8(ascii: " "): .talk
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "#"):
            .key(Character(UnicodeScalar(byte)))
        default: nil
        }
    }

    /// Writes the lines that have changed.
    private func draw() {
        guard isOpen else { return }
        var window = winsize()
        // SAFETY: the request fills a `winsize`.
        let known = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0
        let now = (width: known ? Int(window.ws_col) : 80, height: known ? Int(window.ws_row) : 24)
        var text = ""
        if now != size {
            size = now
            shown = []
            text += "\u{1B}[2J"
        }
        let lines = screen.lines(width: size.width, height: size.height)
        for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
            text += "\u{1B}[\(row + 1);1H\(Self.code(line.style))\(line.text)\u{1B}[0m\u{1B}[K"
        }
        shown = lines
        write(text)
    }

    private static func code(_ style: DeskScreen.Line.Style) -> String {
        switch style {
        case .plain: ""
        case .dim: "\u{1B}[2m"
        case .bold: "\u{1B}[1m"
        case .title: "\u{1B}[7m"
        }
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
