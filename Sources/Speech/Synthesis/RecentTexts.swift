/// A few texts, the latest of those that were noted. Any thread.
final class RecentTexts: Sendable {
    /// A caller hears a few texts a turn.
    static let limit = 32

    /// The oldest first.
    private let texts = Protected<[String]>([])

    func insert(_ text: String) {
        texts.withLock { texts in
            texts.removeAll { $0 == text }
            texts.append(text)
            if texts.count > Self.limit { texts.removeFirst() }
        }
    }

    func remove(_ text: String) { texts.withLock { $0.removeAll { $0 == text } } }

    func contains(_ text: String) -> Bool { texts.withLock { $0.contains(text) } }
}
