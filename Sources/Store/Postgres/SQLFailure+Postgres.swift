extension SQLFailure {
    /// - Parameter state: the five characters of SQLSTATE (PostgreSQL manual, appendix A); nil where the connection failed.
    init(state: String?, message: String) {
        let text = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        guard let state else {
            self.init(code: .unreachable, detail: text)
            return
        }
        self.init(
            code: Self.code(for: state), detail: "\(text) (PostgreSQL \(state))", isForeignKey: state == "23503",
            retry: Self.retry(for: state), state: state)
    }

    private static func code(for state: String) -> StoreError.Code {
        switch state {
        // Others were in the way longer than we wait, or there are too many.
        case "40001", "40P01", "55P03", "57014", "53300": return .locked
        case "53100": return .diskFull
        case "3D000", "3F000": return .missing
        case "25006", "42501": return .notWritable
        case "57P01", "57P02", "57P03": return .unreachable
        // Of class 08, but the connection is fine: what was sent was wrong, and is wrong the next time.
        case "08P01": return .failed
        case "XX001", "XX002": return .damaged
        default: break
        }
        switch state.prefix(2) {
        case "08", "28": return .unreachable
        case "22", "23", "54": return .rejected
        default: return .failed
        }
    }

    private static func retry(for state: String) -> Retry? {
        switch state {
        case "40001", "40P01": .conflict
        // Another node has changed a table under a prepared statement.
        case "0A000", "26000": .staleStatement
        default: nil
        }
    }
}
