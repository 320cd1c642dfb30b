/// Lets a stream go on for as long as whoever began it may have it: sessions end, keys are revoked. A value; time is an argument.
struct StreamPass: Sendable {
    /// Between two looks.
    static let pause = Duration.seconds(10)

    private let isHeld: @Sendable () async throws -> Bool
    private var next: ContinuousClock.Instant

    /// - Parameters:
    ///   - now: when it was looked last, for the request itself.
    ///   - isHeld: whether they may still have it.
    init(since now: ContinuousClock.Instant = .now, isHeld: @escaping @Sendable () async throws -> Bool) {
        self.isHeld = isHeld
        next = now + Self.pause
    }

    mutating func isGood(at now: ContinuousClock.Instant = .now) async -> Bool {
        guard now >= next else { return true }
        next = now + Self.pause
        // A database that is away takes nothing from anybody.
        do { return try await isHeld() } catch is Problem { return false } catch { return true }
    }
}
