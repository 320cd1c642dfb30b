import Networking

/// Remembers acts by their idempotency key, so that none is done twice.
package protocol ToolActLedger: Sendable {
    /// Notes that an act is about to be done, before it is.
    func begin(key: String, tool: String) async throws -> ToolActState
    /// Notes its result.
    func finish(key: String, result: JSONValue) async throws
    /// Notes that it certainly was not done.
    func abandon(key: String) async throws
}

/// What is known of an act.
package enum ToolActState: Sendable, Equatable {
    /// It was never begun.
    case fresh
    case done(JSONValue)
    /// It was begun, and nobody knows what came of it.
    case unclear
}

/// A ledger of this process, for tests and for tools without a store. The oldest acts are forgotten.
package final class MemoryActLedger: ToolActLedger {
    private struct State {
        var acts: [String: ToolActState] = [:]
        var order: [String] = []
    }

    private static let capacity = 10_000
    private let state = Lock(State())

    package init() {}

    package func begin(key: String, tool: String) -> ToolActState {
        state.withLock { state in
            if let known = state.acts[key] { return known }
            state.acts[key] = .unclear
            state.order.append(key)
            if state.order.count > Self.capacity { state.acts[state.order.removeFirst()] = nil }
            return .fresh
        }
    }

    package func finish(key: String, result: JSONValue) { state.withLock { $0.acts[key] = .done(result) } }

    package func abandon(key: String) {
        state.withLock { state in
            state.acts[key] = nil
            state.order.removeAll { $0 == key }
        }
    }
}
