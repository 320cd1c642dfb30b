import Foundation

/// A bounded number of connections, and those who wait for one in their order.
final class PostgresPool: @unchecked Sendable {
    // @unchecked: the state is touched with the lock held.
    private struct State {
        var idle: [PostgresSlot] = []
        var count = 0
        var waiting: [CheckedContinuation<PostgresSlot, any Error>] = []
        var isClosed = false
    }

    /// Operations that may wait; there are never so many unless the server has stopped answering.
    private static let mostWaiting = 4096

    let location: PostgresLocation
    private let lock = NSLock()
    private var state = State()

    init(_ location: PostgresLocation) { self.location = location }

    /// Runs `body` with a connection, on a thread that it may block.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        let slot = try await take()
        defer { put(slot) }
        return try await slot.run(body)
    }

    /// Takes no more work; connections go when theirs is done.
    func close() {
        let (idle, waiting) = lock.withLock {
            state.isClosed = true
            defer { (state.idle, state.waiting) = ([], []) }
            return (state.idle, state.waiting)
        }
        for slot in idle { slot.close() }
        for one in waiting { one.resume(throwing: Self.closed) }
    }

    private static let closed = SQLFailure(code: .failed, detail: "the store is closed")

    private func take() async throws -> PostgresSlot {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<PostgresSlot, any Error>? = lock.withLock {
                if state.isClosed { return .failure(Self.closed) }
                // The one used last is the likeliest to be alive.
                if let slot = state.idle.popLast() { return .success(slot) }
                if state.count < max(1, location.connections) {
                    state.count += 1
                    return .success(PostgresSlot(location))
                }
                guard state.waiting.count < Self.mostWaiting else {
                    return .failure(
                        SQLFailure(
                            code: .locked, detail: "\(Self.mostWaiting) operations wait for a connection already"))
                }
                state.waiting.append(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }

    private func put(_ slot: PostgresSlot) {
        let (next, isClosed) = lock.withLock {
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            if next == nil, !state.isClosed { state.idle.append(slot) }
            return (next, state.isClosed)
        }
        if let next { next.resume(returning: slot) } else if isClosed { slot.close() }
    }
}
