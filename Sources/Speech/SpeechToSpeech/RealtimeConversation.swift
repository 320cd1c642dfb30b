/// One call's conversation with a model that hears and speaks: the vendor's events, the call's wishes and time in, what is to
/// be said to the vendor and told to the call out. A value; ``RealtimeCall`` is its driver.
///
/// One response is under way at most. A response that is cancelled keeps its place until the vendor has ended it, and
/// nothing of it is passed on; of one that was cut the vendor is told what the caller heard.
struct RealtimeConversation: Sendable {
    enum Action: Sendable, Equatable {
        case send(String)
        /// The vendor has taken the connection.
        case ready
        case recognized(RecognitionEvent)
        case answer(Int, RealtimeAnswerEvent)
        case failed(Int, SpeechError)
        /// The connection is of no more use, and a new one may be.
        case reconnect(SpeechError)
        /// The vendor does not want us.
        case refused(SpeechError)
        case complain(String)
    }

    /// What went by, for those who watch.
    struct Counts: Sendable, Equatable {
        /// Deltas of responses that were given up.
        var lateDeltas = 0
        /// Responses that brought more audio than may wait.
        var overlong = 0
        /// Messages of ours that the vendor had something against.
        var complaints = 0
        /// Replies of which the vendor was told how much was heard.
        var truncations = 0
    }

    struct Response: Sendable {
        /// The question it answers.
        let question: Int
        /// Nil until the vendor has given it a name.
        var id: String?
        /// Nobody wants it, since then.
        var cancelledAt: Duration?
        var calls: [RealtimeToolCall] = []
        /// What it says, in order.
        var spoken: [String] = []
        /// The caller's turn, where nobody knew its words when it was asked.
        var asked: UtteranceID?
        /// Those words are still waited for.
        var isUnwritten = false
        /// No word has come since the last sentence was said to be whole.
        var isTextWhole = true
        /// The vendor is done; the caller's words are waited for until then.
        var held: (finish: RealtimeFinish, until: Duration)?

        var eventID: String { "ask_\(question)" }
    }

    /// Of the vendor's words for what the caller said; it gives no measure.
    static let confidence = 0.85

    var dialect: any ConversationDialect
    let settings: RealtimeSettings
    var counts = Counts()
    var isConnected = false
    var isSetUp = false
    /// The vendor has taken the connection.
    var isOpen = false
    /// The vendor is about to end the connection.
    var isRenewalDue = false
    var history = RealtimeHistory()
    /// What a new connection could go on from.
    var kept: RealtimeHistory?
    /// The conversation as it was last known, for a vendor that is told it at the beginning.
    var messages: [RealtimeMessage] = []
    /// Milliseconds that were heard of the last reply, where it was cut and the vendor knows more of it.
    var heardOfCut: Int?
    var configured: (instructions: String?, tools: [RealtimeTool]) = (nil, [])
    var response: Response?
    var waiting: (id: Int, question: RealtimeQuestion, utterance: UtteranceID?)?
    /// What is being said, oldest first.
    var items: [SpokenItem] = []
    private var given = GivenAudio()
    /// Utterances of which the call wants no words.
    var unwanted: Set<UtteranceID> = []

    init(_ dialect: any ConversationDialect) {
        self.dialect = dialect
        settings = dialect.settings
    }

    /// Nothing is under way that a new connection would end.
    var isIdle: Bool {
        response == nil && waiting == nil && !history.utterances.contains { $0.words == nil && !$0.isClaimed }
    }

    /// Samples that came and were not passed on yet.
    var waitingSamples: Int { items.reduce(0) { $0 + $1.audio.count - $1.given } }

    // MARK: What the caller says

    /// The audio of an utterance is with the vendor to its end.
    mutating func committed(_ id: UtteranceID, now: Duration) -> [Action] {
        history.committed(id)
        let (messages, item) = dialect.commit(now: now)
        if let item { history.named(item) }
        return messages.map(Action.send) + [.recognized(.taken(id))]
    }

    /// What sends a piece of the caller's audio.
    mutating func append(_ audio: Span<UInt8>) -> [String] { dialect.append(audio) }

    /// What says that the audio since the last utterance is of no use.
    mutating func clear() -> [String] { dialect.clear() }

    /// The call has no use for the words of `id` any more.
    mutating func cancelled(_ id: UtteranceID) {
        if history.utterances.contains(where: { $0.id == id && $0.words == nil }) { unwanted.insert(id) }
    }

    // MARK: What is asked

    /// A question without the caller's words is about what they said last. What they said before that and was no turn is no
    /// part of it, whatever the words.
    ///
    /// - Parameter id: larger than that of every question before.
    mutating func ask(_ id: Int, _ question: RealtimeQuestion) -> [Action] {
        let utterance = question.messages.last == .caller("") ? history.newestOpen : nil
        guard isOpen, response == nil else {
            waiting = (id, question, utterance)
            if dialect.isBriefedAtSetup, configured.instructions == nil {
                configured = (question.instructions, question.tools)
            }
            return setUp()
        }
        return begin(id, question, about: utterance)
    }

    /// Nobody wants the answer to question `id` any more.
    mutating func cancel(_ id: Int, now: Duration) -> [Action] {
        if waiting?.id == id { waiting = nil }
        guard response?.question == id else { return [] }
        return cancelResponse(now: now)
    }

    mutating func cancelResponse(now: Duration) -> [Action] {
        guard let current = response, current.cancelledAt == nil else { return [] }
        guard current.held == nil else {
            // The vendor has ended it.
            response = nil
            return goOn()
        }
        response?.cancelledAt = now
        for index in items.indices {
            if current.spoken.contains(items[index].id) { items[index].cutShort() } else { items[index].end() }
            history.said(items[index].letters, calling: [])
        }
        return dialect.cancel(current.id, now: now).map(Action.send)
    }

    /// Asks what had to wait.
    mutating func goOn() -> [Action] {
        guard isOpen, response == nil, let (id, question, utterance) = waiting else { return [] }
        waiting = nil
        return begin(id, question, about: utterance)
    }

    private mutating func begin(
        _ id: Int, _ question: RealtimeQuestion, about utterance: UtteranceID?
    ) -> [Action] {
        var actions: [Action] = []
        if case .caller? = question.messages.last { actions += forgetUnspoken() }
        // Another agent has a conversation of its own.
        if let former = configured.instructions, former != question.instructions { history.beginAnew() }
        let tools = question.forbidsTools && !dialect.forbidsToolsByAnswer ? [] : question.tools
        if configured.instructions != question.instructions || configured.tools != tools {
            configured = (question.instructions, tools)
            actions += dialect.configure(instructions: question.instructions, tools: tools).map(Action.send)
        }
        messages = question.messages
        let told: [ToldItem]
        do {
            told = try history.tell(question.messages, about: utterance)
        } catch {
            let lost = dialect.error(.unavailable, "what the caller said was lost with the connection")
            return actions + [.failed(id, lost)]
        }
        response = Response(question: id, asked: utterance)
        response?.isUnwritten = history.utterances.contains { $0.id == utterance && $0.words == nil }
        actions += dialect.ask(
            id, told: told, heard: heardOfReply(in: question.messages), forbidsTools: question.forbidsTools
        ).map(Action.send)
        return actions + (response?.isUnwritten == false ? heard() : [])
    }

    /// What the caller heard of a reply that was cut, if the vendor must be told in words.
    private mutating func heardOfReply(in messages: [RealtimeMessage]) -> String? {
        defer { heardOfCut = nil }
        guard let heardOfCut else { return nil }
        let said = messages.last { if case .agent = $0 { true } else { false } }
        guard heardOfCut > 0, case .agent(let text, _)? = said else { return "" }
        return text
    }

    /// What the last reply held and nobody asked for was not said.
    private mutating func forgetUnspoken() -> [Action] {
        defer {
            items = []
            given.begin()
        }
        return items.flatMap { $0.given < $0.audio.count || $0.audio.isEmpty ? cut($0, to: $0.given) : [] }
    }

    private mutating func cut(_ item: SpokenItem, to samples: Int) -> [Action] {
        guard isOpen, !item.isForgotten else { return [] }
        counts.truncations += 1
        // At the wire's 8 kHz; whole milliseconds that were heard for sure.
        let milliseconds = min(samples, item.audio.count) / 8
        guard let message = dialect.cut(item.id, heard: milliseconds) else {
            heardOfCut = max(heardOfCut ?? 0, milliseconds)
            return []
        }
        if milliseconds == 0 { history.deleted(item.id) }
        return [.send(message)]
    }

    // MARK: What is spoken

    /// The sentences that follow are those of a new reply; what the last one held and did not say was not said.
    mutating func beginReply() -> [Action] {
        given.begin()
        let old = items.filter { $0.given > 0 }
        items.removeAll { $0.given > 0 }
        return old.flatMap { $0.given < $0.audio.count ? cut($0, to: $0.given) : [] }
    }

    /// The reply was cut.
    ///
    /// - Parameter samples: that the caller heard of it.
    mutating func cutReply(heard samples: Int, now: Duration) -> [Action] {
        var actions = cancelResponse(now: now)
        let heard = given.heard(samples)
        for item in items {
            let count = heard[item.id] ?? 0
            if !item.isCutShort, !item.audio.isEmpty, count >= item.audio.count { continue }
            actions += cut(item, to: count)
        }
        items = []
        given.begin()
        return actions
    }

    /// Begins to give the audio of a sentence, if the model says it.
    mutating func claim(_ text: String) -> Bool {
        for index in items.indices where items[index].claim(text) { return true }
        return false
    }

    /// Nobody wants the rest of the sentence.
    mutating func abandonSentence() {
        for index in items.indices { items[index].abandon() }
    }

    /// The next audio of the sentence under way.
    mutating func take() -> SpokenItem.Piece {
        guard let index = items.firstIndex(where: \.isSpeaking) else { return .end }
        let piece = items[index].take()
        if case .audio(let audio) = piece { given.gave(audio.count, of: items[index].id) }
        return piece
    }

    /// Another voice spoke.
    mutating func gave(other samples: Int) { given.gave(samples, of: nil) }

    // MARK: Time

    /// When ``expire(now:)`` has something to do.
    var deadline: Duration? {
        [dialect.deadline, responseDeadline].compactMap { $0 }.min()
    }

    private var responseDeadline: Duration? {
        guard let response else { return nil }
        if let held = response.held { return held.until }
        return response.cancelledAt.map { $0 + settings.cancellationDeadline }
    }

    mutating func expire(now: Duration) -> [Action] {
        var actions: [Action] = []
        if let deadline = dialect.deadline, now >= deadline {
            for event in dialect.expire(now: now) { actions += received(event, now: now) }
        }
        guard let responseDeadline, now >= responseDeadline, let response else { return actions }
        if let held = response.held { return actions + finish(held.finish) }
        return actions + [
            .reconnect(
                dialect.error(
                    .deadlineExceeded, during: "cancel",
                    "the response did not end within \(settings.cancellationDeadline)"))
        ]
    }
}
