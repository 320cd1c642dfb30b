import Foundation
import Speech
import Store
import Testing

@testable import CallSession
@testable import Service

@Suite("The file of a call")
struct CallFileTests {
    private func file(isLeg: Bool = false) -> CallFile {
        CallFile(
            call: CallRecord(
                id: "c1", carrier: "twilio", carrierCallID: "CA1", direction: .inbound, from: "", to: "", agent: "a",
                agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)), actingTools: ["book"],
            isLeg: isLeg, clock: { Date(timeIntervalSince1970: 1) })
    }

    private func agentTurn(_ turn: Int, _ text: String) -> CallEvent {
        .note(
            position: 0,
            .agentTurn(
                AgentTurnRecord(turn: turn, planned: text, heard: text, wasInterrupted: false, started: 0, ended: 1)))
    }

    @Test(
        "an event's name in the journal is the one it calls itself",
        arguments: [
            .mediaStarted, .voiceStarted(onset: 8), .interim(UtteranceID(1), text: "\"so\": {"), .timer(.endOfTurn),
            .synthesized(SegmentID(generation: 1, index: 0), samples: 160), .hungUp(reason: "caller hung up"),
        ] as [ConversationEvent])
    func names(event: ConversationEvent) {
        var file = file()
        let rows = file.fold(.journal(sequence: 1, position: 0, event)) + file.fold(.decided(sequence: 1, []))
        guard case .journal(let record)? = rows.last else {
            Issue.record("there is no journal entry")
            return
        }
        #expect(record.kind == event.name)
        #expect(record.decisions == "[]")
    }

    @Test(
        "a person's call is known as a part of the caller's as soon as they answer, and stays so whatever comes of it")
    func personCall() {
        var file = file()
        let act = ToolCall(id: "transfer-1", name: Conversation.transferAct, arguments: #"{"reason":"asked"}"#)
        var done = act
        (done.outcome, done.failed) = (#"{"outcome":"declined"}"#, true)
        let events: [CallEvent] = [
            .note(position: 0, .toolStarted(turn: 1, act)),
            .journal(sequence: 1, position: 800, .person(.answered(call: "p1"))),
            .note(position: 900, .toolFinished(turn: 1, done)),
        ]
        let rows = events.flatMap { file.fold($0) }
        let acts = rows.compactMap { if case .tool(let record) = $0 { record } else { nil } }
        let linked = #"{"person_call":"p1","reason":"asked"}"#
        #expect(acts.map(\.arguments) == [act.arguments, linked, linked])
        #expect(acts.map(\.outcome) == [nil, nil, done.outcome])
    }

    @Test("the agent's turns are numbered by the turn they answer, and what it says more than once in a turn by part")
    func turns() {
        var file = file()
        let rows = [agentTurn(0, "Hello."), agentTurn(1, "Yes?"), agentTurn(1, "Are you there?"), agentTurn(2, "Bye.")]
            .flatMap { file.fold($0) }
        let keys = rows.compactMap { if case .turn(let turn) = $0 { [turn.number, turn.part] } else { nil } }
        #expect(keys == [[0, 0], [1, 0], [1, 1], [2, 0]])
        #expect(file.call.counts.agentTurns == 4)
    }

    @Test("what an operator says belongs to the turn before it, and is no turn of the agent")
    func operatorTurns() {
        var file = file()
        let words = OperatorWords(text: "this is anna", confidence: 0.8, started: 100, ended: 900)
        let notes = [(1, words), (1, words), (2, words)].map {
            CallEvent.note(position: 0, .operatorTurn(OperatorTurnRecord(turn: $0.0, words: $0.1)))
        }
        let rows = notes.flatMap { file.fold($0) }.compactMap { if case .turn(let turn) = $0 { turn } else { nil } }
        #expect(rows.map { [$0.number, $0.part] } == [[1, 0], [1, 1], [2, 0]])
        #expect(rows.allSatisfy { $0.speaker == .operator && $0.text == "this is anna" && $0.confidence == 0.8 })
        #expect(rows.map(\.ended) == [900, 900, 900])
        #expect(file.call.counts == CallCounts())
    }

    @Test("the time to answer goes with the first thing that was said in that turn")
    func latency() {
        var file = file()
        let latency = ResponseLatency(turn: 1, endOfTurnWait: 8, recognition: 0, reply: 0, synthesis: 0, own: 0)
        #expect(file.fold(.note(position: 0, .latency(latency))).isEmpty)
        let rows = [agentTurn(1, "Yes?"), agentTurn(1, "Are you there?")].flatMap { file.fold($0) }
        let totals = rows.map { row -> Int? in if case .turn(let turn) = row { turn.latency?.total } else { nil } }
        #expect(totals == [1000, nil])
    }

    @Test("a call that is a part of another one has no resolution of its own", arguments: [false, true])
    func legs(isLeg: Bool) {
        var file = file(isLeg: isLeg)
        _ = file.fold(
            .finished(CallSummary(reason: "failed", samples: 9000, recording: nil, underruns: 0, echoes: 0)))
        #expect(file.call.resolution == (isLeg ? nil : .failed) && (file.call.interaction == nil) == isLeg)
        #expect(file.call.endReason == "failed" && file.call.endedAt != nil)
    }

    @Test("a recording that broke off is kept with what there is of it, and one that was never made is not")
    func brokenRecording() {
        func rows(_ path: String?) -> (CallRecord, [RecordingRecord], [IncidentRecord]) {
            var file = file()
            let recording = RecordingSummary(path: path, samples: 4000, fault: "write: File too large")
            let rows = file.fold(
                .finished(
                    CallSummary(
                        reason: "caller hung up", samples: 9000, recording: recording, underruns: 0, echoes: 0)))
            return (
                file.call, rows.compactMap { if case .recording(let record) = $0 { record } else { nil } },
                rows.compactMap { if case .incident(let incident) = $0 { incident } else { nil } }
            )
        }
        let (call, kept, incidents) = rows("r/c1.wav")
        #expect(call.recordingPath == "r/c1.wav")
        #expect(kept.map(\.callerSamples) == [4000] && kept.map(\.path) == ["r/c1.wav"])
        #expect(incidents.map(\.detail) == ["write: File too large"])
        let (without, none, others) = rows(nil)
        #expect(without.recordingPath == nil && none.isEmpty && others.count == 1)
    }

    @Test(
        "the journal begins with the settings, and each input is kept with what was decided, or without when that is lost"
    )
    func journal() {
        var file = file()
        let opening = file.opening.compactMap { if case .journal(let entry) = $0 { entry } else { nil } }
        #expect(opening.map(\.sequence) == [0])
        #expect(opening.map(\.kind) == ["settings"])

        let events: [CallEvent] = [
            .journal(sequence: 1, position: 0, .mediaStarted), .decided(sequence: 1, [.hangUp(reason: "done")]),
            .journal(sequence: 2, position: 8, .drain), .journal(sequence: 3, position: 9, .livenessLost),
            .decided(sequence: 3, []),
        ]
        let entries = events.flatMap { file.fold($0) }.compactMap {
            if case .journal(let entry) = $0 { entry } else { nil }
        }
        #expect(entries.map(\.sequence) == [1, 2, 3])
        #expect(entries.map(\.decisions) == [#"["hang up: done"]"#, nil, "[]"])
    }
}
