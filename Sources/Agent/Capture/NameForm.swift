/// Hears a person's name, said or spelled. A name that the agent's lists do not hold is spelled when it is read back.
struct NameForm: CaptureForm {
    private let names: NameLists
    private var first = ""
    private var last = ""

    init(names: NameLists) { self.names = names }

    private static let noNames: Set<String> = CaptureWords.fillers.union([
        "this", "call", "me", "speaking", "no", "nope", "not", "a", "an", "first", "last", "surname", "family", "given",
        "spelled", "spell", "spelt", "to", "with", "you", "what", "how", "who", "can", "do", "where", "when", "why",
        "mister", "mr", "missus", "mrs", "miss", "ms", "doctor", "dr", "thanks", "thank", "right", "wrong", "correct",
    ])

    var isEmpty: Bool { first.isEmpty && last.isEmpty }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) { (.name, nil) }

    var question: String? {
        switch (first.isEmpty, last.isEmpty) {
        case (true, true): ""
        case (false, true): "I have \(first). And your last name?"
        case (true, false): "I have \(last). And your first name?"
        case (false, false): nil
        }
    }

    var readBack: String {
        let parts = "\(spoken(first, in: names.first)) \(spoken(last, in: names.last))"
        return "That is \(parts.hasSuffix(",") ? String(parts.dropLast()) : parts). Is that right?"
    }

    var value: JSONValue { .string("\(first) \(last)") }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        let (kept, refused) = CaptureWords.correction(words) { _, _ in 1 }
        let isLast = kept.contains("last") || kept.contains("surname") || kept.contains("family")
        let isFirst = kept.contains("first") || kept.contains("given")
        var pieces: [String] = []
        var spelled: String?
        var index = 0
        while index < kept.count {
            let spelling = CaptureWords.spelling(kept, from: index)
            if spelling.length >= 2, spelling.text.count >= 2, spelling.text.allSatisfy(\.isLetter) {
                spelled = spelling.text.capitalizedFirst
                index += spelling.length
                continue
            }
            let word = kept[index]
            let bare = word.hasSuffix("'s") ? String(word.dropLast(2)) : word
            if !Self.noNames.contains(word), NumberWords.unit(word) == nil,
                bare.allSatisfy({ $0.isLetter || $0 == "'" }),
                bare.count > 1
            {
                pieces.append(bare.capitalizedFirst)
            }
            index += 1
        }
        if let spelled { return take(spelled: spelled, after: pieces, isFirst: isFirst, isLast: isLast) }
        guard !pieces.isEmpty, pieces.count <= 4 else { return .nothing }
        let isKnown = pieces.contains { names.first.contains($0.lowercased()) || names.last.contains($0.lowercased()) }
        if pieces.count == 1, let wrong = refused.first?.first?.capitalizedFirst {
            if wrong == first { first = pieces[0] } else { last = pieces[0] }
        } else if pieces.count == 1 {
            let isLastName =
                isLast || !isFirst && (last.isEmpty && !first.isEmpty || isReadBack && isLikeLast(pieces[0]))
            if isLastName { last = pieces[0] } else { first = pieces[0] }
        } else {
            (first, last) = (pieces.dropLast().joined(separator: " "), pieces[pieces.count - 1])
        }
        return isKnown ? .understood : .guessed
    }

    mutating func forget(named words: [String]) {
        if words.contains("last") || words.contains("surname") {
            last = ""
        } else if words.contains("first") {
            first = ""
        } else {
            (first, last) = ("", "")
        }
    }

    /// "Jones, j o n e s", "maria, that's m a r i a", or the letters alone.
    private mutating func take(spelled: String, after pieces: [String], isFirst: Bool, isLast: Bool) -> CaptureHearing {
        var said = pieces
        if let like = said.lastIndex(where: { Self.likeness($0, spelled) >= 2 }) {
            said[like] = spelled
        } else {
            said.append(spelled)
        }
        if said.count >= 2 {
            (first, last) = (said.dropLast().joined(separator: " "), said[said.count - 1])
        } else if isLast {
            last = spelled
        } else if isFirst || first.isEmpty {
            first = spelled
        } else if last.isEmpty {
            last = spelled
        } else if Self.likeness(first, spelled) > Self.likeness(last, spelled) {
            first = spelled
        } else {
            last = spelled
        }
        return .understood
    }

    private func isLikeLast(_ word: String) -> Bool {
        Self.likeness(word, last) >= Self.likeness(word, first) && !names.first.contains(word.lowercased())
    }

    /// Letters in which two names agree from either end.
    private static func likeness(_ one: String, _ other: String) -> Int {
        let (one, other) = (one.lowercased(), other.lowercased())
        let front = zip(one, other).prefix { $0 == $1 }.count
        return front + zip(one.dropFirst(front).reversed(), other.dropFirst(front).reversed()).prefix { $0 == $1 }.count
    }

    private func spoken(_ name: String, in list: [String]) -> String {
        name.split(separator: " ").map { part in
            list.contains(part.lowercased()) ? String(part) : "\(part), spelled \(CaptureWords.spell(part)),"
        }.joined(separator: " ")
    }
}
