import Dispatch
import Foundation

/// A bounded number of connections, and those who wait for one in their order, and not for ever.
final class PostgresPool: @unchecked Sendable {
    // @unchecked: the state is touched with the lock held.
    private struct State {
        var idle: [PostgresSlot] = []
        var count = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<PostgresSlot, any Error>)] = []
        var lastNumber = 0
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
        for one in waiting { one.continuation.resume(throwing: Self.closed) }
    }

    private static let closed = SQLFailure(code: .failed, detail: "the store is closed")

    private func take() async throws -> PostgresSlot {
        try await withCheckedThrowingContinuation { continuation in
            var number = 0
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
                state.lastNumber += 1
                number = state.lastNumber
                state.waiting.append((number, continuation))
                return nil
            }
            if let result { return continuation.resume(with: result) }
            let timeout = DispatchTime.now() + location.patience / .seconds(1)
            DispatchQueue.global().asyncAfter(deadline: timeout) { [number, weak self] in self?.giveUp(number) }
        }
    }

    /// Ends a wait, if it has not ended.
    private func giveUp(_ number: Int) {
        let waiting = lock.withLock {
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        waiting?.continuation.resume(
            throwing: SQLFailure(
                code: .locked,
                detail:
                    "none of the \(location.connections) connections to the server was free within \(location.patience / .seconds(1)) s; "
                    + "raise store.connections, or look what keeps the server"))
    }

    private func put(_ slot: PostgresSlot) {
        let (next, isClosed) = lock.withLock {
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            if next == nil, !state.isClosed { state.idle.append(slot) }
            return (next, state.isClosed)
        }
        if let next { next.continuation.resume(returning: slot) } else if isClosed { slot.close() }
    }
}
