import Agent
import CallSession
import Foundation
import Store

/// One call as spans: folds its events, as its file does, into call → turn → stage. A value; the archive owns one for each
/// call that is traced.
///
/// A span says when, how long and of what kind. It holds nothing that was said, no number, and no argument of a tool.
struct CallTrace: Sendable {
    private struct Turn {
        var start: Int
        var end: Int
        var attributes: [String: TraceSpan.Value]
    }

    private struct RunningTool {
        let turn: Int
        let name: String
        let start: Int
    }

    /// What is kept of one call: a call that goes wrong all the time must not fill the memory.
    private static let mostEvents = 64
    private static let mostPending = 64
    /// Turns that are open at a time. What ends a turn comes when the next one has begun already: the agent was interrupted,
    /// and the carrier says only then how much was heard.
    private static let mostOpen = 3

    let identity: TraceIdentity
    private let callID: String
    private let startedAt: Date
    private let models: [String: ModelIdentity]
    private let toolNames: Set<String>
    /// The turns that are open, by their numbers.
    private var turns: [Int: Turn] = [:]
    /// The turns that have a span, sent or to be sent.
    private var known: Set<Int> = []
    private var pending: [ModelCall] = []
    private var modelCalls = 0
    private var parts = 0
    private var tools: [String: RunningTool] = [:]
    private var events: [TraceSpan.Event] = []
    private var droppedEvents = 0

    /// - Parameters:
    ///   - models: who answers behind the names of providers.
    ///   - tools: the names of those that there are. A model may ask for one by whatever words, or numbers, it has made up.
    init(_ call: CallRecord, models: [String: ModelIdentity], tools: Set<String>) {
        identity = TraceIdentity(callID: call.id)
        callID = call.id
        startedAt = call.startedAt
        self.models = models
        toolNames = tools
    }

    /// The spans that `event` ends.
    ///
    /// - Parameter call: as its file has it by now.
    mutating func fold(_ event: CallEvent, of call: CallRecord) -> [TraceSpan] {
        switch event {
        case .note(let position, let note): fold(note, at: position)
        case .finished(let summary): finish(call, samples: summary.samples)
        case .journal, .decided: []
        }
    }

    /// A model has answered. To which turn it belongs is known later: answers are also asked for before a turn is over.
    mutating func fold(_ call: ModelCall) -> [TraceSpan] {
        guard pending.count < Self.mostPending else { return [span(of: call, below: parent(owner(of: call)))] }
        pending.append(call)
        return []
    }

    private mutating func fold(_ note: CallNote, at position: Int) -> [TraceSpan] {
        switch note {
        case .callerTurn(let record):
            var attributes: [String: TraceSpan.Value] = [
                "parley.turn.speech_ms": .integer(max(record.ended - record.started, 0) / 8)
            ]
            if !record.text.isEmpty {
                attributes["parley.turn.confidence"] = .number(record.confidence)
                attributes["parley.turn.out_of_task"] = .boolean(record.isOutOfTask)
            }
            return learn(of: record.turn, from: record.started, to: record.ended, attributes)
        case .callerWords(let record):
            return learn(
                of: record.turn, from: record.started, to: record.ended,
                ["parley.turn.confidence": .number(record.confidence)])
        case .understood(let number, let understanding):
            return learn(
                of: number, from: position, to: position,
                ["parley.turn.intent": .text(Self.name(understanding.intent))])
        case .interrupted(let number):
            return learn(of: number, from: position, to: position, ["parley.turn.interrupted": .boolean(true)])
        case .latency(let latency):
            let closed = learn(of: latency.turn, from: position - latency.total, to: position)
            return closed + stages(latency, sentAt: position)
        case .agentTurn(let record):
            let closed = learn(of: record.turn, from: record.started, to: record.ended)
            parts += 1
            var attributes: [String: TraceSpan.Value] = ["parley.speech.characters": .integer(record.planned.count)]
            attributes["parley.speech.heard_characters"] = .integer(record.heard.count)
            attributes["parley.speech.interrupted"] = .boolean(record.wasInterrupted)
            return closed + [
                make(
                    "playout", id: "playout/\(parts)", below: parent(record.turn), from: record.started,
                    to: record.ended, attributes)
            ]
        case .toolStarted(let number, let tool):
            let name = toolNames.contains(tool.name) ? tool.name : "_OTHER"
            tools[tool.id] = RunningTool(turn: number, name: name, start: position)
            return learn(of: number, from: position, to: position)
        case .toolFinished(_, let tool):
            guard let running = tools.removeValue(forKey: tool.id) else { return [] }
            let closed = learn(of: running.turn, from: running.start, to: position)
            return closed + [span(of: running, id: tool.id, until: position, error: tool.failed ? "tool_failed" : nil)]
        case .incident(let kind, _):
            add("incident", ["parley.incident.kind": .text(Self.name(kind))], at: position)
            return []
        case .answered(let verdict):
            add("answered", ["parley.answerer": .text(verdict.answerer.rawValue)], at: position)
            return []
        case .transferred(let outcome):
            add("transfer", ["parley.transfer.outcome": .text(outcome.rawValue)], at: position)
            return []
        case .operatorTurn, .expecting, .messageLeft, .consent, .speculated, .ended: return []
        }
    }

    // MARK: Turns

    /// Takes what a note tells of a turn, which begins with the first note that names it. Notes come in the order in which
    /// things become certain: a greeting that is interrupted, or that answers a "Hello?", is told of after the turn that
    /// followed it, and keys that are pressed are a turn without a caller's words.
    ///
    /// - Returns: the spans of a turn that no longer waits for more.
    private mutating func learn(
        of number: Int, from start: Int, to end: Int, _ attributes: [String: TraceSpan.Value] = [:]
    ) -> [TraceSpan] {
        if known.insert(number).inserted {
            turns[number] = Turn(
                start: start, end: max(start, end), attributes: ["parley.turn.number": .integer(number)])
        }
        // One whose span is on its way already learns nothing more.
        guard var turn = turns[number] else { return [] }
        turn.start = min(turn.start, start)
        turn.end = max(turn.end, end)
        turn.attributes.merge(attributes) { $1 }
        turns[number] = turn
        guard turns.count > Self.mostOpen, let oldest = turns.keys.min() else { return [] }
        return close(oldest)
    }

    /// Ends the turn, with the model's answers that were asked for in it.
    private mutating func close(_ number: Int) -> [TraceSpan] {
        guard let turn = turns[number] else { return [] }
        var (spans, others, end) = ([TraceSpan](), [ModelCall](), time(turn.end))
        for call in pending {
            let owner = owner(of: call)
            if owner == number {
                end = max(end, call.end)
                spans.append(span(of: call, below: turnID(number)))
            } else if owner == nil {
                // Asked for before any turn that is still open.
                spans.append(span(of: call, below: identity.root))
            } else {
                others.append(call)
            }
        }
        pending = others
        turns[number] = nil
        spans.append(
            TraceSpan(
                name: "turn", traceID: identity.traceID, id: turnID(number), parent: identity.root,
                start: time(turn.start), end: end, attributes: turn.attributes))
        return spans
    }

    /// The turn that had begun last when the answer was asked for.
    private func owner(of call: ModelCall) -> Int? {
        turns.filter { time($0.value.start) <= call.start }
            .max { ($0.value.start, $0.key) < ($1.value.start, $1.key) }?.key
    }

    private func turnID(_ number: Int) -> String { identity.span("turn/\(number)") }

    /// The turn's span where there is one, sent or to be sent; otherwise the call's.
    private func parent(_ number: Int?) -> String {
        guard let number, known.contains(number) else { return identity.root }
        return turnID(number)
    }

    /// The parts of a response, one after the other, which add up to the whole of it.
    private func stages(_ latency: ResponseLatency, sentAt position: Int) -> [TraceSpan] {
        var from = position - latency.total
        return [
            ("end_of_turn", latency.endOfTurnWait), ("recognition", latency.recognition), ("reply", latency.reply),
            ("synthesis", latency.synthesis), ("first_audio", latency.own),
        ].map { name, samples in
            defer { from += samples }
            return make(
                name, id: "turn/\(latency.turn)/\(name)", below: parent(latency.turn), from: from, to: from + samples)
        }
    }

    // MARK: The end

    private mutating func finish(_ call: CallRecord, samples: Int) -> [TraceSpan] {
        var spans: [TraceSpan] = []
        for (id, tool) in tools.sorted(by: { $0.key < $1.key }) {
            spans += learn(of: tool.turn, from: tool.start, to: samples)
            spans.append(span(of: tool, id: id, until: samples, error: "unfinished"))
        }
        tools = [:]
        for number in turns.keys.sorted() { spans += close(number) }
        let unowned = pending
        pending = []
        for call in unowned { spans.append(span(of: call, below: identity.root)) }
        var attributes: [String: TraceSpan.Value] = [
            "gen_ai.operation.name": .text("invoke_agent"), "gen_ai.provider.name": .text("parley"),
            "gen_ai.conversation.id": .text(call.id), "gen_ai.agent.name": .text(call.agent),
            "gen_ai.agent.version": .text(call.agentVersion), "parley.carrier": .text(call.carrier),
            "parley.direction": .text(call.direction.rawValue),
            "parley.turns": .integer(call.counts.callerTurns),
            "parley.turns.not_understood": .integer(call.counts.notUnderstood),
            "parley.interruptions": .integer(call.counts.interruptions),
            "parley.tool_calls": .integer(call.counts.toolCalls),
        ]
        attributes["parley.outcome"] = call.outcome.map { .text(Self.name($0)) }
        attributes["parley.answerer"] = call.answerer.map { .text($0) }
        spans.append(
            TraceSpan(
                name: "call", kind: call.direction == .inbound ? .server : .client, traceID: identity.traceID,
                id: identity.root, start: startedAt, end: max(time(samples), spans.map(\.end).max() ?? startedAt),
                attributes: attributes, events: events, droppedEvents: droppedEvents))
        return spans
    }

    private mutating func add(_ name: String, _ attributes: [String: TraceSpan.Value], at position: Int) {
        guard events.count < Self.mostEvents else { return droppedEvents += 1 }
        events.append(TraceSpan.Event(name: name, at: time(position), attributes: attributes))
    }

    // MARK: Spans

    private func time(_ position: Int) -> Date { startedAt + Double(position) / 8000 }

    private func make(
        _ name: String, id: String, below parent: String, from start: Int, to end: Int,
        _ attributes: [String: TraceSpan.Value] = [:]
    ) -> TraceSpan {
        TraceSpan(
            name: name, traceID: identity.traceID, id: identity.span(id), parent: parent, start: time(start),
            end: time(max(start, end)), attributes: attributes)
    }

    private func span(of tool: RunningTool, id: String, until end: Int, error: String?) -> TraceSpan {
        var span = make(
            "execute_tool \(tool.name)", id: "tool/\(id)", below: parent(tool.turn), from: tool.start, to: end,
            [
                "gen_ai.operation.name": .text("execute_tool"), "gen_ai.tool.name": .text(tool.name),
                "gen_ai.tool.type": .text("function"),
            ])
        Self.fail(&span, error)
        return span
    }

    private mutating func span(of call: ModelCall, below parent: String) -> TraceSpan {
        modelCalls += 1
        return Self.span(
            of: call, id: identity.span("model/\(modelCalls)"), below: parent, in: identity, callID: callID,
            by: models[call.provider])
    }

    /// The span of an answer whose call is over, and with it what is kept of the call: the caller hung up while the model
    /// worked. It stands below the call.
    ///
    /// - Parameter callID: of the call that it was asked for on.
    static func late(_ call: ModelCall, callID: String, models: [String: ModelIdentity]) -> TraceSpan {
        let identity = TraceIdentity(callID: callID)
        let name = "model/late/\(call.provider)/\(call.start.timeIntervalSince1970)"
        return span(
            of: call, id: identity.span(name), below: identity.root, in: identity, callID: callID,
            by: models[call.provider])
    }

    /// - Parameter vendor: who answers behind the provider's name.
    private static func span(
        of call: ModelCall, id: String, below parent: String, in trace: TraceIdentity, callID: String,
        by vendor: ModelIdentity?
    ) -> TraceSpan {
        var attributes: [String: TraceSpan.Value] = [
            "gen_ai.operation.name": .text("chat"), "gen_ai.provider.name": .text(vendor?.vendor ?? "_OTHER"),
            "gen_ai.request.max_tokens": .integer(call.maxTokens), "gen_ai.output.type": .text("text"),
            "gen_ai.conversation.id": .text(callID), "parley.provider": .text(call.provider),
        ]
        let model = call.model ?? vendor?.model
        attributes["gen_ai.request.model"] = model.map { .text($0) }
        attributes["gen_ai.request.temperature"] = call.temperature.map { .number($0) }
        attributes["server.address"] = vendor?.host.map { .text($0) }
        attributes["server.port"] = vendor?.port.map { .integer($0) }
        attributes["gen_ai.response.finish_reasons"] = call.finish.map { .texts([$0.conventional]) }
        attributes["gen_ai.usage.input_tokens"] = call.usage.map { .integer($0.promptTokens) }
        attributes["gen_ai.usage.output_tokens"] = call.usage.map { .integer($0.completionTokens) }
        attributes["gen_ai.usage.cache_read.input_tokens"] = call.usage.map { .integer($0.cachedTokens) }
        attributes["gen_ai.response.time_to_first_chunk"] = call.firstPiece.map {
            .number($0.timeIntervalSince(call.start))
        }
        var span = TraceSpan(
            name: model.map { "chat \($0)" } ?? "chat", kind: .client, traceID: trace.traceID, id: id,
            parent: parent, start: call.start,
            end: max(call.start, call.end), attributes: attributes)
        fail(&span, call.error)
        return span
    }

    private static func fail(_ span: inout TraceSpan, _ error: String?) {
        guard let error else { return }
        span.attributes["error.type"] = .text(error)
        span.hasFailed = true
    }

    /// A name as programs give them.
    private static func name(_ text: String) -> String {
        let isName =
            text.utf8.count <= 64
            && text.utf8.allSatisfy {
                UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "z") || UInt8(ascii: "A") <= $0 && $0 <= UInt8(ascii: "Z")
                    || "0123456789_-.".utf8.contains($0)
            }
        return isName && text.contains(where: \.isLetter) ? text : "_OTHER"
    }
}
