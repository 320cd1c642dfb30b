import AudioCore
import Logging
import Networking
import Synchronization

/// One leg's connection to a recognizer that hears a stream: drives ``SegmentAssembler`` with a socket, a clock and the
/// leg's audio.
///
/// The methods of ``RecognitionSession`` may be called on any one thread (the media loop's); everything else happens on
/// the session's loop.
final class StreamingRecognitionSession<Dialect: StreamingDialect>: RecognitionSession, @unchecked Sendable {
    // @unchecked: `inlet`, `isDrainPosted` and the constants are safe anywhere; every other member is used on `loop` only.
    enum Link {
        /// Nothing is to be sent; the next audio reconnects.
        case dormant
        case connecting
        case open(WebSocket)
        case waiting(LoopTimer)
        /// Refused, or closed by us. Final.
        case ended(SpeechError)
    }

    let inlet: SampleRing<UInt8>
    let loop: EventLoop
    let logger: Logger
    private let request: WebSocketRequest
    private let sampleRate: Int
    private let sink: @Sendable (RecognitionEvent) -> Void
    private let isDrainPosted = Atomic<Bool>(false)
    private let epoch = ContinuousClock.now

    var link = Link.dormant
    var dialect: Dialect
    var assembler: SegmentAssembler
    var backoff = ReconnectBackoff()
    /// When the server last said something, or the connection opened.
    var lastHeard = Duration.zero
    /// Whether the log knows that messages cannot be read.
    var hasToldUnreadable = false
    private let settings: StreamingSettings
    private var audio: OutgoingAudio
    let noted: @Sendable (ProviderEvent) -> Void
    private let noteSent: @Sendable (Duration) -> Void
    /// Whether the vendor takes audio.
    private var isReady = false
    private var connectBegan = Duration.zero
    private var lastSent = Duration.zero
    private var deadlineTimer: LoopTimer?
    private var pumpTimer: LoopTimer?
    private var housekeeping: LoopTimer?

    /// - Parameters:
    ///   - noted: told how long a connection took, and of messages that cannot be read; on the loop.
    ///   - sent: told how much audio has been sent; on the loop.
    init(
        _ dialect: Dialect, request: WebSocketRequest, sampleRate: Int, loop: EventLoop, logger: Logger,
        noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in },
        sent: @escaping @Sendable (Duration) -> Void = { _ in },
        sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.dialect = dialect
        self.request = request
        self.sampleRate = sampleRate
        self.loop = loop
        self.logger = logger
        self.noted = noted
        noteSent = sent
        self.sink = sink
        settings = dialect.settings
        var assembly = settings.assembly
        assembly.sampleRate = sampleRate
        assembly.provider = dialect.provider
        assembler = SegmentAssembler(assembly)
        audio = OutgoingAudio(
            bytesPerSecond: sampleRate, frame: settings.frameDuration, restFrame: settings.restFrameDuration,
            history: settings.history, pace: settings.replayPace, cutsFrames: settings.cutsFrames)
        // A second of audio is room for a loop that is late.
        inlet = SampleRing(minimumCapacity: sampleRate, silence: 0xFF)
    }

    /// Opens the connection, so that it is warm before the caller speaks.
    func start() {
        onLoop { $0.begin() }
    }

    // MARK: What the call says

    func audioArrived() {
        if loop.isCurrent {
            // Most of the leg's frames are a part of one of ours.
            if audio.isWorthDraining(inlet.count) { drain() }
            return
        }
        guard !isDrainPosted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Captures the session and nothing else, which costs no allocation.
        loop.post { self.drainPosted() }
    }

    private func drainPosted() {
        isDrainPosted.store(false, ordering: .releasing)
        drain()
    }

    func beginUtterance(_ id: UtteranceID, context: String) {
        let position = inlet.writePosition
        onLoop { session in
            session.assembler.begin(id, at: position)
            session.drain()
        }
    }

    func pauseUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        onLoop { $0.perform($0.assembler.pause(id, at: position)) }
    }

    func resumeUtterance(_ id: UtteranceID) {
        onLoop { $0.assembler.resume(id) }
    }

    func finishUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        onLoop { session in
            session.drain()
            session.perform(session.assembler.finish(id, at: position, now: session.now))
            if case .ended(let error) = session.link { session.perform(session.assembler.gaveUp(error)) }
            session.pump()
            session.watchDeadline()
        }
    }

    func cancelUtterance(_ id: UtteranceID) {
        onLoop { session in
            session.assembler.cancel(id)
            session.pump()
        }
    }

    func close() {
        onLoop { $0.end() }
    }

    private func onLoop(_ body: @escaping @Sendable (StreamingRecognitionSession) -> Void) {
        if loop.isCurrent { body(self) } else { loop.post { body(self) } }
    }

    // MARK: On the loop

    /// Time since the session was made.
    var now: Duration { ContinuousClock.now - epoch }

    private func begin() {
        connect()
        housekeeping = loop.scheduleRepeating(every: .seconds(1)) { [weak self] _ in self?.keepHouse() }
    }

    private func connect() {
        link = .connecting
        connectBegan = now
        loop.connect(request, handler: self)
    }

    private func drain() {
        audio.drain(inlet, keeping: assembler.oldestNeeded)
        if case .dormant = link, housekeeping != nil, !isQuiet { connect() }
        pump()
    }

    /// Nobody waits for words, and the leg sends nothing.
    private var isQuiet: Bool { assembler.isIdle && (settings.hearsUtterancesOnly || audio.isDrained) }

    func perform(_ actions: [SegmentAssembler.Action]) {
        for action in actions {
            switch action {
            case .emit(let event): sink(event)
            }
        }
    }

    /// Seconds of audio that the connection was given; of the leg, where only utterances are sent.
    var sent: Double {
        Double(settings.hearsUtterancesOnly ? audio.position : audio.sentOnConnection) / Double(sampleRate)
    }

    /// Sends whole frames, and what is left of one when an utterance ends there.
    func pump() {
        audio.isResting = assembler.isIdle
        guard case .open(let socket) = link, isReady, dialect.takesAudio, pumpTimer == nil else { return }
        let isLost = audio.skipLost()
        if isLost { logger.warning("Speech was not heard: no connection took it in time") }
        if settings.hearsUtterancesOnly {
            guard let start = assembler.nextStart else { return audio.skipUnwanted() }
            audio.skip(to: start)
        } else if audio.skipIdle() || isLost {
            // What fell out will never be heard: the connection's time goes on as if it had not been.
            assembler.connected(at: audio.position - audio.sentOnConnection)
        }
        while true {
            let now = now
            switch audio.next(boundary: assembler.nextFinalize, now: now) {
            case .idle: return
            case .wait(let duration):
                pumpTimer = loop.schedule(after: duration) { [weak self] in
                    self?.pumpTimer = nil
                    self?.pump()
                }
                return
            case .boundary:
                if let request = dialect.finalize(sent: sent), !request.send(on: socket) {
                    return dialect.notTaken()
                }
                assembler.finalizeSent(now: now)
                // Before it was asked, in silence, the vendor need not have said anything.
                if !dialect.takesAudio { lastHeard = now }
                watchDeadline()
                guard dialect.takesAudio else { return }
            case .send(let count):
                guard audio.withFrame(count, { dialect.send($0, on: socket) }) else { return }
                lastSent = now
                noteSent(.nanoseconds(count * 1_000_000_000 / sampleRate))
            }
        }
    }

    // MARK: Time

    /// Makes sure that the next deadline of an utterance is noticed.
    func watchDeadline() {
        guard let next = assembler.nextDeadline else { return }
        deadlineTimer?.cancel()
        deadlineTimer = loop.schedule(after: max(next - now, .zero)) { [weak self] in
            guard let self else { return }
            deadlineTimer = nil
            perform(assembler.expire(now: now))
            watchDeadline()
        }
    }

    private func keepHouse() {
        guard case .open(let socket) = link else { return }
        let now = now
        if let message = dialect.keepAlive, now - lastSent >= settings.keepAliveInterval {
            lastSent = now
            socket.send(text: message.utf8Span.span)
        }
        if !isReady || !dialect.takesAudio, now - lastHeard > settings.firstResultDeadline {
            let error = SpeechError(
                .deadlineExceeded, operation: dialect.operation, provider: dialect.provider,
                detail: "not ready within \(settings.firstResultDeadline)")
            socket.close(code: 1000)
            return lost(error)
        }
        // A voice for so long, and not one word or silence reported: the peer is there in name only.
        if let start = assembler.speakingSince,
            Double(audio.position - start) / Double(sampleRate) > settings.firstResultDeadline / .seconds(1),
            now - lastHeard > settings.firstResultDeadline
        {
            let error = SpeechError(
                .deadlineExceeded, operation: dialect.operation, provider: dialect.provider,
                detail: "no result within \(settings.firstResultDeadline) of speech")
            socket.close(code: 1000)
            lost(error)
        }
    }

    // MARK: Connection

    func opened(on socket: WebSocket) {
        link = .open(socket)
        lastHeard = now
        lastSent = now
        audio.connected(now: now)
        assembler.connected(at: settings.hearsUtterancesOnly ? 0 : audio.position)
        isReady = false
        for message in dialect.opened() { socket.send(text: message.utf8Span.span) }
        if !settings.awaitsReady { becomeReady() }
    }

    /// Audio may be sent; at once, or when the vendor has said so.
    func becomeReady() {
        guard !isReady else { return }
        isReady = true
        noted(.took(.connect, now - connectBegan))
        pump()
    }

    /// The connection could not be had or kept.
    func lost(_ error: SpeechError) {
        if case .ended = link { return }
        pumpTimer?.cancel()
        pumpTimer = nil
        // Words that are final need not be heard again.
        audio.disconnected(resume: assembler.disconnected(at: audio.end))
        guard error.isRetryable else {
            logger.error("Speech recognition is refused", metadata: ["error": "\(error)"])
            link = .ended(error)
            perform(assembler.gaveUp(error))
            sink(.failed(nil, error))
            return stopTimers()
        }
        if backoff.attempts == 0 {
            logger.warning("The connection to the speech recognizer broke", metadata: ["error": "\(error)"])
        }
        if backoff.isExhausted { perform(assembler.gaveUp(error)) }
        if isQuiet {
            link = .dormant
            return
        }
        let delay = backoff.next(jitter: .random(in: -1...1))
        link = .waiting(
            loop.schedule(after: delay) { [weak self] in self?.connect() })
    }

    private func end() {
        let error = SpeechError(
            .cancelled, operation: dialect.operation, provider: dialect.provider, detail: "the session was closed")
        switch link {
        case .open(let socket):
            if let message = dialect.farewell { socket.send(text: message.utf8Span.span) }
            socket.close(code: 1000)
        case .waiting(let timer): timer.cancel()
        case .dormant, .connecting, .ended: break
        }
        link = .ended(error)
        // Nobody waits any more: no event follows.
        _ = assembler.gaveUp(error)
        stopTimers()
    }

    private func stopTimers() {
        housekeeping?.cancel()
        deadlineTimer?.cancel()
        pumpTimer?.cancel()
        housekeeping = nil
        deadlineTimer = nil
        pumpTimer = nil
    }
}
