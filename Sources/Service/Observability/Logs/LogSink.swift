import Glibc

/// Where log lines go.
struct LogSink: Sendable {
    /// Whether somebody reads along on a terminal that shows colours.
    let isTerminal: Bool
    /// Takes one line, its end included.
    let write: @Sendable (String) -> Void

    static let standardError: LogSink = {
        let wantsNoColour = unsafe getenv("NO_COLOR") != nil
        return LogSink(isTerminal: isatty(STDERR_FILENO) == 1 && !wantsNoColour, write: writeToStandardError)
    }()

    /// One call for a line, so that lines of several threads stay whole.
    private static func writeToStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                // SAFETY: `written` stays within the buffer, which is not empty here and so has a base address.
                let count = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress! + written, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                // Nobody can be told that the log cannot be written.
                guard count > 0 else { return }
                written += count
            }
        }
    }
}
