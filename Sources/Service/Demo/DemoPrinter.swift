import Agent
import CallSession

/// A call in words, as it happens.
struct DemoPrinter: Sendable {
    let say: @Sendable (String) -> Void

    func show(_ event: CallEvent) {
        if let line = Self.line(of: event) { say(line) }
    }

    /// What people are told of an event; nil of most.
    static func line(of event: CallEvent) -> String? {
        switch event {
        case .journal(_, let position, .replySaid(_, let text)): line(time(position), "agent", text)
        case .note(let position, .callerTurn(let turn)), .note(let position, .callerWords(let turn)):
            turn.text.isEmpty && !turn.isOutOfTask
                ? nil
                : line(
                    time(position), "heard",
                    "\(turn.isOutOfTask ? "(not understood) \(turn.text)" : "\"\(turn.text)\"")  confidence \(fixed(turn.confidence, 2))"
                )
        case .note(_, .understood(_, let understanding)):
            line("", "understood", words(of: understanding))
        case .note(_, .toolFinished(_, let tool)):
            line("", tool.failed ? "tool failed" : "tool", "\(tool.name) \(tool.arguments) → \(tool.outcome)")
        case .note(_, .latency(let latency)): line("", "answered", "after \(parts(of: latency))")
        case .note(let position, .answered(let verdict)):
            line(time(position), "answered by", "\(verdict.answerer.rawValue), by \(verdict.evidence.rawValue)")
        case .note(_, .interrupted): line("", "caller", "interrupts")
        case .note(_, .incident(let kind, let detail)): line("", "incident", "\(kind): \(detail)")
        case .note(let position, .ended(let reason, _)): line(time(position), "ended", reason)
        default: nil
        }
    }

    static func words(of understanding: Understanding) -> String {
        understanding.intent
            + understanding.entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    }

    /// The time to an answer and where it went: `351 ms = wait 261.0 + …`.
    static func parts(of latency: ResponseLatency) -> String {
        let parts = [
            ("wait", latency.endOfTurnWait), ("recognition", latency.recognition), ("reply", latency.reply),
            ("synthesis", latency.synthesis), ("own", latency.own),
        ].map { "\($0.0) \(fixed(ResponseLatency.milliseconds($0.1), 1))" }.joined(separator: " + ")
        return "\(fixed(ResponseLatency.milliseconds(latency.total), 0)) ms = \(parts)"
    }

    static func line(_ time: String, _ who: String, _ what: String) -> String {
        "\(padded(time, 8, right: true))  \(padded(who, 13, right: false))  \(what)"
    }

    static func time(_ position: Int) -> String { "\(fixed(Double(position) / 8000, 1)) s" }

    static func fixed(_ value: Double, _ digits: Int) -> String {
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
