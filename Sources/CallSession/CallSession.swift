import Agent
import AudioCore
package import Networking
import Speech
package import Telephony

/// One call: the thin driver around ``Conversation``.
///
/// It lives on its media loop's thread, where frames, ticks and decisions meet without hops. It carries events to the
/// reducer and does what the reducer says; it decides nothing itself. Everything a call starts ends with it.
package actor CallSession {
    package nonisolated let id: String
    nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    let plan: CallPlan
    let services: CallServices
    let ticker: MediaTicker
    var conversation: Conversation
    /// What the reducer must not know of the caller's answers.
    var withheld = WithheldWords()
    /// [ns on the loops' clock]
    private let started = EventLoop.nanoseconds
    private var sequence = 0
    /// The reducer has ended; what the peer still says is answered by its dialect and by nobody else.
    private(set) var isFinished = false

    // The wire.
    let socket: any MessageSocket
    let line: MediaLine
    var badMessages = FaultWindow()

    // The caller's audio.
    var ear: CallerEar
    var recognition: (any RecognitionSession)?
    /// What the end of a turn is judged by; nil where nobody judges it.
    var turnSound: TurnSound?
    var question: SmartTurnRequest?
    /// Questions asked so far.
    var questions = 0
    /// Listens for keys on lines that do not signal them.
    var keyTones: KeyToneDetector?
    /// Listens for the tones of machines that answer.
    var toneWatch = ToneWatch()
    /// When the line signalled a key last, in samples.
    var lastSignalledKey = -16_000

    // The agent's audio.
    var playout: PlayoutQueue
    var leadControl: LeadControl
    /// What is heard behind the agent; nil for nothing.
    var ambience: Ambience?
    /// What a caller hears who holds the line for a person; nil while nobody does.
    var holdSound: Ambience?
    /// Whether it goes on while they are told something.
    var holdSoundIsUnderWords = false
    var playing: PlayingReply?
    var outgoing: [UInt8] = []
    var room: CheckedContinuation<Void, Never>?
    var underruns = 0
    var voice: Task<any SynthesisSession, any Error>?
    /// Whose it is.
    var speaker: CallVoice
    /// Who took the call over last; nil for who began it.
    var speakingAgent: String?
    /// Those of agents who have handed the caller over: few, since hand-overs are.
    var formerVoices: [Task<any SynthesisSession, any Error>] = []
    /// The same, once it has spoken.
    var speaking: (any SynthesisSession)?
    var prepared: PreparedSpeech?

    var tones: ToneSender

    // What runs for the current reply.
    var replyTask: Task<Void, Never>?
    var speechTask: Task<Void, Never>?
    var speechQueue: [(speech: PendingSpeech, voice: Task<any SynthesisSession, any Error>)] = []
    /// Audio that the reducer has not been told of.
    var untold: (segment: SegmentID, samples: Int)?
    var heardOfLastReply: String?
    /// What the dialogue is told before its next reply.
    var whispers: [String] = []

    // Whoever has taken the call over.
    var operatorLine: OperatorLine?
    /// Has asked for the line, and gets it when the reducer has agreed.
    var waitingOperator: OperatorLeg?
    /// What the agent says to caller and person at once; nil while it says nothing to both.
    var voiceOver: VoiceOver?
    /// Room for the caller's voice with the agent's over it.
    var mixed: [UInt8] = []
    /// Has let go; their last words are being recognized.
    var formerOperator: OperatorLine?

    // What remains.
    var timeline: StereoTimeline?
    let recording: RecordingFile?
    /// What of it may be kept.
    var gate: RecordingGate
    package nonisolated let levels = CallLevels()
    /// Who listens in.
    var taps: [CallTap] = []
    /// Where the next piece for them begins.
    var tapped = 0

    /// Whether there is a recording, or will be when the caller allows it.
    package nonisolated var isRecordable: Bool { plan.recordingPath != nil }

    /// Opens the session of a stream that has just started. On the loop's thread.
    package init(
        line: MediaLine, socket: any MessageSocket, ticker: MediaTicker, plan: CallPlan, services: CallServices
    ) {
        id = plan.facts.callID
        loop = socket.loop
        self.plan = plan
        speaker = CallVoice(synthesizer: plan.synthesizer, name: plan.voice)
        ear = CallerEar(plan.voiceDetection.makeDetector())
        self.services = services
        self.ticker = ticker
        self.socket = socket
        self.line = line
        conversation = Conversation(settings: plan.settings)
        playout = PlayoutQueue(services.playout.adapted(to: line.capabilities))
        let configuration = services.playout.adapted(to: line.capabilities)
        leadControl = LeadControl(calm: configuration.lead, longest: configuration.longestLead)
        ambience = services.ambience.isSilent ? nil : Ambience(services.ambience)
        tones = ToneSender(line.capabilities.message)
        turnSound = plan.endOfTurnModel == nil ? nil : TurnSound()
        keyTones = plan.settings.hearsKeyTones ? KeyToneDetector() : nil
        timeline = plan.recordingPath == nil ? nil : StereoTimeline()
        recording = plan.recordingPath.map { services.recordings.open(path: $0) }
        gate = RecordingGate(isOpen: plan.settings.recording == nil)
    }

    /// Samples at 8 kHz since the media started.
    var position: Int { Int((EventLoop.nanoseconds - started) / 125_000) }

    /// Begins: ears and voice are opened, and the agent greets.
    func begin() {
        ticker.add(self, on: loop)
        line.write(.accept(callID: id))
        send()
        openEars()
        voice = Task { [speaker] in try await speaker.open() }
        deliver(.mediaStarted)
        if let answer = plan.carrierAnswer { deliver(.carrierAnswered(answer)) }
    }

    /// Opens the recognizer. A call without one goes on: every turn is then one that was not understood.
    private func openEars() {
        let loop = loop
        do {
            recognition = try plan.recognizer.makeSession(format: .telephone, vocabulary: plan.vocabulary) {
                [weak self] event in
                loop.post { [weak self] in self?.assumeIsolated { $0.heard(event) } }
            }
        } catch {
            plan.observer(.note(position: position, .incident(kind: "recognition", detail: error.description)))
        }
    }

    /// Opens ears and voice anew, with whatever was wrong with the old ones. The old voice is closed when nothing uses it any
    /// more, and before the new one is asked for.
    func reopenSpeech() {
        recognition?.close()
        recognition = nil
        discardPreparedSpeech()
        speaking = nil
        let (old, running) = (voice, [replyTask, speechTask])
        old?.cancel()
        voice = Task { [speaker] in
            for task in running { await task?.value }
            if case .success(let session)? = await old?.result { session.close() }
            return try await speaker.open()
        }
        openEars()
    }

    /// Gives the reducer an event and does what it answers.
    func deliver(_ event: ConversationEvent) {
        let position = position
        let event = withheld.hide(event, from: conversation)
        sequence += 1
        plan.observer(.journal(sequence: sequence, position: position, event))
        let actions = conversation.handle(event, at: position)
        // Before they are done: doing them may bring the next event.
        plan.observer(.decided(sequence: sequence, actions))
        for action in actions { perform(action) }
        if case .ended(let reason) = conversation.phase, !isFinished {
            isFinished = true
            finish(reason: reason, at: position)
        }
    }

    /// The service is stopping: say goodbye and hang up.
    package func drain() { deliver(.drain) }

    /// The carrier's detector has found out who answered.
    package func carrierAnswered(_ by: String) { deliver(.carrierAnswered(by)) }

    /// Why a call ends whose peer has ended it.
    package static let peerHungUp = "caller hung up"

    /// The line is gone.
    func lineLost(_ reason: WebSocketCloseReason) { deliver(.hungUp(reason: LineEnd.words(reason))) }

    /// Lets go of everything. The reducer has already cancelled what was under way.
    private func finish(reason: String, at position: Int) {
        ticker.remove(self)
        endTaps()
        withdrawQuestion()
        closeFormerOperator()
        replyTask?.cancel()
        speechTask?.cancel()
        discardPreparedSpeech()
        room?.resume()
        room = nil
        recognition?.close()
        line.write(.end(reason: reason))
        send()
        // Some peers end the session themselves when they are asked to.
        if line.capabilities.peerCloses {
            loop.schedule(after: .seconds(5)) { [socket] in socket.close(code: 1000, reason: "") }
        } else {
            socket.close(code: 1000, reason: "")
        }
        drainTimeline(now: position, end: position)
        let (replies, underruns, echoes) = ([replyTask, speechTask], underruns, ear.echo.echoCount)
        let voices = formerVoices + (voice.map { [$0] } ?? [])
        var losses = MediaLosses()
        losses.missedMessages = line.missedCount
        losses.overtakenMessages = line.overtakenCount
        losses.doubledMessages = line.doubledCount
        losses.damagedPackets = line.damagedCount
        losses.concealedPackets = line.concealedCount
        losses.recognizerSamples = recognition?.inlet.droppedCount ?? 0
        losses.recordingSamples = timeline?.lost ?? 0
        losses.staleSamples = playout.staleCount
        let (recording, recordings) = (gate.hasOpened ? recording : nil, services.recordings)
        let (end, redactions) = (gate.end(ofCall: position), gate.redactions(ofCall: position))
        for voice in voices { voice.cancel() }
        // The one task that outlives the reducer: it waits for the call's own tasks and closes what they used.
        Task { [losses] in
            for task in replies { await task?.value }
            for voice in voices { if case .success(let session) = await voice.result { session.close() } }
            var summary: RecordingSummary?
            if let recording { summary = await recordings.finish(recording, samples: end) }
            summary?.redactions = redactions
            // On the call's loop, like everything it reports: elsewhere this could come between an input that is still
            // delivered and what was decided about it.
            self.plan.observer(
                .finished(
                    CallSummary(
                        reason: reason, samples: position, recording: summary, underruns: underruns,
                        echoes: echoes, losses: losses)))
        }
    }
}

/// What all calls of a process share.
package struct CallServices: Sendable {
    package var recordings: RecordingWriter
    package var playout: PlayoutQueue.Configuration
    /// What is heard behind the agents.
    package var ambience = Ambience.Sounds()
    /// What is heard while a caller holds the line for a person, linear samples at 8 kHz, repeated; empty is silence.
    package var holdMusic: [Int16] = []
    /// Ends the call at the carrier by its own interface; closing the stream's socket alone may leave the line open.
    package var hangUp: @Sendable (_ carrierCallID: String, _ reason: String) async -> Void
    /// Sends the caller elsewhere, or says why that cannot be done.
    package var transfer: @Sendable (_ carrierCallID: String, _ destination: String) async -> String?

    package init(
        recordings: RecordingWriter, playout: PlayoutQueue.Configuration = .init(),
        hangUp: @escaping @Sendable (String, String) async -> Void,
        transfer: @escaping @Sendable (String, String) async -> String?
    ) {
        self.recordings = recordings
        self.playout = playout
        self.hangUp = hangUp
        self.transfer = transfer
    }
}
