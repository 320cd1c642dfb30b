import CallSession
import Foundation
import Speech
import Store
import Testing

@testable import Service

@Suite("A call as people watch it")
struct LiveCallTests {
    private static let fresh = LiveCall(
        CallRecord(
            id: "c1", carrier: "twilio", direction: .inbound, from: "", to: "", agent: "receptionist",
            agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)))

    @Test("its states follow the call from the greeting to the goodbye")
    func states() {
        var call = Self.fresh
        let script: [(ConversationEvent, LiveCall.State)] = [
            (.mediaStarted, .agentThinks),
            (.replySaid(generation: 1, text: "Good day."), .agentThinks),
            (.playoutStarted(generation: 1), .agentSpeaks),
            (.playoutDrained(generation: 1, heard: 100), .callerToSpeak),
            (.voiceStarted(onset: 200), .callerSpeaks),
            (.voiceStopped(lastVoiced: 900), .callerSpeaks),
            (.timer(.endOfTurn), .agentThinks),
            (.transcript(Transcript(utterance: UtteranceID(1), text: "book", confidence: 1)), .agentThinks),
            (.toolStarted(generation: 2, ToolCall(id: "t", name: "calendar_find", arguments: "{}")), .toolRuns),
            (.toolFinished(generation: 2, ToolCall(id: "t", name: "calendar_find", arguments: "{}")), .agentThinks),
            (.playoutStarted(generation: 2), .agentSpeaks),
            // The caller speaks over the agent, who stops.
            (.voiceStarted(onset: 2000), .callerSpeaks),
            (.playoutCleared(generation: 2, heard: 40), .callerSpeaks),
            (.timer(.endOfTurn), .agentThinks),
            (.nothingHeard(UtteranceID(2)), .callerToSpeak),
            (.replyHangsUp(generation: 3, reason: "goodbye"), .ending),
            (.playoutStarted(generation: 3), .ending),
            (.playoutDrained(generation: 3, heard: 40), .ending),
            (.hungUp(reason: "goodbye"), .ended),
            (.voiceStarted(onset: 9000), .ended),
        ]
        for (position, (event, state)) in script.enumerated() {
            call.take(event, at: position * 1000)
            #expect(call.state == state, "after \(event)")
        }
        #expect(call.since == 18_000)
    }

    @Test("whoever took a call over is who speaks, and whom it began with stays known")
    func handedOver() {
        var call = Self.fresh
        #expect(call.speaker == "receptionist")
        call.take(.replyTakenOver(generation: 1, agent: "billing"), at: 10)
        #expect(call.speaker == "billing" && call.agent == "receptionist")
    }

    @Test("while an operator has the line nobody waits for the agent")
    func takenOver() {
        var call = Self.fresh
        call.take(.mediaStarted, at: 0)
        call.take(.operated(.takeOver), at: 10)
        #expect(call.hasOperator && call.state == .callerToSpeak)
        call.take(.voiceStarted(onset: 20), at: 20)
        call.take(.timer(.endOfTurn), at: 30)
        #expect(call.state == .callerToSpeak)
        for end in [ConversationEvent.operated(.handBack(wasLost: true)), .timer(.takeover), .drain, .livenessLost] {
            var call = call
            call.take(end, at: 40)
            #expect(!call.hasOperator, "\(end)")
        }
    }

    @Test("what is being said is there until it is a turn")
    func words() {
        var call = Self.fresh
        call.take(.voiceStarted(onset: 0), at: 0)
        call.take(.interim(UtteranceID(1), text: "i would"), at: 10)
        #expect(call.interim == "i would")
        call.take(.transcript(Transcript(utterance: UtteranceID(1), text: "i would like", confidence: 1)), at: 20)
        #expect(call.interim == "")
        call.take(.replySaid(generation: 1, text: "Which day?"), at: 30)
        call.take(.replySaid(generation: 1, text: "I have Tuesday."), at: 40)
        #expect(call.saying == "Which day? I have Tuesday.")
        var turn = TurnRecord(callID: "c1", number: 1, speaker: .caller, started: 0, text: "i would like")
        call.take(.turn(turn))
        turn.intent = "book"
        call.take(.turn(turn))
        #expect(call.turns == [turn])
        #expect(call.saying != "")
        call.take(.turn(TurnRecord(callID: "c1", number: 1, speaker: .agent, started: 50, text: "Which day?")))
        #expect(call.saying == "" && call.turns.count == 2)
        // A reply that nobody heard anything of leaves no turn.
        call.take(.replySaid(generation: 2, text: "One moment."), at: 60)
        call.take(.playoutCleared(generation: 2, heard: 0), at: 70)
        #expect(call.saying == "")
    }

    @Test("a long call keeps its newest turns")
    func bounded() {
        var call = Self.fresh
        for number in 0..<200 {
            call.take(.turn(TurnRecord(callID: "c1", number: number, speaker: .agent, started: number, text: "x")))
        }
        #expect(call.turns.count == LiveCall.longestTranscript)
        #expect(call.turns.last?.number == 199)
    }

    @Test("shows that an operator has muted the agent")
    func muted() {
        var call = Self.fresh
        call.take(.operated(.mute), at: 0)
        #expect(call.isMuted)
        call.take(.operated(.unmute), at: 1)
        #expect(!call.isMuted)
    }
}
