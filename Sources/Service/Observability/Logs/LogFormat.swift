/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, message, facts; coloured on a terminal.
    case pretty
    /// One JSON object per line, for collectors.
    case json
}
