import AudioCore
import Logging
import Networking
import Synchronization

/// One leg's ears out of a chain: drives a ``RecognitionRelay``, keeps the leg's latest audio, and gives every recognizer
/// its share of it.
///
/// The methods of ``RecognitionSession`` may be called on any one thread (the media loop's); everything else happens on
/// the session's loop.
final class FallbackRecognitionSession: RecognitionSession, @unchecked Sendable {
    // @unchecked: `inlet`, `isDrainPosted` and the constants are safe anywhere, `spoken` is of the thread that calls; every
    // other member is used on `loop` only.
    private final class Hearer {
        let number: Int
        let position: Int
        let session: any RecognitionSession
        var feed: RecognitionFeed

        /// - Parameters:
        ///   - position: in the chain.
        ///   - start: of the leg's audio that it is given.
        init(number: Int, position: Int, session: any RecognitionSession, from start: Int) {
            self.number = number
            self.position = position
            self.session = session
            feed = RecognitionFeed(from: start)
        }
    }

    let inlet: SampleRing<UInt8>
    private let links: [FallbackRecognizer.Link]
    private let names: [String]
    private let format: AudioFormat
    private let vocabulary: SpeechVocabulary
    private let board: ProviderBoard
    private let loop: EventLoop
    private let logger: Logger
    private let sink: @Sendable (RecognitionEvent) -> Void
    private let isDrainPosted = Atomic<Bool>(false)
    /// The utterance that is being spoken. On the thread of the call's methods only.
    private var spoken: UtteranceID?
    /// Bytes that are worth handing on while nobody speaks; half of them while somebody does. 80 ms are what vendors are
    /// sent at a time, so nobody waits longer for it.
    private let worthwhile: Int
    private var relay: RecognitionRelay
    private var audio: RecentAudio
    private var hearers: [Hearer] = []
    private var deadlineTimer: LoopTimer?
    private var armedDeadline = Duration.zero
    private var pumpTimer: LoopTimer?
    private var isClosed = false

    /// Seconds of audio kept at most for whoever hears an utterance later; and while nobody would be given any of it.
    private static let (history, rest) = (15, 2)
    /// Bytes handed over at a time.
    private static let piece = 4000

    init(
        _ links: [FallbackRecognizer.Link], format: AudioFormat, vocabulary: SpeechVocabulary, board: ProviderBoard,
        settings: RecognitionRelay.Settings, loop: EventLoop, logger: Logger,
        sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.links = links
        names = links.map(\.name)
        self.format = format
        self.vocabulary = vocabulary
        self.board = board
        self.loop = loop
        self.logger = logger
        self.sink = sink
        let bytesPerSecond = format.sampleRate * format.bytesPerSample
        relay = RecognitionRelay(
            providers: names, showsInterims: links.map(\.recognizer.capabilities.providesInterims), settings: settings)
        audio = RecentAudio(
            capacity: Self.history * bytesPerSecond, initial: Self.rest * bytesPerSecond, largestFrame: Self.piece)
        worthwhile = bytesPerSecond / 100 * 8
        // A second of audio is room for a loop that is late.
        inlet = SampleRing(minimumCapacity: bytesPerSecond, silence: 0xFF)
    }

    /// Opens the recognizer that will probably be asked first.
    func start() {
        onLoop { session in session.perform(session.relay.makeReady(session.standing, at: 0)) }
    }

    // MARK: What the call says

    func audioArrived() {
        guard inlet.count >= (spoken == nil ? worthwhile : worthwhile / 2) else { return }
        if loop.isCurrent { return drain() }
        guard !isDrainPosted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        loop.post { self.drainPosted() }
    }

    private func drainPosted() {
        isDrainPosted.store(false, ordering: .releasing)
        drain()
    }

    func beginUtterance(_ id: UtteranceID, context: String) {
        spoken = id
        let position = inlet.writePosition
        onLoop { session in
            session.tell {
                session.relay.begin(id, context: context, session.standing, at: position, now: session.board.now())
            }
        }
    }

    func pauseUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        onLoop { session in session.tell { session.relay.pause(id, at: position) } }
    }

    func resumeUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        onLoop { session in session.tell { session.relay.resume(id, at: position) } }
    }

    func finishUtterance(_ id: UtteranceID) {
        if spoken == id { spoken = nil }
        let position = inlet.writePosition
        onLoop { session in
            session.tell { session.relay.finish(id, session.standing, at: position, now: session.board.now()) }
        }
    }

    func cancelUtterance(_ id: UtteranceID) {
        if spoken == id { spoken = nil }
        let position = inlet.writePosition
        onLoop { session in session.tell { session.relay.cancel(id, at: position) } }
    }

    func close() {
        onLoop { session in
            session.isClosed = true
            session.deadlineTimer?.cancel()
            session.pumpTimer?.cancel()
            for hearer in session.hearers { hearer.session.close() }
            session.hearers = []
        }
    }

    private func onLoop(_ body: @escaping @Sendable (FallbackRecognitionSession) -> Void) {
        if loop.isCurrent { body(self) } else { loop.post { body(self) } }
    }

    // MARK: On the loop

    /// How the chain stands now; whoever refuses our key is left out until its rest is over.
    private var standing: RecognitionRelay.Standing {
        let order = board.order(of: names)
        let now = board.now()
        return RecognitionRelay.Standing(
            order: order.filter { !board.breaker(of: names[$0]).isBarred(at: now) },
            patience: names.map(board.patience(with:)),
            full: Set(links.indices.filter { !links[$0].recognizer.hasRoom }))
    }

    private func tell(_ event: () -> [RecognitionRelay.Action]) {
        guard !isClosed else { return }
        takeAudio()
        perform(event())
    }

    private func received(_ event: RecognitionEvent, from number: Int) {
        guard !isClosed else { return }
        perform(relay.received(event, from: number, standing, at: audio.end, now: board.now()))
    }

    private func perform(_ actions: [RecognitionRelay.Action]) {
        for action in actions {
            switch action {
            case .open(let position, let number, let from): open(position, number, from: from)
            case .say(let mark, let number, let at): say(mark, to: number, at: at)
            case .close(let number):
                hearers.first { $0.number == number }?.session.close()
                hearers.removeAll { $0.number == number }
            case .emit(let event): sink(event)
            case .note(let position, let event):
                if event == .replaced {
                    logger.notice("The next recognizer is asked", metadata: ["instead.of": "\(names[position])"])
                }
                board.note(event, of: names[position])
            }
        }
        pump()
        watchDeadline()
    }

    private func open(_ position: Int, _ number: Int, from: Int) {
        let (loop, link) = (loop, links[position])
        board.began(with: names[position])
        // Never at once: a recognizer may answer while it is being told something.
        let received: @Sendable (RecognitionEvent) -> Void = { [weak self] event in
            let session = self
            loop.post { session?.received(event, from: number) }
        }
        do {
            let session = try link.recognizer.makeSession(format: format, vocabulary: vocabulary, sink: received)
            hearers.append(Hearer(number: number, position: position, session: session, from: from))
        } catch {
            received(.failed(nil, error))
        }
    }

    private func say(_ mark: RecognitionFeed.Mark, to number: Int, at position: Int) {
        guard let hearer = hearers.first(where: { $0.number == number }) else { return }
        // What was not yet said of an utterance that nobody wants need not be.
        if case .cancel(let id) = mark, !hearer.feed.drop(id) { return }
        hearer.feed.add(mark, at: position)
    }

    // MARK: Audio

    private func drain() {
        guard !isClosed else { return }
        takeAudio()
        pump()
    }

    private func takeAudio() {
        var needed = relay.oldestNeeded(at: audio.end)
        for hearer in hearers { needed = min(needed, hearer.feed.position) }
        audio.drain(inlet, keeping: needed)
    }

    /// Gives every recognizer what it lacks, as far as it has room.
    private func pump() {
        var isBehind = false
        for hearer in hearers {
            let lost = hearer.feed.skip(to: audio.start)
            if lost > 0 { board.note(.lost(bytes: lost), of: names[hearer.position]) }
            if !give(hearer) { isBehind = true }
        }
        guard isBehind, pumpTimer == nil else { return }
        pumpTimer = loop.schedule(after: .milliseconds(20)) { [weak self] in
            self?.pumpTimer = nil
            self?.pump()
        }
    }

    /// - Returns: whether it has everything.
    private func give(_ hearer: Hearer) -> Bool {
        let target = hearer.session.inlet
        var hasNews = false
        while true {
            switch hearer.feed.next(end: audio.end, room: target.capacity - target.count) {
            case .idle:
                if hasNews { hearer.session.audioArrived() }
                return !hearer.feed.isBehind(audio.end)
            case .audio(let count):
                let count = min(count, Self.piece)
                audio.withFrame(at: hearer.feed.position, count: count) { _ = target.write($0) }
                hearer.feed.gave(count)
                hasNews = true
                // A recognizer on this loop makes room at once.
                if count == Self.piece { hearer.session.audioArrived() }
            case .mark(let mark):
                if hasNews { hearer.session.audioArrived() }
                hasNews = false
                hearer.session.take(mark)
            }
        }
    }

    // MARK: Time

    private func watchDeadline() {
        guard let next = relay.nextDeadline else { return }
        // A timer that is early looks again, one that is late is replaced.
        if deadlineTimer != nil, armedDeadline <= next { return }
        deadlineTimer?.cancel()
        armedDeadline = next
        deadlineTimer = loop.schedule(after: max(next - board.now(), .milliseconds(1))) { [weak self] in
            guard let self else { return }
            deadlineTimer = nil
            guard !isClosed else { return }
            perform(relay.expire(standing, at: audio.end, now: board.now()))
        }
    }
}

extension RecognitionSession {
    fileprivate func take(_ mark: RecognitionFeed.Mark) {
        switch mark {
        case .begin(let id, let context): beginUtterance(id, context: context)
        case .pause(let id): pauseUtterance(id)
        case .resume(let id): resumeUtterance(id)
        case .finish(let id): finishUtterance(id)
        case .cancel(let id): cancelUtterance(id)
        }
    }
}
