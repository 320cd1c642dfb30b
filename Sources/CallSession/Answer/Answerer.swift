/// Who or what has answered a call.
package enum Answerer: String, Sendable, Codable, CaseIterable {
    case person
    /// A recorded greeting; it will take a message.
    case machine
    /// An assistant that asks who is calling and why.
    case screening
    /// A menu of keys.
    case menu
    case fax
    /// Nobody can say: silence, or a greeting that would suit either.
    case unsure
}
