import AudioCore
import Logging
import Networking
import Synchronization

/// One call's voice: drives ``SpeechContexts`` with a socket and a clock.
///
/// The methods of ``SynthesisSession`` may be called anywhere; everything else happens on the session's loop.
final class ContextSynthesisSession<Dialect: ContextVoiceDialect>: SynthesisSession, @unchecked Sendable {
    // @unchecked: `lastID`, `paces` and the constants are safe anywhere; every other member is used on `loop` only.
    enum Link {
        /// Broken; the next text reconnects.
        case dormant
        case connecting
        case open(WebSocket)
        case waiting(LoopTimer)
        /// Refused, or closed by us. Final.
        case ended(SpeechError)
    }

    private struct Listener {
        let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
        let text: String
        /// The first half of a sample whose second half comes with the next chunk.
        var rest: [UInt8] = []
        /// Bytes of audio that were given.
        var given = 0
        var pace: SpokenPace

        init(_ continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation, text: String) {
            self.continuation = continuation
            self.text = text
            pace = SpokenPace(of: text)
        }
    }

    let loop: EventLoop
    let logger: Logger
    var dialect: Dialect
    private let request: WebSocketRequest
    private let format: AudioFormat
    private let lastID = Atomic<Int>(0)
    /// Of the latest texts, the oldest first.
    private let paces = Protected<[(text: String, pace: SpokenPace)]>([])
    private let epoch = ContinuousClock.now

    var link = Link.dormant
    var contexts: SpeechContexts
    var backoff = ReconnectBackoff()
    /// What the vendor said before it closed.
    var lastWords: SpeechError?
    /// Whether the log knows that messages cannot be read.
    var hasToldUnreadable = false
    let noted: @Sendable (ProviderEvent) -> Void
    private var listeners: [Int: Listener] = [:]
    /// Answered when the first connection opened, or could not.
    private var opening: CheckedContinuation<SpeechError?, Never>?
    private var lastSent = Duration.zero
    private var deadlineTimer: LoopTimer?
    private var armedDeadline = Duration.zero
    private var keepAliveTimer: LoopTimer?

    /// - Parameter noted: told of messages that cannot be read; on the loop.
    init(
        _ dialect: Dialect, request: WebSocketRequest, format: AudioFormat, loop: EventLoop, logger: Logger,
        noted: @escaping @Sendable (ProviderEvent) -> Void
    ) {
        self.noted = noted
        self.dialect = dialect
        self.request = request
        self.format = format
        self.loop = loop
        self.logger = logger
        contexts = SpeechContexts(dialect.contexts)
    }

    /// Opens the socket. Once.
    ///
    /// - Returns: why it could not be opened.
    func open() async -> SpeechError? {
        await withCheckedContinuation { done in
            onLoop { session in
                session.opening = done
                session.connect()
            }
        }
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        let text = InterlinearAnnotation.plain(text)
        // Bounded by the text asked for: audio of one sentence.
        let stream = AsyncThrowingStream<[UInt8], any Error>(bufferingPolicy: .unbounded) { continuation in
            guard text.contains(where: { !$0.isWhitespace }) else { return continuation.finish() }
            let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
            continuation.onTermination = { [weak self] termination in
                guard case .cancelled = termination else { return }
                self?.onLoop { $0.cancel(id) }
            }
            onLoop { $0.begin(id, text: text, continuation) }
        }
        return SynthesizedAudio(stream)
    }

    func pace(of text: String) async -> SpokenPace? {
        let text = InterlinearAnnotation.plain(text)
        return paces.withLock { $0.last { $0.text == text }?.pace }
    }

    func close() {
        onLoop { $0.end() }
    }

    private func onLoop(_ body: @escaping @Sendable (ContextSynthesisSession) -> Void) {
        if loop.isCurrent { body(self) } else { loop.post { body(self) } }
    }

    // MARK: On the loop

    /// Time since the session was made.
    var now: Duration { ContinuousClock.now - epoch }

    private func begin(
        _ id: Int, text: String, _ continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
    ) {
        if case .ended(let error) = link { return continuation.finish(throwing: error) }
        listeners[id] = Listener(continuation, text: text)
        perform(contexts.request(id, text: text, now: now))
        if case .dormant = link, contexts.isWaiting { connect() }
    }

    private func cancel(_ id: Int) {
        guard listeners.removeValue(forKey: id) != nil, contexts.cancel(id) else { return }
        guard case .open(let socket) = link else { return }
        if let message = dialect.cancellation(context: "c\(id)", now: now) {
            socket.send(text: message.span)
            lastSent = now
        }
        perform(contexts.resume(now: now))
    }

    func perform(_ actions: [SpeechContexts.Action]) {
        for action in actions {
            switch action {
            case .speak(let id, let text): speak(id, text)
            case .deliver(let id, let audio): deliver(id, audio)
            case .finish(let id): listeners.removeValue(forKey: id)?.continuation.finish()
            case .fail(let id, let error): listeners.removeValue(forKey: id)?.continuation.finish(throwing: error)
            case .abandonSocket:
                guard case .open(let socket) = link else { continue }
                socket.close(code: 1000)
                lost(
                    SpeechError(
                        .deadlineExceeded, operation: dialect.operation, provider: dialect.provider,
                        detail: "the connection made no progress"))
            }
        }
        watchDeadline()
    }

    private func speak(_ id: Int, _ text: String) {
        guard case .open(let socket) = link else { return }
        for message in dialect.messages(context: "c\(id)", text: text) {
            // A full queue shows as a missed deadline.
            socket.send(text: message.span)
        }
        lastSent = now
    }

    private func deliver(_ id: Int, _ audio: [UInt8]) {
        guard var listener = listeners[id] else { return }
        var chunk = listener.rest.isEmpty ? audio : listener.rest + audio
        let excess = chunk.count % format.bytesPerSample
        listener.rest = Array(chunk.suffix(excess))
        chunk.removeLast(excess)
        listener.given += chunk.count
        listeners[id] = listener
        if !chunk.isEmpty { listener.continuation.yield(chunk) }
    }

    /// Samples of a text's audio that were given.
    func givenSamples(of id: Int) -> Int { (listeners[id]?.given ?? 0) / format.bytesPerSample }

    /// The vendor tells when words are said.
    ///
    /// - Parameter start: sample of the text's audio from which their times count.
    func note(_ timing: [TimedPiece], of id: Int, since start: Int) {
        guard !timing.isEmpty, var listener = listeners[id] else { return }
        for piece in timing where (0...Self.longestAudio).contains(piece.end) {
            listener.pace.append(piece.text, endingAt: start + Int(piece.end * Double(format.sampleRate)))
        }
        listeners[id] = listener
        paces.withLock { paces in
            paces.removeAll { $0.text == listener.text }
            paces.append((listener.text, listener.pace))
            if paces.count > Self.mostPaces { paces.removeFirst() }
        }
    }

    /// Seconds.
    private static var longestAudio: Double { 600 }
    /// A reply is a few sentences.
    private static var mostPaces: Int { 16 }

    // MARK: Time

    private func watchDeadline() {
        guard let next = contexts.nextDeadline else { return }
        // Most deadlines move away while audio comes: a timer that is early looks again, one that is late is replaced.
        if deadlineTimer != nil, armedDeadline <= next { return }
        deadlineTimer?.cancel()
        armedDeadline = next
        deadlineTimer = loop.schedule(after: max(next - now, .milliseconds(1))) { [weak self] in
            guard let self else { return }
            deadlineTimer = nil
            perform(contexts.expire(now: now))
        }
    }

    private func keepAlive() {
        guard case .open(let socket) = link, let message = dialect.keepAlive,
            now - lastSent >= dialect.keepAliveInterval
        else { return }
        lastSent = now
        socket.send(text: message.utf8Span.span)
    }

    // MARK: Connection

    private func connect() {
        link = .connecting
        loop.connect(request, handler: self)
    }

    func opened(on socket: WebSocket) {
        link = .open(socket)
        dialect.opened()
        lastSent = now
        lastWords = nil
        if keepAliveTimer == nil, dialect.keepAlive != nil {
            keepAliveTimer = loop.scheduleRepeating(every: dialect.keepAliveInterval / 2) { [weak self] _ in
                self?.keepAlive()
            }
        }
        opening?.resume(returning: nil)
        opening = nil
        perform(contexts.opened(now: now))
    }

    /// The socket could not be had or kept.
    func lost(_ error: SpeechError) {
        if case .ended = link { return }
        let error = lastWords ?? error
        lastWords = nil
        if opening != nil { return end(error) }
        guard error.isRetryable else {
            logger.error("Speech synthesis is refused", metadata: ["error": "\(error)"])
            return end(error)
        }
        if backoff.attempts == 0 {
            logger.warning("The connection to the speech synthesizer broke", metadata: ["error": "\(error)"])
        }
        link = .dormant
        perform(contexts.closed(error))
        // Warm again before the next text, unless it does not seem to help.
        guard contexts.isWaiting || !backoff.isExhausted else { return }
        link = .waiting(
            loop.schedule(after: backoff.next(jitter: .random(in: -1...1))) { [weak self] in self?.connect() })
    }

    private func end() {
        if case .open(let socket) = link {
            if let farewell = dialect.farewell { socket.send(text: farewell.utf8Span.span) }
            socket.close(code: 1000)
        }
        end(
            SpeechError(
                .cancelled, operation: dialect.operation, provider: dialect.provider, detail: "the session was closed"))
    }

    /// Nothing is spoken any more.
    private func end(_ error: SpeechError) {
        if case .waiting(let timer) = link { timer.cancel() }
        link = .ended(error)
        opening?.resume(returning: error)
        opening = nil
        _ = contexts.closed(error)
        let waiting = listeners
        listeners = [:]
        for listener in waiting.values { listener.continuation.finish(throwing: error) }
        deadlineTimer?.cancel()
        keepAliveTimer?.cancel()
        deadlineTimer = nil
        keepAliveTimer = nil
    }
}
