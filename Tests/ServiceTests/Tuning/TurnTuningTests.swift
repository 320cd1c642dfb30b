import Agent
import CallSession
import Speech
import Testing

@testable import Service

@Suite("Tuning by the pauses of past calls")
struct TurnTuningTests {
    @Test("a pause knows whether the caller went on, and when a turn would have ended under other rules")
    func pauses() throws {
        let pauses = PauseCase.all(in: Self.call(pause: 3000, then: 2400))
        // One within the turn, of 375 ms, and the one after it.
        #expect(pauses.count == 2)
        #expect(pauses[0].resumed != nil && pauses[1].resumed == nil)
        var hasty = TurnDetector()
        hasty.openWait = .milliseconds(200)
        #expect(pauses[0].isCut(under: hasty))
        #expect(!pauses[0].isCut(under: TurnDetector()))
        #expect(pauses[0].wait(under: hasty) == nil)
        // The words of the second pause came 60 ms after the detector's 140 ms, so the turn cannot end before.
        #expect(pauses[1].wait(under: TurnDetector()) == TurnDetector().openWait.samples)
        #expect(pauses[1].wait(under: hasty) == 1600)
    }

    @Test("a caller who speaks again just after the agent began was cut short")
    func collision() {
        let pauses = PauseCase.all(in: Self.call(pause: 9600, then: 1600))
        #expect(pauses.first?.resumed != nil)
        #expect(pauses.first?.isCut(under: TurnDetector()) == true)
        var patient = TurnDetector()
        patient.openWait = .milliseconds(1500)
        #expect(pauses.first?.isCut(under: patient) == false)
    }

    @Test("the front goes from quick to patient, and no profile is beaten by another")
    func front() throws {
        let calls = (0..<40).map { index in
            PauseCase.all(in: Self.call(pause: 2400 + index % 8 * 800, then: 2400))
        }
        let tuning = TurnTuning(calls, present: TurnDetector())
        #expect(tuning.calls == 40)
        #expect(tuning.present.heldOut != nil)
        let scores = tuning.front.map(\.searched)
        #expect(scores.count + tuning.leftOut >= 2)
        for (one, next) in zip(scores, scores.dropFirst()) {
            #expect(one.meanWait < next.meanWait && one.cut > next.cut)
        }
        // The most patient one waits for the longest pause of the calls that are searched, 900 ms, and for no longer.
        let last = try #require(tuning.front.last)
        #expect(last.searched.cut == 0)
        #expect((900...920).contains(last.changes["open_wait"] ?? 0), "\(last.changes)")
        #expect(tuning.front.allSatisfy { Set($0.changes.keys).isSubset(of: ["open_wait", "wordless_wait"]) })
        #expect(tuning.text.contains("open_wait"))
    }

    @Test(
        "what speaks into too many turns is neither in the front nor proposed, and one wait is proposed for each state")
    func politeness() throws {
        // The pauses are of 300 to 460 ms: the present wait of 520 ms cuts nobody short.
        let calls = (0..<12).map { index in
            PauseCase.all(in: Self.call(pause: 2400 + index / 2 % 3 * 640, then: 2400))
        }
        let tuning = TurnTuning(calls, present: TurnDetector())
        #expect(tuning.mostInterrupted == 0.05)
        #expect(tuning.leftOut > 0)
        #expect(tuning.front.allSatisfy { $0.searched.interrupted <= 0.05 })
        #expect(tuning.proposals.map(\.wait) == ["open_wait"])
        let proposal = try #require(tuning.proposals.first)
        #expect(proposal.present == 520)
        #expect((440...480).contains(proposal.proposed), "\(proposal)")
        #expect(proposal.after.meanWait < proposal.before.meanWait)
        #expect(proposal.after.interrupted <= 0.05)
        #expect(tuning.text.contains("left out"))
    }

    @Test("a wait that the calls held out do not bear out is not proposed")
    func refuted() throws {
        // Every second call is held out; in those the callers pause for longer.
        let calls = (0..<12).map { index in
            PauseCase.all(in: Self.call(pause: index % 2 == 0 ? 2400 : 4000, then: 2400))
        }
        let proposal = try #require(TurnTuning(calls, present: TurnDetector()).proposals.first)
        #expect(proposal.isRefuted)
        #expect(proposal.proposed == 520 && proposal.after == proposal.before)
    }

    @Test("few calls are all searched, and the report says what that means")
    func few() {
        let tuning = TurnTuning([PauseCase.all(in: Self.call(pause: 2400, then: 2400))], present: TurnDetector())
        #expect(tuning.present.heldOut == nil)
        #expect(tuning.text.contains("nothing was held out"))
    }

    /// A call in which the caller says a sentence with a pause of so many samples, and is answered.
    ///
    /// - Parameter length: of what is said after the pause.
    private static func call(pause: Int, then length: Int) -> CallReplay {
        var conversation = Conversation(settings: ConversationSettings())
        var inputs: [CallReplay.Input] = []
        func take(_ event: ConversationEvent, at position: Int) {
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        func timers(until end: Int) {
            for beat in stride(from: (inputs.last?.position ?? 0) / 160 * 160 + 160, to: end, by: 160) {
                while let due = conversation.dueTimer(at: beat) { take(due, at: beat) }
            }
        }
        take(.mediaStarted, at: 0)
        take(.replyFinished(generation: 1), at: 160)
        take(.voiceStarted(onset: 8000), at: 8320)
        take(.voiceStopped(lastVoiced: 16_000), at: 17_120)
        take(.provisional(Transcript(utterance: UtteranceID(1), text: "book me please", confidence: 0.9)), at: 17_600)
        let onset = 16_000 + pause
        if pause > 9000 {
            // The turn was over: the agent answers, and the caller speaks into it.
            timers(until: onset - 4400)
            take(
                .transcript(Transcript(utterance: UtteranceID(1), text: "book me please", confidence: 0.9)),
                at: onset - 4400)
            take(.playoutStarted(generation: 2), at: onset - 4000)
        } else {
            timers(until: onset)
        }
        take(.voiceStarted(onset: onset), at: onset + 320)
        let end = onset + length
        take(.voiceStopped(lastVoiced: end), at: end + 1120)
        take(
            .provisional(Transcript(utterance: UtteranceID(1), text: "for friday morning", confidence: 0.9)),
            at: end + 1400)
        timers(until: end + 8000)
        take(.playoutStarted(generation: 2), at: end + 8000)
        take(.hungUp(reason: "caller hung up"), at: end + 40_000)
        return CallReplay(call: "c", settings: ConversationSettings(), inputs: inputs)
    }
}
