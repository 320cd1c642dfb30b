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
        let number: Int
        let start: Int
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

    let identity: TraceIdentity
    private let callID: String
    private let startedAt: Date
    private let models: [String: ModelIdentity]
    private var turn: Turn?
    private var lastTurn = -1
    private var pending: [ModelCall] = []
    private var modelCalls = 0
    private var parts = 0
    private var tools: [String: RunningTool] = [:]
    private var events: [TraceSpan.Event] = []
    private var droppedEvents = 0

    /// - Parameter models: who answers behind the names of providers.
    init(_ call: CallRecord, models: [String: ModelIdentity]) {
        identity = TraceIdentity(callID: call.id)
        callID = call.id
        startedAt = call.startedAt
        self.models = models
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

    /// A model has answered. To which turn it belongs is known when the next one begins: answers are also asked for before
    /// a turn is over.
    mutating func fold(_ call: ModelCall) -> [TraceSpan] {
        guard pending.count < Self.mostPending else { return [span(of: call, below: parent(turn?.number))] }
        pending.append(call)
        return []
    }

    private mutating func fold(_ note: CallNote, at position: Int) -> [TraceSpan] {
        switch note {
        case .callerTurn(let record):
            let closed = close(before: record.started)
            var attributes: [String: TraceSpan.Value] = [
                "parley.turn.number": .integer(record.turn),
                "parley.turn.speech_ms": .integer(max(record.ended - record.started, 0) / 8),
            ]
            if !record.text.isEmpty {
                attributes["parley.turn.confidence"] = .number(record.confidence)
                attributes["parley.turn.out_of_task"] = .boolean(record.isOutOfTask)
            }
            open(Turn(number: record.turn, start: record.started, end: record.ended, attributes: attributes))
            return closed
        case .callerWords(let record):
            set("parley.turn.confidence", .number(record.confidence), of: record.turn)
            return []
        case .understood(let number, let understanding):
            set("parley.turn.intent", .text(Self.name(understanding.intent)), of: number)
            return []
        case .interrupted(let number):
            set("parley.turn.interrupted", .boolean(true), of: number)
            return []
        case .latency(let latency): return stages(latency, sentAt: position)
        case .agentTurn(let record):
            if turn?.number != record.turn, record.turn > lastTurn {
                open(
                    Turn(
                        number: record.turn, start: record.started, end: record.ended,
                        attributes: ["parley.turn.number": .integer(record.turn)]))
            }
            extend(record.turn, to: record.ended)
            parts += 1
            var attributes: [String: TraceSpan.Value] = ["parley.speech.characters": .integer(record.planned.count)]
            attributes["parley.speech.heard_characters"] = .integer(record.heard.count)
            attributes["parley.speech.interrupted"] = .boolean(record.wasInterrupted)
            return [
                make(
                    "playout", id: "playout/\(parts)", below: parent(record.turn), from: record.started,
                    to: record.ended, attributes)
            ]
        case .toolStarted(let number, let tool):
            tools[tool.id] = RunningTool(turn: number, name: Self.name(tool.name), start: position)
            return []
        case .toolFinished(_, let tool):
            guard let running = tools.removeValue(forKey: tool.id) else { return [] }
            return [span(of: running, id: tool.id, until: position, error: tool.failed ? "tool_failed" : nil)]
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

    private mutating func open(_ turn: Turn) {
        self.turn = turn
        lastTurn = max(lastTurn, turn.number)
    }

    private mutating func set(_ name: String, _ value: TraceSpan.Value, of number: Int) {
        if turn?.number == number { turn?.attributes[name] = value }
    }

    private mutating func extend(_ number: Int, to end: Int) {
        if let turn, turn.number == number { self.turn?.end = max(turn.end, end) }
    }

    /// Ends the turn, with the model's answers that were asked for in it: before `position`, where the next one began; nil is
    /// the end of the call.
    private mutating func close(before position: Int?) -> [TraceSpan] {
        let border = position.map(time) ?? .distantFuture
        let own = pending.filter { $0.start < border }
        pending.removeAll { $0.start < border }
        let parent = parent(turn?.number)
        var spans = own.map { span(of: $0, below: parent) }
        guard let turn else { return spans }
        self.turn = nil
        let end = own.map(\.end).max().map { max($0, time(turn.end)) } ?? time(turn.end)
        spans.append(
            TraceSpan(
                name: "turn", traceID: identity.traceID, id: turnID(turn.number), parent: identity.root,
                start: time(turn.start), end: end, attributes: turn.attributes))
        return spans
    }

    private func turnID(_ number: Int) -> String { identity.span("turn/\(number)") }

    /// The turn's span where there is one, now or before; otherwise the call's.
    private func parent(_ number: Int?) -> String {
        number.map { $0 <= lastTurn ? turnID($0) : identity.root } ?? identity.root
    }

    /// The parts of a response, one after the other, which add up to the whole of it.
    private mutating func stages(_ latency: ResponseLatency, sentAt position: Int) -> [TraceSpan] {
        extend(latency.turn, to: position)
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
        var spans = tools.sorted { $0.key < $1.key }.map {
            span(of: $0.value, id: $0.key, until: samples, error: "unfinished")
        }
        tools = [:]
        spans += close(before: nil)
        var attributes: [String: TraceSpan.Value] = [
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
        fail(&span, error)
        return span
    }

    private mutating func span(of call: ModelCall, below parent: String) -> TraceSpan {
        modelCalls += 1
        let identity = models[call.provider]
        var attributes: [String: TraceSpan.Value] = [
            "gen_ai.operation.name": .text("chat"), "gen_ai.provider.name": .text(identity?.vendor ?? "_OTHER"),
            "gen_ai.request.max_tokens": .integer(call.maxTokens), "gen_ai.output.type": .text("text"),
            "gen_ai.conversation.id": .text(callID), "parley.provider": .text(call.provider),
        ]
        let model = call.model ?? identity?.model
        attributes["gen_ai.request.model"] = model.map { .text($0) }
        attributes["gen_ai.request.temperature"] = call.temperature.map { .number($0) }
        attributes["server.address"] = identity?.host.map { .text($0) }
        attributes["server.port"] = identity?.port.map { .integer($0) }
        attributes["gen_ai.response.finish_reasons"] = call.finish.map { .texts([$0.conventional]) }
        attributes["gen_ai.usage.input_tokens"] = call.usage.map { .integer($0.promptTokens) }
        attributes["gen_ai.usage.output_tokens"] = call.usage.map { .integer($0.completionTokens) }
        attributes["gen_ai.usage.cache_read.input_tokens"] = call.usage.map { .integer($0.cachedTokens) }
        attributes["gen_ai.response.time_to_first_chunk"] = call.firstPiece.map {
            .number($0.timeIntervalSince(call.start))
        }
        var span = TraceSpan(
            name: model.map { "chat \($0)" } ?? "chat", kind: .client, traceID: self.identity.traceID,
            id: self.identity.span("model/\(modelCalls)"), parent: parent, start: call.start,
            end: max(call.start, call.end), attributes: attributes)
        fail(&span, call.error)
        return span
    }

    private func fail(_ span: inout TraceSpan, _ error: String?) {
        guard let error else { return }
        span.attributes["error.type"] = .text(error)
        span.hasFailed = true
    }

    /// A name as programs give them. A model may ask for a tool by whatever words it has made up.
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
