/// Why somebody is called; decides what consent is needed.
package enum CallPurpose: String, Sendable, Codable, CaseIterable {
    /// A reminder, a delivery, an answer to a question: nothing is sold.
    case informational
    /// Anything that sells or advertises, also in part.
    case telemarketing
    /// Danger to health or safety.
    case emergency
}
