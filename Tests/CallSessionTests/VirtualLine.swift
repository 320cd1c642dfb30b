import Agent
import CallSession
import Foundation
import Speech

/// A call in virtual time: a scripted caller and agent around the real reducer, no sockets, tasks or sleeps.
///
/// It does what the driver, the engines and the carrier would do, with the delays the test chooses, and checks the
/// reducer's invariants after every event.
struct VirtualLine {
    /// How the agent answers an input.
    typealias Script = (DialogueInput) -> [Part]

    enum Part {
        case say(String)
        case expect(Expectation.Kind)
        /// The caller is asked to hold the line for so many seconds.
        case hold(Int)
        case hangUp
        case transfer(String)
        case press(String)
        case fail
        /// Works for so long before going on.
        case work(milliseconds: Int)
        /// Works for so long, and says something to fill the wait.
        case workAloud(milliseconds: Int, filler: String, after: Int)
        /// Never answers.
        case stall
        /// The words cannot be spoken.
        case sayUnspeakably(String)
    }

    /// What the call began with.
    private let settings: ConversationSettings
    var conversation: Conversation
    var script: Script
    var now = 0
    /// Milliseconds from the request to the final transcript.
    var recognitionDelay = 10
    /// Milliseconds from a segment's request to all its audio.
    var synthesisDelay = 15
    /// Whether the caller can be sent on.
    var canTransfer = true
    /// Whether it is said what becomes of a caller who is sent on.
    var answersTransfers = true
    /// Whether the carrier returns marks.
    var carrierConfirms = true
    /// What the agent thinks of words that may be all, and what it would say first; nil has no opinion.
    var opinion: (String) -> ReplyPreview? {
        get { { text in opinionOnTurn(CallerTurn(number: 0, text: text, confidence: 1)) } }
        set { opinionOnTurn = { newValue($0.text) } }
    }
    var opinionOnTurn: (CallerTurn) -> ReplyPreview? = { _ in nil }
    /// Whether it says so, too, when it has no opinion.
    var answersPreviews = true
    /// Whether the recognizer says while the caller speaks what it has heard so far.
    var providesInterims = true
    /// Whether the recognizer says at a pause what the words are so far.
    var providesProvisionals = false

    /// Whether whoever answers hears for itself, and its words come after.
    var hearsAndAnswers = false

    private(set) var log: [(at: Int, event: ConversationEvent)] = []
    private(set) var actions: [(at: Int, action: ConversationAction)] = []
    private(set) var faults: [String] = []
    /// What followed from each event of the log, as the journal keeps it.
    private(set) var decisions: [[String]] = []
    private var queue: [(at: Int, order: Int, event: ConversationEvent)] = []
    private var order = 0
    private var words: [UtteranceID: (text: String, confidence: Double, outOfTask: Bool)?] = [:]
    private var upcoming: (text: String, confidence: Double, outOfTask: Bool)?
    private var unspeakable: Set<String> = []

    // The carrier: what of the current generation was sent, and since when it plays.
    private var synthesized: [Int: Int] = [:]
    private var playing: (generation: Int, sent: Int, played: Int, since: Int?)?

    init(settings: ConversationSettings = .init(), script: @escaping Script) {
        self.settings = settings
        conversation = Conversation(settings: settings)
        self.script = script
    }

    // MARK: What a test does

    mutating func start() { deliver(.mediaStarted) }

    /// The caller speaks `text` for `milliseconds`, from now; nil text is noise that holds no words.
    mutating func speak(
        _ text: String?, for milliseconds: Int = 1000, confidence: Double = 0.9, outOfTask: Bool = false
    ) {
        upcoming = text.map { ($0, confidence, outOfTask) }
        let onset = now
        // The detector needs 40 ms to be sure, and 160 ms of silence to call it over.
        post(.voiceStarted(onset: onset), after: 40)
        if let text, !outOfTask, providesInterims {
            interimText = (at: now + (40 + milliseconds) * 8 - 400, text: text)
        }
        post(.voiceStopped(lastVoiced: onset + milliseconds * 8), after: milliseconds + 160)
        run(milliseconds: milliseconds + 160)
    }

    /// The voice cannot say these sentences.
    mutating func makeUnspeakable(_ texts: String...) { unspeakable.formUnion(texts) }

    mutating func deliver(_ event: ConversationEvent) {
        log.append((now, event))
        if case .synthesized(let segment, let samples) = event {
            synthesized[segment.generation, default: 0] += samples
        }
        let new = conversation.handle(event, at: now)
        decisions.append(new.map(\.text))
        for action in new {
            actions.append((now, action))
            perform(action)
        }
        check(after: event)
    }

    mutating func post(_ event: ConversationEvent, after milliseconds: Int) {
        order += 1
        queue.append((now + milliseconds * 8, order, event))
    }

    /// Lets time pass in ticks of 20 ms.
    mutating func run(milliseconds: Int) {
        let end = now + milliseconds * 8
        while now < end {
            let tick = min(now + 160, end)
            while let next = queue.indices.filter({ queue[$0].at <= tick }).min(by: { a, b in
                (queue[a].at, queue[a].order) < (queue[b].at, queue[b].order)
            }) {
                let item = queue.remove(at: next)
                now = max(now, item.at)
                deliver(item.event)
            }
            now = tick
            if let interim = interimText, interim.at <= now {
                interimText = nil
                deliver(.interim(currentUtterance, text: interim.text))
            }
            playSome()
            while let due = conversation.dueTimer(at: now) { deliver(due) }
        }
    }

    // MARK: What a test asks

    var notes: [CallNote] { actions.compactMap { if case .note(let note) = $0.action { note } else { nil } } }
    var agentTurns: [AgentTurnRecord] { notes.compactMap { if case .agentTurn(let turn) = $0 { turn } else { nil } } }
    var callerTurns: [CallerTurnRecord] {
        notes.compactMap { if case .callerTurn(let turn) = $0 { turn } else { nil } }
    }
    var latencies: [ResponseLatency] {
        notes.compactMap { if case .latency(let latency) = $0 { latency } else { nil } }
    }
    var incidents: [String] { notes.compactMap { if case .incident(let kind, _) = $0 { kind } else { nil } } }
    var hangUps: [String] { actions.compactMap { if case .hangUp(let reason) = $0.action { reason } else { nil } } }
    var inputs: [DialogueInput] {
        actions.compactMap { if case .startReply(_, let input) = $0.action { input } else { nil } }
    }
    var pressed: [String] { actions.compactMap { if case .press(let keys) = $0.action { keys } else { nil } } }
    /// What was to be said, and when.
    var said: [(at: Int, text: String)] {
        actions.compactMap { if case .synthesize(_, let text) = $0.action { ($0.at, text) } else { nil } }
    }
    var verdicts: [Answerer] {
        notes.compactMap { if case .answered(let verdict) = $0 { verdict.answerer } else { nil } }
    }
    var isAgentAudible: Bool { playing.map { $0.played < $0.sent } ?? false && !isPaused }
    private(set) var isPaused = false
    /// The sentence that is being synthesised before it is wanted.
    private(set) var prepared: String?
    /// Whether an operator's audio goes to the caller.
    private(set) var hasOperator = false
    /// When people were called for the caller, in samples.
    private(set) var people: [Int] = []
    /// Why their calls were ended.
    private(set) var peopleEnded: [String] = []
    /// What the dialogue was told.
    private(set) var whispers: [String] = []
    private var interimText: (at: Int, text: String)?
    private var currentUtterance = UtteranceID(0)

    /// The number of the first event after which a new reducer, given this call's journal as it is written and read,
    /// decides something else; nil when there is none.
    func firstDivergence() throws -> Int? {
        var again = Conversation(settings: settings)
        for (index, entry) in log.enumerated() {
            let event = try JSONDecoder().decode(ConversationEvent.self, from: JSONEncoder().encode(entry.event))
            if again.handle(event, at: entry.at).map(\.text) != decisions[index] { return index }
        }
        return nil
    }

    // MARK: What the rest of the system would do

    private mutating func perform(_ action: ConversationAction) {
        switch action {
        case .startRecognition(let id, _):
            currentUtterance = id
            words[id] = .some(upcoming)
        case .finishRecognition(let id):
            if hearsAndAnswers { post(.turnTaken(id), after: 1) }
            if let said = words[id] ?? nil {
                post(
                    .transcript(
                        Transcript(
                            utterance: id, text: said.text, confidence: said.confidence, isOutOfTask: said.outOfTask)),
                    after: recognitionDelay)
            } else {
                post(.nothingHeard(id), after: recognitionDelay)
            }
        case .preview(let id, let turn, _):
            guard answersPreviews else { break }
            let preview = opinionOnTurn(turn)
            post(
                .previewed(
                    id, text: turn.text, preview?.completeness, firstSentence: preview?.firstSentence), after: 1)
        case .pauseRecognition(let id):
            if providesProvisionals, let said = words[id] ?? nil {
                post(
                    .provisional(
                        Transcript(
                            utterance: id, text: said.text, confidence: said.confidence, isOutOfTask: said.outOfTask)),
                    after: recognitionDelay)
            }
        case .prepareSpeech(let text):
            if prepared != nil { faults.append("two sentences prepared at a time") }
            prepared = text
        case .discardPreparedSpeech: prepared = nil
        case .startReply(let generation, let input):
            isPaused = false
            reply(generation, to: input)
        case .synthesize(let segment, let text):
            if hasOperator, !conversation.isIntroducing {
                faults.append("the agent speaks into an operator's words: \(text)")
            }
            prepared = nil
            if unspeakable.contains(text) {
                post(.synthesisFailed(segment, reason: "no voice"), after: synthesisDelay)
            } else {
                // 60 ms of audio a character, about the rate of speech.
                post(.synthesized(segment, samples: text.count * 480), after: synthesisDelay)
                post(.synthesisFinished(segment), after: synthesisDelay)
            }
        case .pausePlayout: isPaused = true
        case .resumePlayout: isPaused = false
        case .clearPlayout(let generation):
            isPaused = false
            let heard = playing?.generation == generation ? playing!.played : 0
            playing = nil
            post(.playoutCleared(generation: generation, heard: heard), after: 0)
        case .whisper(let text): whispers.append(text)
        case .connectOperator(let generation):
            if hasOperator { faults.append("two operators at a time") }
            if generation != conversation.generation { faults.append("an operator with another generation") }
            hasOperator = true
        case .disconnectOperator:
            if !hasOperator { faults.append("an operator was sent away who was not there") }
            hasOperator = false
        case .callPerson: people.append(now)
        case .endPerson(let reason): peopleEnded.append(reason)
        case .hangUp: post(.hungUp(reason: "agent"), after: 60)
        case .transfer:
            guard answersTransfers else { break }
            post(canTransfer ? .hungUp(reason: "transferred") : .transferFailed(reason: "no number"), after: 60)
        case .resumeRecognition, .cancelRecognition, .reopenSpeech, .cancelReply, .cutReply, .changeVoice, .press,
            .startRecording, .stopRecording, .pauseRecording, .resumeRecording, .note:
            break
        }
    }

    private mutating func reply(_ generation: Int, to input: DialogueInput) {
        var delay = 1
        for part in script(input) {
            switch part {
            case .say(let text): post(.replySaid(generation: generation, text: text), after: delay)
            case .sayUnspeakably(let text):
                unspeakable.insert(text)
                post(.replySaid(generation: generation, text: text), after: delay)
            case .expect(let kind):
                post(
                    .replyExpects(generation: generation, Expectation(kind: kind, context: kind.rawValue)), after: delay
                )
            case .hold(let seconds):
                post(
                    .replyExpects(
                        generation: generation, Expectation(kind: .open, context: "queue", hold: seconds)),
                    after: delay)
            case .hangUp: post(.replyHangsUp(generation: generation, reason: "done"), after: delay)
            case .transfer(let to):
                post(.replyTransfers(generation: generation, destination: to, reason: "asked"), after: delay)
            case .press(let keys): post(.replyPresses(generation: generation, keys: keys), after: delay)
            case .fail: return post(.replyFailed(generation: generation, reason: "broken"), after: delay)
            case .stall: return
            case .workAloud(let milliseconds, let filler, let after):
                let tool = ToolCall(id: "t\(generation)", name: "tool", arguments: "{}")
                post(.toolStarted(generation: generation, tool), after: delay)
                post(.replySaid(generation: generation, text: filler), after: delay + after)
                delay += milliseconds
                post(.toolFinished(generation: generation, tool), after: delay)
            case .work(let milliseconds):
                let tool = ToolCall(id: "t\(generation)", name: "tool", arguments: "{}")
                post(.toolStarted(generation: generation, tool), after: delay)
                delay += milliseconds
                post(.toolFinished(generation: generation, tool), after: delay)
            }
        }
        post(.replyFinished(generation: generation), after: delay + 1)
    }

    /// Plays 20 ms of what was synthesised of the current reply, unless paused.
    private mutating func playSome() {
        guard conversation.phase != .waitingForMedia else { return }
        let generation = conversation.generation
        if playing?.generation != generation { playing = (generation, 0, 0, nil) }
        guard var state = playing, !isPaused else { return }
        state.sent = synthesized[generation] ?? 0
        if state.sent > state.played {
            if state.since == nil {
                state.since = now
                playing = state
                deliver(.playoutStarted(generation: generation))
                guard playing?.generation == generation else { return }
            }
            state.played = min(state.played + 160, state.sent)
            playing = state
            if state.played == state.sent {
                playing?.since = nil
                if carrierConfirms { deliver(.playoutDrained(generation: generation, heard: state.played)) }
            }
        }
    }

    // MARK: Invariants

    private var generationsSeen = 0
    private var hasEnded = false

    private mutating func check(after event: ConversationEvent) {
        if conversation.generation < generationsSeen { faults.append("generation went back after \(event)") }
        generationsSeen = conversation.generation
        switch conversation.phase {
        case .waitingForMedia: break
        case .ended:
            hasEnded = true
            if hasOperator { faults.append("the operator stays on a call that is over") }
        case .open, .ending:
            if hasEnded { faults.append("the call came back to life after \(event)") }
            guard let reason = conversation.silenceReason else {
                return faults.append("silence without a reason after \(event) at \(now)")
            }
            if reason.deadline == .max { faults.append("\(reason.kind) has no deadline after \(event)") }
        }
    }
}
