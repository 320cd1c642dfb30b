import Agent
import CallSession

/// A call in words, as it happens.
struct DemoPrinter: Sendable {
    let say: @Sendable (String) -> Void

    func show(_ event: CallEvent) {
        switch event {
        case .journal(_, let position, .replySaid(_, let text)): say(Self.line(time(position), "agent", text))
        case .note(let position, .callerTurn(let turn)):
            let heard = turn.isOutOfTask ? "(not understood) \(turn.text)" : "\"\(turn.text)\""
            say(Self.line(time(position), "heard", "\(heard)  confidence \(fixed(turn.confidence, 2))"))
        case .note(_, .understood(_, let understanding)):
            let entities = understanding.entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            say(Self.line("", "understood", "\(understanding.intent)\(entities)"))
        case .note(_, .toolFinished(_, let tool)):
            say(Self.line("", tool.failed ? "tool failed" : "tool", "\(tool.name) \(tool.arguments) → \(tool.outcome)"))
        case .note(_, .latency(let latency)):
            let parts = [
                ("wait", latency.endOfTurnWait), ("recognition", latency.recognition), ("reply", latency.reply),
                ("synthesis", latency.synthesis), ("own", latency.own),
            ].map { "\($0.0) \(fixed(ResponseLatency.milliseconds($0.1), 1))" }.joined(separator: " + ")
            say(
                Self.line(
                    "", "answered", "after \(fixed(ResponseLatency.milliseconds(latency.total), 0)) ms = \(parts)"))
        case .note(_, .interrupted): say(Self.line("", "caller", "interrupts"))
        case .note(_, .incident(let kind, let detail)): say(Self.line("", "incident", "\(kind): \(detail)"))
        case .note(let position, .ended(let reason, _)): say(Self.line(time(position), "ended", reason))
        default: break
        }
    }

    static func line(_ time: String, _ who: String, _ what: String) -> String {
        "\(padded(time, 8, right: true))  \(padded(who, 13, right: false))  \(what)"
    }

    private func time(_ position: Int) -> String { "\(fixed(Double(position) / 8000, 1)) s" }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func padded(_ text: String, _ width: Int, right: Bool) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return right ? space + text : text + space
    }
}
