package import Agent
import AudioCore
package import Speech
package import Telephony

/// One call in virtual time: a driver around ``Conversation`` like ``CallSession``, with a clock that does not wait.
///
/// Reducer, dialogue, tools, ledger, voice detector, echo guard and playout queue are those of a real call, and so are the
/// synthesizer's sounds. Line and recognizer are given as values of time, and what dialogue, tools and synthesizer take is
/// ``VirtualDelays``, whatever they take here: the same call always has the same journal. A reply is asked for its next
/// output when the one before has been delivered, so that an interrupted one does no more than a real one would.
///
/// Belongs to the task that runs it. Operators and recordings are a real call's.
package final class VirtualCall {
    /// Who answers, and who is told.
    package struct Plan {
        package var facts: CallFacts
        package var settings: ConversationSettings
        package var dialogue: any Dialogue
        package var voiceDetection = VoiceDetection.builtIn
        package var synthesizer: any SpeechSynthesizer
        /// The synthesizer's name of the voice; empty for its default.
        package var voice: String
        /// Told of everything, in order.
        package var observer: (CallEvent) -> Void

        package init(
            facts: CallFacts, settings: ConversationSettings = ConversationSettings(), dialogue: any Dialogue,
            synthesizer: any SpeechSynthesizer, voice: String = "", observer: @escaping (CallEvent) -> Void
        ) {
            self.facts = facts
            self.settings = settings
            self.dialogue = dialogue
            self.synthesizer = synthesizer
            self.voice = voice
            self.observer = observer
        }
    }

    let plan: Plan
    let line: any VirtualCarrier
    let ears: any VirtualEars
    let delays: VirtualDelays
    let transfer: (String) -> String?

    var conversation: Conversation
    /// What the reducer must not know of the caller's answers.
    var withheld = WithheldWords()
    var now = 0
    private var sequence = 0
    var schedule = VirtualSchedule()
    var isFinished = false

    // The caller's audio, as in a real call.
    var ear: CallerEar
    private var toneWatch = ToneWatch()
    var isListening = false

    // The agent's.
    var playout: PlayoutQueue
    var playing: PlayingReply?
    var outgoing: [UInt8] = []
    /// Audio that the queue had no room for.
    var backlog: [UInt8] = []
    var underruns = 0

    // What runs for the current reply.
    var reply: Reply?
    var speechQueue: [PendingSpeech] = []
    var isSynthesizing = false
    var prepared: (text: String, at: Int)?
    var heardOfLastReply: String?
    var whispers: [String] = []

    /// What has to wait for somebody else: a dialogue or a synthesizer. Done before time goes on.
    enum Errand {
        case startReply(generation: Int, DialogueInput)
        case nextOutput(generation: Int)
        case preview(UtteranceID, CallerTurn)
        case synthesize(PendingSpeech)
    }
    var errands: [Errand] = []

    struct Reply {
        let generation: Int
        var outputs: AsyncThrowingStream<DialogueOutput, any Error>.AsyncIterator
        var hasSpoken = false
    }

    /// - Parameters:
    ///   - line: the caller's end.
    ///   - ears: the recognizer.
    ///   - transfer: why the caller cannot be sent to a destination; nil when they can.
    package init(
        _ plan: Plan, line: any VirtualCarrier, ears: any VirtualEars, delays: VirtualDelays = VirtualDelays(),
        playout: PlayoutQueue.Configuration = PlayoutQueue.Configuration(),
        transfer: @escaping (String) -> String? = { _ in nil }
    ) {
        self.plan = plan
        self.line = line
        self.ears = ears
        self.delays = delays
        self.transfer = transfer
        conversation = Conversation(settings: plan.settings)
        ear = CallerEar(plan.voiceDetection.makeDetector())
        self.playout = PlayoutQueue(playout)
    }

    /// Holds the call to its end.
    ///
    /// - Parameter limit: after so long the line is cut.
    /// - Throws: when the voice cannot be opened.
    package func run(limit: Duration) async throws {
        let voice = try await plan.synthesizer.makeSession(voice: plan.voice, format: .telephone)
        defer { voice.close() }
        deliver(.mediaStarted)
        await runErrands(voice)
        while !isFinished {
            let beat = now + FrameBuffer.size
            while let next = schedule.take(until: beat) {
                now = max(now, next.at)
                take(next.step)
                await runErrands(voice)
            }
            now = beat
            await line.settle()
            for arrival in line.beat(at: now) where !isFinished {
                take(arrival)
                await runErrands(voice)
            }
            guard !isFinished else { break }
            tick()
            await runErrands(voice)
            if now > limit.samples, !isFinished { deliver(.hungUp(reason: "the simulation's limit of \(limit)")) }
        }
    }

    func deliver(_ event: ConversationEvent) {
        let event = withheld.hide(event, from: conversation)
        sequence += 1
        plan.observer(.journal(sequence: sequence, position: now, event))
        let actions = conversation.handle(event, at: now)
        plan.observer(.decided(sequence: sequence, actions))
        for action in actions { perform(action) }
        if case .ended(let reason) = conversation.phase, !isFinished {
            isFinished = true
            line.closed(reason: reason, at: now)
            plan.observer(
                .finished(
                    CallSummary(
                        reason: reason, samples: now, underruns: underruns, echoes: ear.echo.echoCount)))
        }
    }

    func note(_ note: CallNote) { plan.observer(.note(position: now, note)) }

    // MARK: What happens

    func take(_ arrival: VirtualArrival) {
        switch arrival {
        case .audio(let codes, let timestamp): callerAudio(codes.span, timestamp: timestamp)
        case .key(let key): deliver(.keyPressed(String(key)))
        case .mark(let mark):
            playout.markReturned(mark, at: now)
            pump()
        case .stopped: deliver(.hungUp(reason: CallSession.peerHungUp))
        }
    }

    func take(_ step: VirtualSchedule.Step) {
        switch step {
        case .event(let event):
            deliver(event)
            if case .replyFinished = event { completeIfSpoken() }
        case .output(let output, let generation):
            deliver(ConversationEvent(output, generation: generation))
            if reply?.generation == generation { errands.append(.nextOutput(generation: generation)) }
        case .speech(let segment, let audio):
            if playing?.generation != segment.generation {
                let reply = PlayingReply(generation: segment.generation)
                playing = reply
                playout.begin(generation: reply.queued, at: now)
            }
            deliver(.synthesized(segment, samples: audio.count))
            backlog += audio
            fillPlayout()
            deliver(.synthesisFinished(segment))
            synthesizeNext()
            completeIfSpoken()
        case .speechFailed(let segment, let reason):
            deliver(.synthesisFailed(segment, reason: reason))
            synthesizeNext()
            completeIfSpoken()
        }
    }

    func tick() {
        while ear.fillMissing(now: now) { if let event = ear.listen() { deliver(event) } }
        if let event = ear.poll(now: now) { deliver(event) }
        if isListening, let words = ears.interim(at: now) { deliver(.interim(conversation.utterance, text: words)) }
        while let due = conversation.dueTimer(at: now) { deliver(due) }
        fillPlayout()
        pump()
        // The check from outside the reducer, as in a real call.
        let reason = conversation.silenceReason
        if let reason, reason.deadline == .max || now < reason.deadline + 8000 { return }
        deliver(.livenessLost)
    }

    func callerAudio(_ codes: Span<UInt8>, timestamp: Int) {
        _ = ear.place(timestamp: timestamp, count: codes.count, now: now)
        var index = 0
        while ear.fill(from: codes, &index) {
            if conversation.isFindingOut, let tone = toneWatch.process(ear.frame.samples.span) {
                deliver(.lineTone(tone))
            }
            if let event = ear.listen() { deliver(event) }
        }
    }
}
