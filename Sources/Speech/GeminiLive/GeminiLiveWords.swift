/// The caller's words, which come in pieces that belong to nothing: until when a piece is of which utterance.
///
/// The vendor need not say that they are whole. Words are whole when it does, or when none have come for a while after the
/// utterance's end, or when the next utterance ends.
struct GeminiLiveWords: Sendable {
    private struct Committed: Sendable {
        let item: String
        var text: String
        var until: Duration
    }

    private let pause: Duration
    private let firstDeadline: Duration
    /// Of the utterance under way.
    private var open = ""
    private var committed: Committed?
    /// Whole, and not told yet.
    private var whole: [RealtimeServerEvent] = []
    private var lastItem = 0

    init(pause: Duration, firstDeadline: Duration) {
        self.pause = pause
        self.firstDeadline = firstDeadline
    }

    /// When words become whole by themselves.
    var deadline: Duration? { whole.isEmpty ? committed?.until : .zero }

    /// A new connection.
    mutating func forget() { (open, committed, whole) = ("", nil, []) }

    /// An utterance is over.
    ///
    /// - Returns: its name.
    mutating func commit(now: Duration) -> String {
        settle()
        lastItem += 1
        let item = "turn_\(lastItem)"
        committed = Committed(item: item, text: open, until: now + (open.isEmpty ? firstDeadline : pause))
        open = ""
        return item
    }

    mutating func add(_ text: String, isLast: Bool, now: Duration) {
        guard committed != nil else {
            open += text
            return
        }
        committed?.text += text
        if !text.isEmpty { committed?.until = now + pause }
        if isLast { settle() }
    }

    mutating func take(now: Duration) -> [RealtimeServerEvent] {
        if let committed, now >= committed.until { settle() }
        defer { whole = [] }
        return whole
    }

    private mutating func settle() {
        guard let committed else { return }
        whole.append(.transcribed(item: committed.item, text: committed.text))
        self.committed = nil
    }
}
