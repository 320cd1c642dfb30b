/// How long to wait before a broken connection is tried again.
package struct ReconnectBackoff: Sendable, Equatable {
    private static let delays: [Duration] = [
        .milliseconds(250), .milliseconds(500), .milliseconds(1000), .milliseconds(2000),
    ]
    /// Attempts made since the connection last proved itself.
    package private(set) var attempts = 0

    package init() {}

    /// Whether so many attempts came to nothing that whoever waits should be told.
    package var isExhausted: Bool { attempts >= Self.delays.count }

    /// The wait before the next attempt; the last one repeats.
    ///
    /// - Parameter jitter: -1...1; spreads the attempts of many calls by a fifth either way.
    package mutating func next(jitter: Double) -> Duration {
        let delay = Self.delays[min(attempts, Self.delays.count - 1)]
        attempts += 1
        return delay * (1 + 0.2 * min(max(jitter, -1), 1))
    }

    /// The connection works.
    package mutating func succeeded() { attempts = 0 }
}
