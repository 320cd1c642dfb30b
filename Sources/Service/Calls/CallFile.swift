package import Agent
package import CallSession
package import Foundation
package import Store

/// One call as rows: folds its events into what the store keeps. A value; the archive owns one per live call.
package struct CallFile: Sendable {
    /// The outcome of a call on which a machine took the message.
    static let messageLeft = "message_left"

    package private(set) var call: CallRecord
    private let actingTools: Set<String>
    private let clock: @Sendable () -> Date
    private var callerTurns: [Int: TurnRecord] = [:]
    /// How often the agent has spoken in each turn.
    private var agentParts: [Int: Int] = [:]
    /// How often an operator has, in each turn.
    private var operatorParts: [Int: Int] = [:]
    private var latencies: [Int: TurnLatency] = [:]
    private var tools: [String: ToolRecord] = [:]
    private var incidents = 0
    private let settings: ConversationSettings
    private let webhooks: WebhookRoster
    private let counters: AgentCounters
    private let cost: @Sendable (_ length: Duration) -> CallCost?
    private let isLeg: Bool
    private var faults = CallFaults()
    private var meter = InteractionMeter()
    private var ending = CallEnding()
    /// The newest input, which waits for what was decided.
    private var entry: JournalRecord?

    /// - Parameters:
    ///   - actingTools: names of the tools that change the world; the last one that succeeded is the call's outcome.
    ///   - settings: what the call's reducer begins with.
    ///   - webhooks: who is told of the call.
    ///   - counters: what its dialogue counts.
    ///   - cost: what it has used of others, when it ends.
    ///   - isLeg: whether it is a part of another call, which is counted instead.
    ///   - clock: wall time, for people.
    package init(
        call: CallRecord, actingTools: Set<String>, settings: ConversationSettings = ConversationSettings(),
        webhooks: WebhookRoster = WebhookRoster(), counters: AgentCounters = AgentCounters(),
        cost: @escaping @Sendable (_ length: Duration) -> CallCost? = { _ in nil }, isLeg: Bool = false,
        clock: @escaping @Sendable () -> Date
    ) {
        self.call = call
        self.call.recordingConsent = settings.recording.map {
            RecordingConsentRecord(
                mode: $0.consent.rawValue, state: RecordingConsent.State.pending.rawValue, position: 0)
        }
        self.settings = settings
        self.webhooks = webhooks
        self.counters = counters
        self.cost = cost
        self.isLeg = isLeg
        self.actingTools = actingTools
        self.clock = clock
    }

    /// The rows with which the call begins: itself, and entry 0 of its journal, the settings.
    package var opening: [StoreWrite] {
        let first = write(announcing: webhooks.callStarted(call))
        guard let payload = try? JSONEncoder().encode(settings) else { return [first] }
        let entry = JournalRecord(
            callID: call.id, sequence: 0, position: 0, kind: JournalRecord.settingsKind, payload: payload)
        return [first, .journal(entry)]
    }

    private func write(announcing drafts: [WebhookDraft]) -> StoreWrite {
        drafts.isEmpty ? .call(call) : .announcedCall(call, drafts)
    }

    /// The rows that `event` makes or changes.
    ///
    /// - Parameter decision: what is kept of the text of a decision.
    package mutating func fold(_ event: CallEvent, decision: (String) -> String = { $0 }) -> [StoreWrite] {
        switch event {
        case .journal(let sequence, let position, let event):
            var before = takeEntry()
            if case .person(.answered(let call)) = event { before += link(to: call) }
            meter.take(event, at: position)
            ending.take(event)
            guard let payload = try? JSONEncoder().encode(event) else { return before }
            entry = JournalRecord(
                callID: call.id, sequence: sequence, position: position, kind: Self.kind(of: payload), payload: payload)
            return before
        case .decided(let sequence, let actions):
            meter.take(actions)
            guard entry?.sequence == sequence else { return [] }
            guard !actions.isEmpty else {
                entry?.decisions = "[]"
                return takeEntry()
            }
            guard let text = try? JSONEncoder().encode(actions.map { decision($0.text) }) else {
                return []
            }
            entry?.decisions = String(decoding: text, as: UTF8.self)
            return takeEntry()
        case .note(let position, let note):
            faults.take(note)
            meter.take(note)
            ending.take(note)
            return fold(note, at: position)
        case .finished(let summary): return takeEntry() + finish(summary)
        }
    }

    /// The event's name, as ``ConversationEvent/name`` has it: the first key of its JSON, found without describing the event.
    static func kind(of payload: Data) -> String {
        let key = payload.drop { $0 != UInt8(ascii: "\"") }.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        return String(decoding: key, as: UTF8.self)
    }

    private mutating func takeEntry() -> [StoreWrite] {
        defer { entry = nil }
        return entry.map { [.journal($0)] } ?? []
    }

    /// A person was told about the caller on that call, which belongs to the caller's. The transfer's outcome says so only at its
    /// end, which this process may not live to see.
    private mutating func link(to personCall: String) -> [StoreWrite] {
        guard var record = tools.values.first(where: { $0.name == Conversation.transferAct }),
            case .object(var arguments)? = try? JSONValue(parsing: record.arguments)
        else { return [] }
        arguments["person_call"] = .string(personCall)
        record.arguments = JSONValue.object(arguments).text
        tools[record.invocationID] = record
        return [.tool(record)]
    }

    private mutating func fold(_ note: CallNote, at position: Int) -> [StoreWrite] {
        switch note {
        case .callerTurn(let turn):
            let record = TurnRecord(
                callID: call.id, number: turn.turn, speaker: .caller, started: turn.started, ended: turn.ended,
                text: turn.text, confidence: turn.confidence, intent: turn.isOutOfTask ? "none" : nil)
            callerTurns[turn.turn] = record
            call.counts.callerTurns += 1
            if turn.isOutOfTask { call.counts.notUnderstood += 1 }
            return [.turn(record)]
        case .callerWords(let turn):
            guard var record = callerTurns[turn.turn] else { return [] }
            record.text = turn.text
            record.confidence = turn.confidence
            callerTurns[turn.turn] = record
            return [.turn(record)]
        case .understood(let turn, let understanding):
            guard var record = callerTurns[turn] else { return [] }
            record.intent = understanding.intent
            record.entities = understanding.entities
            callerTurns[turn] = record
            return [.turn(record)]
        case .agentTurn(let turn):
            call.counts.agentTurns += 1
            let part = agentParts[turn.turn, default: 0]
            agentParts[turn.turn] = part + 1
            return [
                .turn(
                    TurnRecord(
                        callID: call.id, number: turn.turn, speaker: .agent, part: part, started: turn.started,
                        ended: turn.ended,
                        text: turn.planned, heard: turn.heard, interrupted: turn.wasInterrupted,
                        latency: latencies.removeValue(forKey: turn.turn)))
            ]
        case .operatorTurn(let turn):
            let part = operatorParts[turn.turn, default: 0]
            operatorParts[turn.turn] = part + 1
            return [
                .turn(
                    TurnRecord(
                        callID: call.id, number: turn.turn, speaker: .operator, part: part,
                        started: turn.words.started, ended: turn.words.ended, text: turn.words.text,
                        confidence: turn.words.confidence))
            ]
        case .latency(let latency):
            latencies[latency.turn] = TurnLatency(latency)
            return []
        case .toolStarted(let turn, let tool):
            let record = ToolRecord(
                callID: call.id, turn: turn, invocationID: tool.id, name: tool.name, arguments: tool.arguments,
                started: position)
            tools[tool.id] = record
            call.counts.toolCalls += 1
            guard tool.name == Conversation.transferAct else { return [.tool(record)] }
            let drafts = webhooks.transferStarted(callID: call.id, act: tool.id, at: clock())
            return [.tool(record)] + (drafts.isEmpty ? [] : [write(announcing: drafts)])
        case .toolFinished(_, let tool):
            guard var record = tools.removeValue(forKey: tool.id) else { return [] }
            record.outcome = tool.outcome
            record.succeeded = !tool.failed
            record.finished = position
            if !tool.failed, actingTools.contains(tool.name) { call.outcome = tool.name }
            return [.tool(record)]
        case .incident(let kind, let detail):
            return [
                .incident(
                    IncidentRecord(callID: call.id, happenedAt: clock(), position: position, kind: kind, detail: detail)
                )
            ]
        case .interrupted:
            call.counts.interruptions += 1
            return []
        case .answered(let verdict):
            call.answerer = verdict.answerer.rawValue
            return [.call(call)]
        case .messageLeft:
            call.outcome = Self.messageLeft
            return [.call(call)]
        case .consent(let consent):
            call.recordingConsent?.state = consent.state.rawValue
            call.recordingConsent?.position = consent.position
            call.recordingConsent?.evidence = consent.evidence?.rawValue
            return [.call(call)]
        case .expecting, .speculated, .transferred: return []
        case .ended(let reason, let samples):
            call.endReason = reason
            call.duration = samples
            call.endedAt = clock()
            return [.call(call)]
        }
    }

    private mutating func finish(_ summary: CallSummary) -> [StoreWrite] {
        call.endReason = summary.reason
        call.duration = summary.samples
        call.endedAt = call.endedAt ?? clock()
        faults.take(counters)
        call.faults = faults.stored
        if !isLeg {
            let interaction = meter.counts(of: summary.samples)
            call.interaction = interaction
            call.resolution = ending.resolution(
                reason: summary.reason, isPlaced: call.direction == .outbound, answerer: call.answerer,
                answered: interaction.answered)
        }
        call.cost = cost(.microseconds(summary.samples * 125))
        var writes: [StoreWrite] = []
        if let recording = summary.recording {
            if let fault = recording.fault {
                writes.append(
                    .incident(
                        IncidentRecord(
                            callID: call.id, happenedAt: clock(), position: summary.samples, kind: "recording",
                            detail: fault)))
            }
            if let path = recording.path {
                call.recordingPath = path
                writes.append(
                    .recording(
                        RecordingRecord(
                            callID: call.id, path: path, format: recording.format.rawValue,
                            callerSamples: recording.samples,
                            agentSamples: recording.samples, sha256: recording.sha256,
                            redactions: recording.redactions.isEmpty
                                ? nil
                                : recording.redactions.map {
                                    RedactionRecord(from: $0.from, to: $0.to, reason: $0.reason.rawValue)
                                })))
            }
        }
        writes.append(write(announcing: webhooks.callEnded(call)))
        return writes
    }
}

extension TurnLatency {
    /// From samples at 8 kHz to microseconds.
    init(_ latency: ResponseLatency) {
        self.init(
            endOfTurnWait: latency.endOfTurnWait * 125, recognition: latency.recognition * 125,
            understanding: latency.reply * 125, synthesis: latency.synthesis * 125, own: latency.own * 125,
            total: latency.total * 125)
    }
}

extension ConversationEvent {
    /// The event's name in the journal: its case.
    package var name: String {
        let text = "\(self)"
        return String(text.prefix { $0 != "(" })
    }
}
