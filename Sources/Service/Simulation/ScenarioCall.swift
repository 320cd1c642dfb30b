import Agent
import CallSession
import Networking

/// What the service says of one scenario's call, while it is held and afterwards. Any thread.
final class ScenarioCall: Sendable {
    struct Record: Sendable {
        var tools: [ScenarioOutcome.Tool] = []
        var heard: [String] = []
        var endReason = ""
        var interruptions = 0
        var notUnderstood = 0
        var answeredBy: String?
        /// Keys that the agent pressed.
        var presses = ""
        var incidents: [String] = []
        var taken: [CallTimeline.Stretch] = []
        var abandoned: [Int] = []
        /// Since when the dialogue has the call end.
        var ending: Int?
        var summary: CallSummary?
        /// For people.
        var lines: [String] = []
    }

    private let record = Lock(Record())
    private let listener = Lock<(@Sendable (Hint) -> Void)?>(nil)
    private let ending: AsyncStream<Void>
    private let sink: AsyncStream<Void>.Continuation

    init() { (ending, sink) = AsyncStream.makeStream(of: Void.self) }

    /// What a caller would gather from the agent's words.
    enum Hint: Sendable {
        case asks(Expectation.Kind)
        case understood
    }

    /// Sets who is told.
    func onHint(_ listen: @escaping @Sendable (Hint) -> Void) { listener.withLock { $0 = listen } }

    func take(_ event: CallEvent) {
        let listen = listener.withLock(\.self)
        switch event {
        case .note(_, .expecting(let expectation)): listen?(.asks(expectation.kind))
        case .note(_, .understood(_, let understanding)) where understanding.intent != IntentClassifier.none:
            listen?(.understood)
        default: break
        }
        record.withLock { $0.take(event) }
        if case .finished = event { sink.finish() }
    }

    /// What is known so far.
    var soFar: Record { record.withLock(\.self) }

    /// Waits for the call's end, at most 10 s.
    func finished() async -> Record {
        let ending = ending
        await withTaskGroup { tasks in
            tasks.addTask { for await _ in ending {} }
            tasks.addTask { try? await Task.sleep(for: .seconds(10)) }
            await tasks.next()
            tasks.cancelAll()
        }
        return record.withLock(\.self)
    }
}

extension ScenarioCall.Record {
    fileprivate mutating func take(_ event: CallEvent) {
        switch event {
        case .note(_, .callerTurn(let turn)):
            taken.append(CallTimeline.Stretch(start: turn.started, end: turn.ended))
            ending = nil
            if turn.isOutOfTask { notUnderstood += 1 }
        case .note(_, .agentTurn(let turn)): heard.append(turn.heard)
        case .note(_, .toolFinished(_, let tool)):
            tools.append(ScenarioOutcome.Tool(name: tool.name, succeeded: !tool.failed))
        case .note(let position, .interrupted):
            interruptions += 1
            abandoned.append(position)
            ending = nil
        case .note(_, .incident(let kind, let detail)): incidents.append("\(kind): \(detail)")
        case .note(_, .answered(let verdict)): answeredBy = verdict.answerer.rawValue
        case .journal(_, let position, .replyHangsUp), .journal(_, let position, .replyTransfers):
            ending = ending ?? position
        case .decided(_, let actions):
            for case .press(let keys) in actions { presses += keys }
        case .note(_, .ended(let reason, _)): endReason = reason
        case .finished(let summary): self.summary = summary
        default: break
        }
        if let line = DemoPrinter.line(of: event) { lines.append(line) }
    }
}
