/// Written text as it is to be said: numbers, money, dates, times, telephone numbers and addresses as words, Markdown and
/// emoji gone. A pure function; every synthesizer is given its result.
///
/// What is ambiguous on paper is read as it most often is on the telephone: `12/01` is a date in the order of the locale,
/// four digits between 1100 and 2099 are a year, seven digits and more are read one by one.
package enum SpeakableText {
    /// - Parameters:
    ///   - locale: of numbers, signs and abbreviations.
    ///   - pronunciations: words as they are written → as they are to be read; whole words, whatever their case.
    package static func make(
        from text: String, locale: SpeechLocale = .english, pronunciations: [String: Pronunciation] = [:]
    ) -> String {
        var text = MarkupRemoval.plain(text)
        // No reading touches what stands for a word with its sounds.
        var annotated: [Pronunciation] = []
        if !pronunciations.isEmpty { text = pronounced(text, pronunciations, &annotated) }
        // Most sentences of an agent are words already.
        if text.contains(where: { $0.isNumber || signs.contains($0) }) || text.dropLast().contains(".")
            || hasAcronym(text)
        {
            text = AddressReading.read(text, locale)
            text = DateReading.read(text, locale)
            text = MoneyReading.read(text, locale)
            text = NumberReading.read(text, locale)
            text = WordReading.read(text, locale)
        }
        text = tidied(text)
        for (index, word) in annotated.enumerated() {
            text.replace(stand(for: index), with: InterlinearAnnotation.mark(word.text, sounds: word.sounds ?? ""))
        }
        return text
    }

    /// A character of private use, of which a text has none (``MarkupRemoval``).
    private static func stand(for index: Int) -> String {
        Unicode.Scalar(0xE000 + UInt32(index)).map(String.init) ?? ""
    }

    /// More than a sentence has words; Unicode has 6400.
    private static let mostAnnotated = 1000

    private static let signs: Set<Character> = ["@", "/", "&", "%", "+", "=", "°", "$", "€", "£", "_", "~", "#", "*"]

    private static func hasAcronym(_ text: String) -> Bool {
        var run = 0
        for character in text {
            run = character.isUppercase ? run + 1 : 0
            if run == 2 { return true }
        }
        return false
    }

    /// Words of the dictionary, longest first, so that "St. Mary" comes before "St.".
    private static func pronounced(
        _ text: String, _ dictionary: [String: Pronunciation], _ annotated: inout [Pronunciation]
    ) -> String {
        var result = ""
        var rest = text[...]
        let words = dictionary.keys.filter { !$0.isEmpty }.sorted { ($0.count, $1) > ($1.count, $0) }
        var before: Character?
        while let first = rest.first {
            let isStart = before.map { !$0.isLetter && !$0.isNumber } ?? true
            let word = isStart ? words.first { isWord($0, at: rest) } : nil
            if let word, let spoken = dictionary[word] {
                if spoken.sounds != nil, annotated.count < mostAnnotated {
                    result += stand(for: annotated.count)
                    annotated.append(spoken)
                } else {
                    result += spoken.text
                }
                rest = rest.dropFirst(word.count)
                before = word.last
            } else {
                result.append(first)
                before = first
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func isWord(_ word: String, at rest: Substring) -> Bool {
        guard rest.prefix(word.count).lowercased() == word.lowercased() else { return false }
        guard let after = rest.dropFirst(word.count).first, word.last?.isLetter == true || word.last?.isNumber == true
        else { return true }
        return !after.isLetter && !after.isNumber
    }

    /// Single spaces, none before a comma or stop.
    private static func tidied(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isWhitespace {
                if !result.isEmpty, result.last != " " { result.append(" ") }
            } else {
                if ",.;:!?".contains(character), result.last == " " { result.removeLast() }
                // A list of one thing twice over is a slip of ours: "one,, two".
                if character == ",", let last = result.last, ",.;:!?".contains(last) { continue }
                result.append(character)
            }
        }
        return result.last == " " ? String(result.dropLast()) : result
    }
}
