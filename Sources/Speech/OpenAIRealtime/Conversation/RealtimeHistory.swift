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

    /// The caller's words of a turn went down with the connection that carried their sound.
    struct WordsLost: Error, Equatable {}

    /// More are forgotten, oldest first: they have long been written down.
    private static let mostUtterances = 64
    private static let mostItems = 128

    /// The messages that the vendor knows, as they were when it was last asked.
    private var known: [RealtimeMessage] = []
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

    // MARK: What the vendor hears and says

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
        return utterances[index].id
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

    /// What must be said to the vendor so that it knows `messages`.
    ///
    /// What the caller said last is in its conversation already; what was said before that is put before it.
    mutating func tell(_ messages: [RealtimeMessage]) throws(WordsLost) -> [String] {
        var told: [String] = []
        let new = new(in: messages)
        // Nil behind the caller's turn, and where the vendor has not heard it.
        var before = newestBeforeTurn
        for (index, message) in zip(new.indices, new) {
            switch message {
            case .facts(let text): told.append(RealtimeClientEvent.facts(text, at: place(&before)))
            case .caller(let text):
                if claim(text) {
                    before = nil
                } else if !text.isEmpty {
                    told.append(RealtimeClientEvent.caller(text, at: place(&before)))
                } else if index == new.endIndex - 1 {
                    throw WordsLost()
                }
            case .agent(let text, let calls): told += agent(text, calls, &before)
            case .result(let call, let content):
                if self.calls.contains(call) {
                    told.append(RealtimeClientEvent.result(call, content, at: place(&before)))
                }
            }
        }
        known = messages
        ownWords = []
        return told
    }

    /// The item that the caller's last turn follows; nil where the vendor has heard none that is still to be answered.
    private var newestBeforeTurn: String? {
        let open = utterances.filter { !$0.isClaimed }
        guard !open.isEmpty else { return nil }
        let names = Set(open.compactMap(\.item))
        return order.prefix { !names.contains($0) }.last ?? "root"
    }

    private mutating func place(_ before: inout String?) -> RealtimeClientEvent.Place {
        lastPlace += 1
        let place = RealtimeClientEvent.Place(id: "told_\(lastPlace)", after: before)
        if before != nil { before = place.id }
        return place
    }

    /// The messages after those that the vendor knows.
    private func new(in messages: [RealtimeMessage]) -> ArraySlice<RealtimeMessage> {
        let same = zip(known, messages).prefix { Self.isSame($0, $1) }.count
        if same == known.count { return messages[same...] }
        // The older part was summed up meanwhile; the vendor still knows it as it was.
        if let last = known.last, let index = messages.lastIndex(where: { Self.isSame(last, $0) }) {
            return messages[(index + 1)...]
        }
        guard let index = messages.lastIndex(where: { if case .caller = $0 { true } else { false } }) else { return [] }
        return messages[index...]
    }

    /// What the caller said becomes known after the fact.
    private static func isSame(_ known: RealtimeMessage, _ message: RealtimeMessage) -> Bool {
        if case .caller("") = known, case .caller = message { return true }
        return known == message
    }

    /// Whether the vendor has heard a turn of these words itself.
    private mutating func claim(_ text: String) -> Bool {
        let open = utterances.indices.filter { !utterances[$0].isClaimed }
        let isHeard =
            text.isEmpty
            ? !open.isEmpty
            : open.contains { utterances[$0].words.map { !$0.isEmpty && text.contains($0) } == true }
        guard isHeard else { return false }
        for index in open { utterances[index].isClaimed = true }
        return true
    }

    private mutating func agent(
        _ text: String, _ calls: [RealtimeToolCall], _ before: inout String?
    ) -> [String] {
        // What of it the caller did not hear was cut there too.
        let letters = SpokenItem.letters(of: text)
        let isOwn = calls.isEmpty || calls.allSatisfy { self.calls.contains($0.id) }
        if isOwn, !letters.isEmpty || !calls.isEmpty, ownWords.contains(where: { $0.starts(with: letters) }) {
            return []
        }
        var told = letters.isEmpty ? [] : [RealtimeClientEvent.agent(text, at: place(&before))]
        for call in calls where self.calls.insert(call.id).inserted {
            told.append(RealtimeClientEvent.call(call, at: place(&before)))
        }
        return told
    }
}
