import Agent
import CallSession

/// What goes wrong on a call, counted as it goes: what ``ErrorBudget`` is fed with. A value.
struct CallFaults: Sendable {
    /// Incidents in which the agent had nothing to say when it was its turn.
    private static let silences: Set<String> = ["liveness", "reply", "synthesis"]

    private(set) var counts: [CallFault: Int] = [:]

    mutating func take(_ note: CallNote) {
        switch note {
        case .callerTurn(let turn) where turn.isOutOfTask: add(.reasks)
        case .toolFinished(_, let tool)
        where tool.failed && ToolError.Code(ofErrorDescribed: tool.outcome)?.isFailure ?? false:
            add(.toolFailures)
        case .incident(let kind, _) where Self.silences.contains(kind): add(.deadAir)
        default: break
        }
    }

    /// Takes what the call's dialogue has counted.
    mutating func take(_ counters: AgentCounters) {
        add(.brokenPromises, counters.promisesHeldBack)
        add(.escalations, counters.escalations)
    }

    /// For the call's row; nil when nothing went wrong.
    var stored: [String: Int]? {
        counts.isEmpty ? nil : Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
    }

    private mutating func add(_ fault: CallFault, _ count: Int = 1) {
        if count > 0 { counts[fault, default: 0] += count }
    }
}

extension [String: Int] {
    /// Faults as rows have them; a name that a later program gave is left aside.
    var callFaults: [CallFault: Int] {
        var faults: [CallFault: Int] = [:]
        for (name, count) in self { if let fault = CallFault(rawValue: name) { faults[fault] = count } }
        return faults
    }
}
