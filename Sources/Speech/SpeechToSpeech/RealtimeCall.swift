import AudioCore
import Logging
import Networking
import Synchronization

/// One call's connection to a model that hears and speaks: drives ``RealtimeConversation`` with a socket and a clock.
///
/// It stands behind the seams of a call: it hears as a ``RecognitionSession``, its answers are asked for with
/// ``answer(_:sink:)``, and their sentences are spoken by the voice of a ``RealtimeSynthesizer``. Answers may be asked for
/// anywhere; everything else happens on the loop. A call may open its ears and voice anew: then a new life of this begins.
package final class RealtimeCall: @unchecked Sendable {
    // @unchecked: `inlet`, `lastQuestion`, `lastLife`, `isDrainPosted` and the constants are safe anywhere; every other member is used on
    // `loop` only.
    package typealias Sink = @Sendable (Result<RealtimeAnswerEvent, SpeechError>) -> Void

    enum Link {
        case connecting
        case open(WebSocket)
        case waiting(LoopTimer)
        /// Refused, which is final; or closed by us.
        case ended(SpeechError)
    }

    /// An utterance of the caller that is being sent.
    struct Outgoing {
        let id: UtteranceID
        /// Where it begins in the leg's audio.
        let start: Int
        /// Up to here it was sent on this connection.
        var sent: Int
        /// Where it ends; nil while it goes on.
        var end: Int?
    }

    let inlet: SampleRing<UInt8>
    let loop: EventLoop
    let logger: Logger
    let dialect: any ConversationDialect
    private let request: WebSocketRequest
    private let settings: RealtimeSettings
    let isDrainPosted = Atomic<Bool>(false)
    private let lastQuestion = Atomic<Int>(0)
    private let lastLife = Atomic<Int>(0)
    private let connected: @Sendable (Duration) -> Void
    private let epoch = ContinuousClock.now

    var link: Link?
    /// The newest life that has begun on the loop.
    private var openLife = 0
    var conversation: RealtimeConversation
    var recognized: (@Sendable (RecognitionEvent) -> Void)?
    var audio: RecentAudio
    var utterance: Outgoing?
    /// Where the last utterance that the model was given ends in the leg's audio.
    var givenEnd = 0
    /// Messages that could not be read.
    var unreadableCount = 0
    var backoff = ReconnectBackoff()
    private var answers: [Int: Sink] = [:]
    private var sentence: AsyncThrowingStream<[UInt8], any Error>.Continuation?
    private var connectBegan = Duration.zero
    private var openedAt = Duration.zero
    private var deadlineTimer: LoopTimer?
    private var housekeeping: LoopTimer?
    let counters: RealtimeCounters
    private var counted = RealtimeConversation.Counts()

    /// - Parameters:
    ///   - loop: that of the call's leg.
    ///   - counters: of all calls.
    ///   - connected: told how long a connection took.
    init(
        _ dialect: any ConversationDialect, loop: EventLoop, counters: RealtimeCounters, logger: Logger,
        connected: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.dialect = dialect
        request = dialect.request
        settings = dialect.settings
        self.loop = loop
        self.counters = counters
        self.logger = logger
        self.connected = connected
        conversation = RealtimeConversation(dialect)
        inlet = SampleRing(minimumCapacity: 8000, silence: 0xFF)
        audio = RecentAudio(
            capacity: Self.longestUtterance, initial: Self.preRoll * 2, largestFrame: Self.longestFrame)
    }

    /// Which of its lives this is in, counting from 1; 0 before the first.
    var life: Int { lastLife.load(ordering: .acquiring) }

    /// Opens the connection, so that it is warm before the caller speaks; anew where the call had closed it.
    ///
    /// - Parameter sink: told what is heard, on the loop, in place of the one before.
    /// - Returns: the life that this begins. Only its own sessions can end it.
    func begin(_ sink: @escaping @Sendable (RecognitionEvent) -> Void) -> Int {
        let life = lastLife.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
        onLoop { call in
            call.openLife = life
            call.recognized = sink
            if case .ended(let error)? = call.link {
                // Who was refused is refused again.
                guard error.code == .cancelled else { return sink(.failed(nil, error)) }
                call.link = nil
                call.conversation = RealtimeConversation(call.dialect)
                call.counted = RealtimeConversation.Counts()
                call.utterance = nil
                call.backoff = ReconnectBackoff()
            }
            guard call.link == nil else { return }
            call.connect()
            call.housekeeping = call.loop.scheduleRepeating(every: .seconds(1)) { [weak call] _ in call?.renew() }
        }
        return life
    }

    /// Tells what the agent is and what has been said, ahead of the first question.
    package func prepare(_ question: RealtimeQuestion) {
        onLoop { $0.perform($0.conversation.prepare(question)) }
    }

    /// Asks for an answer.
    ///
    /// - Parameter sink: given its pieces and its end, on the loop; it must not block.
    /// - Returns: what gives the answer up, here and at the vendor.
    package func answer(_ question: RealtimeQuestion, sink: @escaping Sink) -> @Sendable () -> Void {
        let id = lastQuestion.wrappingAdd(1, ordering: .relaxed).newValue
        onLoop { call in
            if case .ended(let error)? = call.link { return sink(.failure(error)) }
            call.answers[id] = sink
            call.perform(call.conversation.ask(id, question))
        }
        return { [weak self] in
            self?.onLoop { call in
                guard call.answers.removeValue(forKey: id) != nil else { return }
                call.perform(call.conversation.cancel(id, now: call.now))
            }
        }
    }

    func onLoop(_ body: @escaping @Sendable (RealtimeCall) -> Void) {
        if loop.isCurrent { body(self) } else { loop.post { body(self) } }
    }

    func refusal(_ detail: String) -> SpeechError { dialect.error(.refused, detail) }

    // MARK: On the loop

    /// Time since this was made.
    var now: Duration { ContinuousClock.now - epoch }

    func perform(_ actions: [RealtimeConversation.Action]) {
        for action in actions {
            switch action {
            case .send(let message): send(message)
            case .ready:
                connected(now - connectBegan)
                pumpAudio()
            case .recognized(let event): recognized?(event)
            case .answer(let id, let event):
                let sink = answers[id]
                if case .finished = event { answers[id] = nil }
                sink?(.success(event))
            case .failed(let id, let error): answers.removeValue(forKey: id)?(.failure(error))
            case .reconnect(let error):
                closeSocket()
                lost(error)
            case .refused(let error):
                closeSocket()
                lost(error)
            case .complain(let words):
                logger.warning("The vendor did not accept a message", metadata: ["detail": "\(words)"])
            }
        }
        pumpSentence()
        watchDeadline()
        counted = counters.add(conversation.counts, since: counted)
    }

    func send(_ message: String) {
        guard case .open(let socket)? = link else { return }
        guard socket.send(text: message.utf8Span.span) == .queued else {
            // What is missing now would be missing from the conversation: it is begun anew.
            closeSocket()
            return lost(dialect.error(.unavailable, "the vendor does not read"))
        }
    }

    private func closeSocket() {
        if case .open(let socket)? = link { socket.close(code: 1000) }
    }

    // MARK: The agent's voice

    /// The audio of a sentence, if the model says it next; nil for a sentence of somebody else's. On the loop only.
    func speak(_ text: String) -> AsyncThrowingStream<[UInt8], any Error>? {
        guard loop.isCurrent, conversation.claim(text) else { return nil }
        // Bounded by what a reply may bring.
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
        sentence = continuation
        continuation.onTermination = { [weak self] reason in
            guard case .cancelled = reason else { return }
            self?.onLoop { call in
                call.conversation.abandonSentence()
                call.sentence = nil
            }
        }
        pumpSentence()
        return stream
    }

    private func pumpSentence() {
        while let continuation = sentence {
            switch conversation.take() {
            case .audio(let bytes): continuation.yield(bytes)
            case .wait: return
            case .end:
                sentence = nil
                continuation.finish()
            }
        }
    }

    // MARK: Time

    private func watchDeadline() {
        deadlineTimer?.cancel()
        deadlineTimer = nil
        guard let deadline = conversation.deadline else { return }
        deadlineTimer = loop.schedule(after: max(deadline - now, .zero)) { [weak self] in
            guard let self else { return }
            deadlineTimer = nil
            perform(conversation.expire(now: now))
        }
    }

    /// The vendor ends old sessions; a new one is begun while nobody notices.
    private func renew() {
        guard case .open? = link, conversation.isRenewalDue || now - openedAt > settings.renewalAge,
            conversation.isIdle, utterance == nil
        else {
            return
        }
        perform([.reconnect(dialect.error(.cancelled, "the session grows old"))])
    }

    // MARK: Connection

    private func connect() {
        link = .connecting
        connectBegan = now
        loop.connect(request, handler: self)
    }

    func opened(on socket: WebSocket) {
        link = .open(socket)
        openedAt = now
        perform(conversation.opened())
        // Who has something to say already does not wait for what the agent is.
        pumpAudio()
    }

    /// The connection could not be had or kept.
    func lost(_ error: SpeechError) {
        if case .ended? = link { return }
        let isRenewal = error.code == .cancelled
        // What the vendor remembers is not always there any more: then it is told.
        let isForgotten = conversation.isResuming && error.code == .refused
        link = .connecting
        if let start = utterance?.start { utterance?.sent = start }
        guard error.isRetryable || isRenewal || isForgotten else {
            logger.error("The speech-to-speech vendor refuses us", metadata: ["error": "\(error)"])
            link = .ended(error)
            perform(conversation.disconnected(error))
            for sink in answers.values { sink(.failure(error)) }
            answers = [:]
            if let id = utterance?.id { recognized?(.failed(id, error)) }
            recognized?(.failed(nil, error))
            return stopTimers()
        }
        if isRenewal {
            perform(conversation.disconnected(error))
            return connect()
        }
        counters.connectionsLost.wrappingAdd(1, ordering: .relaxed)
        if backoff.attempts == 0 {
            logger.warning("The connection to the speech-to-speech vendor broke", metadata: ["error": "\(error)"])
        }
        let delay = backoff.attempts == 0 ? .zero : backoff.next(jitter: .random(in: -1...1))
        if backoff.attempts == 0 { _ = backoff.next(jitter: 0) }
        link = .waiting(loop.schedule(after: delay) { [weak self] in self?.connect() })
        perform(conversation.disconnected(error))
    }

    /// Ends `life`; nothing where another one has begun.
    func close(life: Int) {
        onLoop { call in
            guard life == call.openLife else { return }
            let error = call.dialect.error(.cancelled, "the call is over")
            if case .waiting(let timer)? = call.link { timer.cancel() }
            call.closeSocket()
            if case .ended? = call.link {} else { call.link = .ended(error) }
            // Nobody waits for words any more.
            call.recognized = nil
            for sink in call.answers.values { sink(.failure(error)) }
            call.answers = [:]
            call.sentence?.finish(throwing: error)
            call.sentence = nil
            call.stopTimers()
        }
    }

    private func stopTimers() {
        deadlineTimer?.cancel()
        housekeeping?.cancel()
        deadlineTimer = nil
        housekeeping = nil
    }
}
