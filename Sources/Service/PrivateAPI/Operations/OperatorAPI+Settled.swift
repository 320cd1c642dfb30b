import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Work on calls that are over begins when all of them is stored.
extension OperatorAPI {
    /// From one look to the next.
    private static let settlingPause = Duration.milliseconds(200)
    /// Looks before whoever asks is asked to come again: three seconds.
    private static let settlingLooks = 15

    /// Waits until the last of a call that has ended is stored, for a moment: what is made of a call before that lacks what was said
    /// last, and its cost.
    ///
    /// - Throws: a problem that says to ask again.
    func settled(_ id: String) async throws {
        for _ in 0..<Self.settlingLooks {
            guard try await isSettling(id) else { return }
            try await Task.sleep(for: Self.settlingPause)
        }
        guard try await isSettling(id) else { return }
        throw Problem(
            status: .conflict, code: "conflict",
            detail: "The call has ended, and the last of it is still being stored; ask again in some seconds.",
            headers: [.retryAfter: "5"])
    }

    private func isSettling(_ id: String) async throws -> Bool {
        // The wall first: whatever has left it by then is on its way into the store.
        if board.call(id)?.state == .ended { return true }
        return try await store.isSettling(call: id, now: now())
    }
}
