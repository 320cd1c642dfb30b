import Foundation

/// Does something with every call that has ended, a lease at a time: finds those it is for, takes one, and the next.
///
/// A call is taken under a lease, so that of several nodes one does it, and another one where that one dies.
struct CallWorker<Claim: Sendable>: Sendable {
    /// Looks at new calls alone between two at all of a day, which are many.
    private static var looksBetween: Int { 60 }
    /// New calls are such as began within this, in seconds.
    private static var recently: TimeInterval { 3600 }

    /// Calls at once: a model takes seconds.
    private let width = 4
    /// Has calls wanted that began within so many seconds.
    let want: @Sendable (TimeInterval) async throws -> Void
    /// Whether one is due. Quick.
    let isOpen: @Sendable () async throws -> Bool
    /// Takes one that is due.
    let claim: @Sendable () async throws -> Claim?
    let work: @Sendable (Claim) async -> Void

    init(
        want: @escaping @Sendable (TimeInterval) async throws -> Void,
        isOpen: @escaping @Sendable () async throws -> Bool,
        claim: @escaping @Sendable () async throws -> Claim?, work: @escaping @Sendable (Claim) async -> Void
    ) {
        self.want = want
        self.isOpen = isOpen
        self.claim = claim
        self.work = work
    }

    /// Works until cancelled.
    ///
    /// - Parameter failed: told of every look that went wrong.
    func run(every interval: Duration, failed: (any Error) -> Void) async {
        var look = 0
        while !Task.isCancelled {
            do { try await runOnce(window: look % Self.looksBetween == 0 ? 86_400 : Self.recently) } catch {
                failed(error)
            }
            look += 1
            guard (try? await Task.sleep(for: interval)) != nil else { return }
        }
    }

    /// Does everything that is to be done now.
    ///
    /// - Parameter window: calls that began longer ago are taken only if somebody wanted it, in seconds.
    private func runOnce(window: TimeInterval) async throws {
        try await want(window)
        // Most looks find nothing, and writers are not to be held up for it.
        guard try await isOpen() else { return }
        let (claim, work) = (claim, work)
        let failure: (any Error)? = await withTaskGroup(of: (any Error)?.self) { group in
            for _ in 0..<width {
                group.addTask {
                    do {
                        while !Task.isCancelled, let taken = try await claim() { await work(taken) }
                        return nil
                    } catch { return error }
                }
            }
            // One that cannot take a call is no reason to give up what a model is being paid for.
            var first: (any Error)?
            for await failure in group { first = first ?? failure }
            return first
        }
        if let failure { throw failure }
    }
}

/// When a model that did not answer is asked again.
enum CallWorkRetry {
    private static let firstWait: TimeInterval = 20

    /// Until the next request after so many: 20 seconds, then four times that …
    static func wait(after attempt: Int) -> TimeInterval { firstWait * Double(1 << min(2 * (attempt - 1), 20)) }
}

/// Stores what was found on a call.
enum CallWorkResult {
    /// Before what a model was paid for is stored again that could not be.
    private static let pauses: [Duration] = [.seconds(1), .seconds(5), .seconds(20)]

    /// Where a model was paid it is tried again, for the next one who takes the call knows nothing of that.
    ///
    /// - Parameters:
    ///   - failed: told of each time that it could not be stored and is tried again.
    ///   - store: stores it; false where the call is somebody else's by now.
    static func store(
        isPaid: Bool, failed: (any Error) -> Void, _ store: () async throws -> Bool
    ) async throws -> Bool {
        for pause in isPaid ? pauses : [] {
            do { return try await store() } catch { failed(error) }
            guard (try? await Task.sleep(for: pause)) != nil else { break }
        }
        return try await store()
    }
}
