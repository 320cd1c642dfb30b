import CallSession
import Foundation
import Logging
import Networking
import Store

/// Keeps a running service as people want it who stopped agents: what they decided is in the store, whoever wrote it there,
/// and looked for every second, and at once after a request to this process.
final class StopKeeper: Sendable {
    private struct State {
        var rules = StopRules()
        var begun = 0
        /// The look whose rules hold; an older one that comes back later changes nothing.
        var held = 0
        /// Calls on the line that were told to end: told every second anew, they would never be done with it.
        var told: Set<String> = []
    }

    private let store: Store
    private let desk: CallDesk
    private let board: CallBoard
    private let logger: Logger
    private let state = Lock(State())

    init(store: Store, desk: CallDesk, board: CallBoard, logger: Logger) {
        self.store = store
        self.desk = desk
        self.board = board
        self.logger = logger
    }

    /// As they were when it was last looked.
    var stops: [AgentStop] { state.withLock { $0.rules.stops } }

    /// Looks what is decided, and does it.
    ///
    /// - Returns: the calls that were ended, also those that were told so before and are not over yet.
    @discardableResult
    func follow() async throws -> [String] {
        let look = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let rules = StopRules(stops: try await store.agentStops())
        let before = state.withLock { state -> StopRules? in
            guard look > state.held else { return nil }
            state.held = look
            defer { state.rules = rules }
            return state.rules
        }
        guard let before else { return [] }
        // First, so that none begins while others end.
        desk.follow(rules)
        let ending = rules.ending(since: before)
        var ended: [String] = []
        let calls = board.calls
        let told = state.withLock { state in
            state.told.formIntersection(calls.map(\.id))
            return state.told
        }
        for call in calls where ending.contains(where: { $0.covers(call.speaker) }) {
            guard let session = desk.session(callID: call.id) else { continue }
            ended.append(call.id)
            guard !told.contains(call.id) else { continue }
            await session.operate(.hangUp)
            // One whose media have not begun may take no command yet, and is told once more.
            if call.state != .connecting { state.withLock { _ = $0.told.insert(call.id) } }
        }
        if rules != before {
            logger.notice(
                "agents were stopped or go on",
                metadata: [
                    "stopped": "\(rules.stops.map { $0.agent ?? "all" }.joined(separator: ", "))",
                    "ended": "\(ended.count)",
                ])
        }
        return ended
    }

    /// Follows until cancelled.
    func run(every interval: Duration) async {
        var isBlind = false
        repeat {
            do {
                try await follow()
                isBlind = false
            } catch is CancellationError { return } catch {
                // Told once, not every second for as long as the store is away.
                if !isBlind {
                    logger.error(
                        "it cannot be seen which agents are stopped; what was known last holds",
                        metadata: ["error": "\(error)"])
                }
                isBlind = true
            }
        } while (try? await Task.sleep(for: interval)) != nil
    }

    /// Who is stopped; `*` stands for all.
    var samples: [PrometheusSample] {
        stops.map { .gauge("parley_agent_stopped", 1, dimensions: [("agent", $0.agent ?? "*")]) }
    }
}
