/// One thing wrong with a definition that was sent, as an extension member of a problem (RFC 9457).
struct ProblemFault: Sendable, Equatable, Encodable {
    /// The dotted name, `pacing.ramp`; empty where the text as a whole is wrong.
    let key: String
    /// Where in the text, from 1; nil where it has no lines that mean anything.
    let line: Int?
    let column: Int?
    /// What is wrong, and what would be right.
    let reason: String
}
