/// What the vendor knows of a conversation on this connection: what it heard and said itself, and what it was told.
struct RealtimeHistory: Sendable {
    /// What the caller said, which the vendor has heard as sound.
    struct Utterance: Sendable, Equatable {
        let id: UtteranceID
        /// The vendor's name for it.
        var item: String?
        /// Nil while they are not written down; empty where there are none.
        var words: String?
        /// A message stands for it.
        var isClaimed = false
    }

    /// A message that the vendor knows.
    private struct Known: Sendable, Equatable {
        var message: RealtimeMessage
        /// The caller's turn, where the message came without its words.
        var utterance: UtteranceID?

        /// Whether it is that one in a later question: its words may have become known, what was not heard may be gone.
        func isSame(as other: RealtimeMessage, words: String?) -> Bool {
            switch (message, other) {
            case (.caller(""), .caller(let text)): text.isEmpty || text == words
            case (.result(let call, _), .result(let same, _)): call == same
            case (.agent(let text, let calls), .agent(let rest, let same)):
                calls == same && SpokenItem.letters(of: text).starts(with: SpokenItem.letters(of: rest))
            default: message == other
            }
        }
    }

    /// The caller's words of a turn went down with the connection that carried their sound.
    struct WordsLost: Error, Equatable {}

    /// More are forgotten, oldest first: they have long been written down.
    private static let mostUtterances = 64
    private static let mostItems = 128

    /// The messages that the vendor knows, as they were when it was last asked.
    private var known: [Known] = []
    /// The words of its turns that came later, by their utterances.
    private var knownWords: [UtteranceID: String] = [:]
    /// What it has said since then, without spaces.
    private var ownWords: [[Character]] = []
    private var calls: Set<String> = []
    private(set) var utterances: [Utterance] = []
    /// The newest items of the vendor's conversation, in its order.
    private var order: [String] = []
    private var lastPlace = 0

    /// A new connection: the vendor knows nothing.
    mutating func forget() {
        let lastPlace = lastPlace
        self = RealtimeHistory()
        self.lastPlace = lastPlace
    }

    /// A new connection goes on where the vendor was when this was kept; what it was told and has said since is gone, and so
    /// is what it had heard and not written down.
    mutating func resume(_ kept: RealtimeHistory) {
        let (lastPlace, current) = (lastPlace, self)
        self = kept
        self.lastPlace = lastPlace
        for index in utterances.indices where utterances[index].words == nil {
            utterances[index].words = current.utterances.first { $0.id == utterances[index].id }?.words
        }
        utterances.removeAll { $0.words == nil && !$0.isClaimed }
        for (id, words) in current.knownWords where known.contains(where: { $0.utterance == id }) {
            knownWords[id] = words
        }
    }

    /// Another agent goes on: what follows is none of the messages so far. What the vendor has heard and said it still knows.
    mutating func beginAnew() {
        known = []
        knownWords = [:]
    }

    // MARK: What the vendor hears and says

    /// What the caller said last, if no message stands for it.
    var newestOpen: UtteranceID? { utterances.last { !$0.isClaimed }?.id }

    mutating func committed(_ id: UtteranceID) {
        utterances.append(Utterance(id: id))
        if utterances.count > Self.mostUtterances { utterances.removeFirst() }
    }

    /// The oldest utterance without a name has this one.
    mutating func named(_ item: String) {
        guard let index = utterances.firstIndex(where: { $0.item == nil }) else { return }
        utterances[index].item = item
    }

    /// - Returns: whose words they are; nil for an item that is not known, or was written down before.
    mutating func wrote(_ words: String, of item: String) -> UtteranceID? {
        guard let index = utterances.firstIndex(where: { $0.item == item && $0.words == nil }) else { return nil }
        utterances[index].words = words
        let id = utterances[index].id
        if known.contains(where: { $0.utterance == id }) { knownWords[id] = words }
        return id
    }

    mutating func said(_ letters: [Character], calling ids: [String]) {
        ownWords.append(letters)
        calls.formUnion(ids)
    }

    mutating func added(_ item: String, after previous: String?) {
        guard !order.contains(item) else { return }
        // Behind one that is forgotten already, it is old.
        let index = previous.map { order.firstIndex(of: $0).map { $0 + 1 } ?? order.count } ?? 0
        order.insert(item, at: index)
        if order.count > Self.mostItems { order.removeFirst() }
    }

    mutating func deleted(_ item: String) { order.removeAll { $0 == item } }

    // MARK: What it is told

    /// The vendor of a new connection is told these in writing before anything else.
    mutating func brief(_ messages: [RealtimeMessage]) {
        known = messages.map { Known(message: $0) }
        for case .agent(_, let calls) in messages { self.calls.formUnion(calls.map(\.id)) }
    }

    /// What must be said to the vendor so that it knows `messages`.
    ///
    /// What the caller said last is in its conversation already; what was said before that is put before it.
    ///
    /// - Parameter turn: the caller's last turn, where the last message is without its words.
    mutating func tell(_ messages: [RealtimeMessage], about turn: UtteranceID?) throws(WordsLost) -> [ToldItem] {
        var told: [ToldItem] = []
        let start = newStart(in: messages)
        let last = messages.lastIndex { if case .caller = $0 { true } else { false } }
        var before = last.flatMap { $0 < start ? nil : newest(before: messages[$0], turn) }
        for index in start..<messages.count {
            switch messages[index] {
            case .facts(let text): told.append(ToldItem(kind: .facts(text), place: place(&before)))
            case .caller(let text):
                if claim(text, index == messages.count - 1 ? turn : nil) {
                    if index == last { before = nil }
                } else if !text.isEmpty {
                    told.append(ToldItem(kind: .caller(text), place: place(&before)))
                } else if index == messages.count - 1 {
                    throw WordsLost()
                }
            case .agent(let text, let calls): told += agent(text, calls, &before)
            case .result(let call, let content):
                if self.calls.contains(call) {
                    told.append(ToldItem(kind: .result(call: call, content: content), place: place(&before)))
                }
            }
        }
        remember(messages, from: start, about: turn)
        ownWords = []
        return told
    }

    /// The item that the caller's last turn follows; nil where the vendor has not heard that turn.
    private func newest(before message: RealtimeMessage, _ turn: UtteranceID?) -> String? {
        guard case .caller(let text) = message, let first = heard(text, turn).first else { return nil }
        guard let item = utterances[first].item, let index = order.firstIndex(of: item) else {
            return order.last ?? "root"
        }
        return index > 0 ? order[index - 1] : "root"
    }

    private mutating func place(_ before: inout String?) -> ToldItem.Place {
        lastPlace += 1
        let place = ToldItem.Place(id: "told_\(lastPlace)", after: before)
        if before != nil { before = place.id }
        return place
    }

    /// Where the messages begin that the vendor does not know.
    private func newStart(in messages: [RealtimeMessage]) -> Int {
        let same = zip(known, messages).prefix { isSame($0, $1) }.count
        if same == known.count { return same }
        // The older part was summed up or made shorter meanwhile; the vendor still knows it as it was. A caller's message at
        // the end is the new turn, even if it is alike.
        let isTurn = if case .caller? = messages.last { true } else { false }
        let older = messages.dropLast(isTurn ? 1 : 0)
        for anchor in known.indices.reversed() {
            var best = (length: 0, end: 0)
            for end in older.indices where isSame(known[anchor], older[end]) {
                let length = zip(known[...anchor].reversed(), older[...end].reversed()).prefix { isSame($0, $1) }.count
                if length >= best.length { best = (length, end + 1) }
            }
            if best.length > 0 { return best.end }
        }
        return 0
    }

    private func isSame(_ known: Known, _ message: RealtimeMessage) -> Bool {
        known.isSame(as: message, words: known.utterance.flatMap { knownWords[$0] })
    }

    private mutating func remember(_ messages: [RealtimeMessage], from start: Int, about turn: UtteranceID?) {
        // Those before end where the known ones do.
        let shift = known.count - start
        var next = messages.indices.map { index -> Known in
            let former = index + shift
            guard index < start, known.indices.contains(former), isSame(known[former], messages[index]) else {
                return Known(message: messages[index])
            }
            return Known(message: messages[index], utterance: known[former].utterance)
        }
        if let turn, messages.last == .caller("") { next[next.count - 1].utterance = turn }
        known = next
        let kept = Set(next.compactMap(\.utterance))
        knownWords = knownWords.filter { kept.contains($0.key) }
        if let turn, let words = utterances.first(where: { $0.id == turn })?.words { knownWords[turn] = words }
    }

    /// The utterances not stood for yet that a message stands for, oldest first.
    private func heard(_ text: String, _ turn: UtteranceID?) -> [Int] {
        utterances.indices.filter {
            guard !utterances[$0].isClaimed else { return false }
            guard !text.isEmpty else { return utterances[$0].id == turn }
            return utterances[$0].words.map { !$0.isEmpty && text.contains($0) } == true
        }
    }

    /// Whether the vendor has heard a turn of these words itself.
    private mutating func claim(_ text: String, _ turn: UtteranceID?) -> Bool {
        guard let newest = heard(text, turn).last else { return false }
        // What came before and was no turn is over, too.
        for index in 0...newest { utterances[index].isClaimed = true }
        return true
    }

    private mutating func agent(
        _ text: String, _ calls: [RealtimeToolCall], _ before: inout String?
    ) -> [ToldItem] {
        // What of it the caller did not hear was cut there too.
        let letters = SpokenItem.letters(of: text)
        let isOwn = calls.isEmpty || calls.allSatisfy { self.calls.contains($0.id) }
        if isOwn, !letters.isEmpty || !calls.isEmpty, ownWords.contains(where: { $0.starts(with: letters) }) {
            return []
        }
        var told = letters.isEmpty ? [] : [ToldItem(kind: .agent(text), place: place(&before))]
        for call in calls where self.calls.insert(call.id).inserted {
            told.append(ToldItem(kind: .call(call), place: place(&before)))
        }
        return told
    }
}
