import Networking

/// Runs what people try in the editor beside the calls: few at once, and none for long.
final class TrialDesk: Sendable {
    /// At once.
    static let most = 2

    /// As many as may are being run.
    struct IsBusy: Error {}

    /// It was given up.
    struct TookTooLong: Error {}

    /// How long one may take.
    let patience: Duration
    private let running = Lock(0)

    init(patience: Duration = .seconds(60)) { self.patience = patience }

    /// - Throws: ``IsBusy``, ``TookTooLong``, and what the work throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let isTaken = running.withLock { running in
            guard running < Self.most else { return false }
            running += 1
            return true
        }
        guard isTaken else { throw IsBusy() }
        defer { running.withLock { $0 -= 1 } }
        let patience = patience
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw TookTooLong() }
            return value
        }
    }
}
