package import Agent
import Speech

/// One call as a pure reducer: events in, actions out, no task, socket, timer or lock.
///
/// Feeding the same events at the same positions gives the same actions, which is what `parley replay` relies on.
/// Invariants, held by the property tests: one reply is current at most; nothing of an older generation is spoken;
/// heard ≤ synthesised; while the line is open every silence has a ``silenceReason`` with a deadline; after `ending` only
/// `ended` follows, but where the carrier could not send the caller on and the agent takes them back.
package struct Conversation: Sendable {
    package enum Phase: Sendable, Equatable {
        case waitingForMedia
        case open
        case ending(reason: String)
        case ended(reason: String)
    }

    /// What the caller is doing.
    enum Caller: Sendable, Equatable {
        case silent
        case speaking(UtteranceID, onset: Int)
        case pausing(UtteranceID, onset: Int, lastVoiced: Int)
        /// The turn is over; its words are on their way.
        case finishing(UtteranceID, onset: Int, lastVoiced: Int, requested: Int)
    }

    /// What the caller hears of the agent.
    enum Voice: Sendable, Equatable {
        case silent
        case speaking(since: Int)
        /// Holding its breath, from `from` on: the caller may be interrupting.
        case held(since: Int, from: Int)
    }

    /// The reply under way.
    struct Reply: Sendable, Equatable {
        enum Ending: Sendable, Equatable {
            case none
            case hangUp(reason: String)
            case transfer(destination: String, reason: String)
        }
        let generation: Int
        /// The caller's turn that it answers.
        let turn: Int
        let started: Int
        /// The dialogue has nothing more to say.
        var isFinished = false
        /// An apology or a farewell, without a dialogue behind it.
        var isOurs = false
        var ending = Ending.none
        /// When the caller first heard it.
        var audibleSince: Int?
        var runningTools = 0
        /// It answers a caller who could not be sent on: without words of its own they hear that there is nobody.
        var isAfterFailedTransfer = false
    }

    /// A reply that was cut; how much of it was heard is known when the playout has been cleared.
    struct Interrupted: Sendable, Equatable {
        var ledger: UtteranceLedger
        let turn: Int
        let audibleSince: Int
        /// The dialogue did not say it, and has nothing to forget.
        var isOfConsent = false
    }

    /// Of whoever has the caller.
    package internal(set) var settings: ConversationSettings
    /// Who that is; nil for the agent with which the call began.
    var speaker: String?
    package internal(set) var phase = Phase.waitingForMedia
    package internal(set) var expectation = Expectation(kind: .open, context: "")
    package internal(set) var deadlines = Deadlines()
    /// The number of the newest reply; older ones are dead.
    package internal(set) var generation = 0
    /// Caller turns so far.
    package internal(set) var turn = 0

    var caller = Caller.silent
    var voice = Voice.silent
    var reply: Reply?
    var ledger = UtteranceLedger(generation: 0)
    var interrupted: Interrupted?
    var utterance = UtteranceID(0)
    /// Words of the utterance under way.
    var interim = ""
    /// The utterance that was found to be a mere sound over the agent, which went on.
    var soundOverAgent: UtteranceID?
    /// What the dialogue was last asked to give its opinion of: those words, and what was said before them in this turn.
    var underOpinion: CallerTurn?
    /// The dialogue's opinion of them.
    var completeness: TurnCompleteness?
    /// Whether the dialogue has opinions at all; nil while nobody knows.
    var hasOpinions: Bool?
    /// Words over the agent on which the dialogue was asked for its opinion after all else was known.
    var undecided: Transcript?
    /// How likely the turn has ended, as the recognizer or a model hears it.
    var endLikelihood: Double?
    /// The sentence that is being synthesised before it is wanted.
    var prepared: String?
    /// Keys pressed, not yet complete.
    var keys = KeyGroup()
    /// Keys pressed by then belong to the number that is being typed, or typed once more.
    var typesUntil: Int?
    /// The newest turns that were answered before their words were known, oldest first.
    var wordless: [WordlessTurn] = []
    /// Words of an utterance that turned out not to be the end of the turn.
    var carried: Transcript?
    var clock: TurnClock?
    var silences = 0
    /// Since when the caller is waited for: sounds that are no turn do not make the wait longer.
    var silentSince: Int?
    /// The caller went on speaking where their utterance was cut.
    var speaksOn = false
    /// Utterances that were cut since the caller last paused.
    var unbrokenUtterances = 0
    /// Silences without a reason since the caller's last turn.
    var lapses = 0
    var failures = 0
    /// The carrier is asked to send the caller on, and has not said that it cannot.
    var isHandingOn = false
    /// An operator keeps what is said out of the recording.
    var isRecordingPaused = false
    /// An operator keeps the agent silent.
    var isMuted = false
    /// An operator speaks in the agent's place.
    var isTakenOver = false
    /// What they interrupted was a question whose answer is withheld; it is asked still when the agent has the line again.
    var withholdsAfterTakeover = false
    /// What was said since then.
    var saidMeanwhile: [String] = []
    /// How a call begins that we placed; nil on one that was taken.
    var opening: Opening?
    /// A person who is being won for the caller, or talks with them.
    var transfer: TransferSaga?
    /// When the caller began to hold the line for them, in samples.
    var transferStart = 0
    var transferArguments = ""
    /// Warm transfers so far.
    var transfers = 0
    /// The caller's newest turns, where a person may be told of them.
    var lastSaid: [String] = []
    /// This is the person's call, and the caller is on it.
    var isJoined = false

    /// Whether the call may be recorded; nil where nobody is told or asked.
    var consentTalk: ConsentTalk?

    package init(settings: ConversationSettings) {
        self.settings = settings
        consentTalk = settings.recording.map { ConsentTalk($0) }
    }

    /// Takes one event at `position`, in samples since the media started; never less than the position before.
    package mutating func handle(_ event: ConversationEvent, at position: Int) -> [ConversationAction] {
        var actions: [ConversationAction] = []
        if case .ended = phase {
            // How much of the last reply was heard is the one thing still worth knowing.
            guard case .playoutCleared(let generation, let heard) = event else { return [] }
            playoutCleared(generation, heard: heard, at: position, &actions)
            return actions
        }
        switch event {
        case .mediaStarted: mediaStarted(at: position, &actions)
        case .voiceStarted(let onset): voiceStarted(onset: onset, at: position, &actions)
        case .voiceStopped(let lastVoiced): voiceStopped(lastVoiced: lastVoiced, at: position, &actions)
        case .interim(let id, let text): interim(id, text: text, at: position, &actions)
        case .provisional(let transcript): provisional(transcript, at: position, &actions)
        case .endOfTurnLikely(let id, let probability): endOfTurnLikely(id, probability, at: position)
        case .previewed(let id, let text, let completeness, let firstSentence):
            previewed(id, text: text, completeness, firstSentence: firstSentence, at: position, &actions)
        case .turnTaken(let id): turnTaken(id, at: position, &actions)
        case .transcript(let transcript):
            if !takeLateWords(transcript, at: position, &actions) { finished(transcript, at: position, &actions) }
        case .nothingHeard(let id):
            if !isWordless(id) { finishedWithoutWords(id, at: position, &actions) }
        case .recognitionFailed(let id, let reason):
            actions.append(.note(.incident(kind: "recognition", detail: reason)))
            if !isWordless(id) { finishedUnrecognized(id, at: position, &actions) }
        case .keyPressed(let key): keyPressed(key, at: position, &actions)
        case .lineTone(let tone): toneHeard(tone, at: position, &actions)
        case .carrierAnswered(let by): carrierAnswered(by, at: position, &actions)

        case .replySaid(let generation, let text):
            ifCurrent(generation) { $0.said(text, at: position, &actions) }
        case .replyUnderstood(let generation, let understanding):
            ifCurrent(generation) { actions.append(.note(.understood(turn: $0.turn, understanding))) }
        case .replyExpects(let generation, let expectation):
            ifCurrent(generation) {
                $0.expectation = expectation
                actions.append(.note(.expecting(expectation)))
            }
        case .toolStarted(let generation, let tool):
            actions.append(.note(.toolStarted(turn: turn, tool)))
            ifCurrent(generation) { $0.toolStarted(at: position) }
        case .toolFinished(let generation, let tool):
            // Recorded even when the reply is dead: what a tool did stays done.
            actions.append(.note(.toolFinished(turn: turn, tool)))
            ifCurrent(generation) { $0.toolFinished(at: position) }
        case .replyFlagged(let generation, let statement, let isHeld):
            ifCurrent(generation) { _ in
                let what = isHeld ? "held back" : "said"
                actions.append(
                    .note(.incident(kind: "grounding", detail: "\"\(statement)\" was \(what); nothing supports it")))
            }
        case .replyTakenOver(_, let agent): takenOver(by: agent, &actions)
        case .replyPresses(let generation, let keys): ifCurrent(generation) { $0.pressed(keys, at: position, &actions) }
        // Our own words have no dialogue behind them that could want anything.
        case .replyTransfers(let generation, let destination, let reason):
            ifCurrent(generation) {
                guard $0.reply?.isOurs != true else { return }
                $0.beginEnding(
                    .transfer(destination: destination, reason: reason), reason: reason, at: position, &actions)
            }
        case .replyHangsUp(let generation, let reason):
            ifCurrent(generation) {
                guard $0.reply?.isOurs != true else { return }
                $0.beginEnding(.hangUp(reason: reason), reason: reason, at: position, &actions)
            }
        case .replyFinished(let generation): ifCurrent(generation) { $0.replyFinished(at: position, &actions) }
        case .replyFailed(let generation, let reason):
            ifCurrent(generation) { $0.replyFailed(reason, at: position, &actions) }

        case .synthesized(let segment, let samples):
            ifCurrent(segment.generation) { $0.synthesized(segment.index, samples: samples, at: position) }
        case .paced(let segment, let pace):
            ifCurrent(segment.generation) { $0.ledger.paced(segment.index, pace) }
        case .synthesisFinished(let segment):
            ifCurrent(segment.generation) { $0.synthesisFinished(segment.index, at: position, &actions) }
        case .synthesisFailed(let segment, let reason):
            actions.append(.note(.incident(kind: "synthesis", detail: reason)))
            ifCurrent(segment.generation) { $0.synthesisFinished(segment.index, failed: true, at: position, &actions) }

        case .playoutStarted(let generation):
            ifCurrent(generation) { $0.playoutStarted(at: position, &actions) }
        case .playoutDrained(let generation, let heard):
            ifCurrent(generation) { $0.playoutDrained(heard: heard, at: position, &actions) }
        case .playoutCleared(let generation, let heard):
            playoutCleared(generation, heard: heard, at: position, &actions)

        case .timer(let kind): timerFired(kind, at: position, &actions)
        case .livenessLost: livenessLost(at: position, &actions)
        case .drain: drain(at: position, &actions)
        case .operated(let command): operated(command, at: position, &actions)
        case .operatorSaid(let words): operatorSaid(words, at: position, &actions)
        case .transferFailed(let reason): transferFailed(reason, at: position, &actions)
        case .person(let event): person(event, at: position, &actions)
        case .joined: joined(at: position, &actions)
        case .parted(let reason): parted(reason, at: position, &actions)
        case .hungUp(let reason): ended(reason, at: position, &actions)
        }
        listenOn(at: position, &actions)
        rememberSaid(actions)
        return actions
    }

    /// The next event that is due by itself, if any.
    package mutating func dueTimer(at position: Int) -> ConversationEvent? {
        deadlines.takeDue(at: position).map(ConversationEvent.timer)
    }

    private mutating func ifCurrent(_ generation: Int, _ body: (inout Self) -> Void) {
        guard reply?.generation == generation else { return }
        body(&self)
    }

    private mutating func mediaStarted(at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .waitingForMedia else { return }
        phase = .open
        deadlines[.call] = position + settings.longestCall.samples
        guard let policy = settings.placed else { return openDialogue(at: position, &actions) }
        // Whoever answers speaks first.
        listen(policy, at: position)
    }

    private mutating func timerFired(_ kind: Deadlines.Kind, at position: Int, _ actions: inout [ConversationAction]) {
        // A timer may have been taken from the deadlines just before an event that made it moot.
        deadlines[kind] = nil
        switch kind {
        case .endOfTurn: endOfTurn(at: position, &actions)
        case .bargeIn: reconsiderBargeIn(at: position, &actions)
        case .keys: keysComplete(keys.take(), at: position, &actions)
        case .utterance: utteranceTooLong(at: position, &actions)
        case .recognition: recognitionOverdue(at: position, &actions)
        case .reply: replyOverdue(at: position, &actions)
        case .playout: playoutOverdue(at: position, &actions)
        case .silence: silenceOverdue(at: position, &actions)
        case .ending: endingOverdue(at: position, &actions)
        case .mute: muteOverdue(at: position, &actions)
        case .takeover: takeoverOverdue(at: position, &actions)
        case .transfer: transferDue(at: position, &actions)
        case .answer: answerDue(at: position, &actions)
        case .opening: openingOverdue(at: position, &actions)
        case .call: callOverdue(at: position, &actions)
        }
    }
}
