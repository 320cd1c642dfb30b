import Foundation

/// What an event tells, and beside its own keys `at`: when it happened, in milliseconds since 1970.
///
/// Whoever reads it knows how far behind they are, which no other part of the event says: positions count from the start
/// of the call's media, and moments in the API have no fractions of a second.
struct TimedView: Encodable, Sendable {
    private enum Key: CodingKey { case at }

    private let value: any Encodable & Sendable
    private let at: Int

    /// - Parameter value: an object in JSON, without a key `at` of its own.
    init(_ value: any Encodable & Sendable, at moment: Date) {
        self.value = value
        at = Int((moment.timeIntervalSince1970 * 1000).rounded())
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        // The same object again, with one more key.
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(at, forKey: .at)
    }
}
