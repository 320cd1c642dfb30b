/// A piece of a word, as Soniox reports it: its text holds its own spaces.
struct SonioxToken: Sendable, Equatable, Decodable {
    let text: String
    /// Milliseconds since the connection's first sample.
    let start: Double?
    let end: Double?
    let confidence: Double?
    /// Final ones come once, the others again with every message.
    let isFinal: Bool?
    let language: String?

    private enum CodingKeys: String, CodingKey {
        case text, confidence, language
        case start = "start_ms"
        case end = "end_ms"
        case isFinal = "is_final"
    }

    /// An endpoint, and the answer to `finalize`: no words.
    var isMark: Bool { text == "<end>" || text == "<fin>" }

    /// Whether a word begins here.
    var beginsWord: Bool { text.first?.isWhitespace ?? false }
}

extension RecognizedSegment {
    /// What tokens say together.
    ///
    /// - Parameters:
    ///   - start: seconds of the connection.
    ///   - end: seconds of the connection.
    ///   - locale: of numbers.
    init(_ tokens: [SonioxToken], start: Double, end: Double, isFinal: Bool, locale: SpeechLocale) {
        var words: [Word] = []
        var rest = tokens[...]
        while let first = rest.popFirst() {
            var parts = [first]
            while rest.first?.beginsWord == false { parts.append(rest.removeFirst()) }
            let text = PlainWords.of(parts.map(\.text).joined(), locale: locale)
            guard !text.isEmpty else { continue }
            let sure = parts.compactMap(\.confidence)
            let from = (parts.first { $0.start != nil }?.start).map { $0 / 1000 } ?? words.last?.end ?? start
            let to = (parts.last { $0.end != nil }?.end).map { $0 / 1000 } ?? from
            words.append(
                Word(
                    word: text, start: from, end: to,
                    confidence: Self.mean(sure), language: first.language))
        }
        self.init(
            start: start, duration: max(end - start, 0), isFinal: isFinal,
            transcript: words.map(\.word).joined(separator: " "),
            confidence: Self.confidence(of: words), words: words)
    }
}
