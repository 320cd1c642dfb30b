/// What the words of an answer in English say to a question for yes or no. In doubt they are no yes: who agrees and then demands,
/// puts off or contradicts something has not answered what was asked.
enum EnglishAnswer {
    private static let yes: Set<String> = ["yes", "yeah", "yep", "yup", "okay", "ok", "agreed"]
    /// A yes where the answer begins or ends with them: "the correct number is five" is none.
    private static let leading: Set<String> = [
        "sure", "certainly", "absolutely", "definitely", "correct", "exactly", "perfect",
    ]
    /// What may stand before those: "oh that would be perfect".
    private static let openers: Set<String> = [
        "oh", "well", "so", "and", "that", "it", "this", "is", "all", "everything", "would", "be", "will", "sounds",
        "looks", "quite", "very", "please", "thank", "thanks", "you", "right", "good", "great", "fine", "for", "most",
    ]
    private static let phrases = [
        "go ahead", "do it", "that is right", "that is correct", "that is fine", "sounds good", "of course",
        "all right", "please do", "book it", "send it", "i agree", "i confirm",
    ]
    /// Taken out first, since they hold what would be an objection and mean yes.
    private static let assents = [
        "no problem at all", "no problem", "not problem", "no doubt", "without doubt", "why not",
        "no objection", "no objections", "do not mind",
    ]
    /// What may be said with nothing but an assent.
    private static let courtesies: Set<String> = [
        "please", "thank", "thanks", "you", "very", "much", "sir", "madam", "oh", "well", "i", "at", "all",
    ]
    /// Any of these makes it something else than a yes.
    private static let objections: Set<String> = [
        "no", "not", "nope", "nah", "never", "wrong", "but", "instead", "stop", "change", "actually", "rather",
        "except", "first", "unless", "if", "what", "why", "who", "whom", "whose", "how", "when", "where", "which",
        "none", "neither", "nothing", "nobody", "hardly", "barely", "almost", "nearly", "less", "refuse", "decline",
        // One word, or without the mark that some recognizers leave out.
        "cannot", "dont", "cant", "wont", "didnt", "doesnt", "isnt", "wasnt", "wouldnt", "shouldnt", "couldnt",
        // Later, or under a condition.
        "wait", "moment", "sec", "later", "yet", "until", "till", "once", "depends", "depending", "provided",
        "assuming", "maybe", "perhaps", "possibly", "otherwise",
        // Something else is wanted, more, or less.
        "another", "different", "other", "others", "else", "also", "although", "though", "however", "only", "prefer",
        "earlier", "sooner", "again", "forget", "cheaper",
        // Something is asked or told, or was not right.
        "question", "questions", "problem", "problems", "issue", "mistake", "error", "incorrect", "false", "meant",
        "doubt", "doubts", "tell", "explain", "repeat", "spell", "ask", "asking", "know", "wonder", "wondering",
        "speak", "talk", "understand", "remind", "say",
        // So somebody answers a telephone, listens, or ends a call.
        "hello", "hi", "hey", "speaking", "listening", "hear", "bye", "goodbye",
    ]
    private static let objectingPhrases = [
        "hold on", "hang on", "hold up", "in while", "in bit", "not now", "one thing", "one more", "something",
        "make it",
        "make sure", "be sure", "you sure", "leave it", "give me", "show me", "let me", "let us see", "let us think",
        "have to", "before i", "before we", "before you", "before that", "after i", "after we", "after you",
        "after that",
        "as long as", "i am calling", "i am looking", "i am trying", "i thought", "too late", "too early", "too soon",
        "too much", "no longer",
        "think about", "think it over", "think over", "sleep on", "please hold", "hold please", "hold line",
        "call you", "ring you", "get back to", "i will pass", "drop it", "skip it", "skip that",
    ]
    private static let auxiliaries: Set<String> = [
        "is", "are", "was", "does", "did", "can", "could", "would", "will", "shall", "should", "may", "am", "has",
        "had",
    ]
    private static let persons: Set<String> = ["you", "i", "we", "they", "he", "she"]
    private static let things: Set<String> = ["it", "that", "this", "there", "these", "those"]
    /// What a wish is for that agrees: "yes, I want that", "I would like to".
    private static let agreedUpon: Set<String> = [
        "it", "that", "this", "them", "to", "so", "you", "please", "very", "one",
    ]
    /// Before a noun of time they say how much of it: "a second" and "one minute" put off, "the second" and "thirty minutes" tell.
    private static let putOffs = [
        "a second", "one second", "two seconds", "few seconds", "a minute", "one minute", "two minutes", "few minutes",
        "just a", "just one",
    ]
    /// Words of an answer in which there is little else.
    private static let few = 4
    /// Words of the longest answer that is a plain yes.
    private static let longest = 14

    static func agrees(_ text: String) -> Bool {
        let said = SpokenText.words(text)
        let essential = SpokenText.essential(said)
        guard !essential.isEmpty, essential.count <= longest, !text.contains("?") else { return false }
        guard !contains(putOffs, joined(said)), !corrects(said) else { return false }
        let (words, isAssent) = withoutAssents(withoutPleas(essential))
        let line = joined(words)
        guard !words.contains(where: objections.contains), !contains(objectingPhrases, line), !asks(words),
            !demands(words), !putsOff(words)
        else { return false }
        if isAssent, words.allSatisfy(courtesies.contains) { return true }
        if contains(phrases, line) || words.contains(where: yes.contains) { return true }
        if let index = words.firstIndex(where: leading.contains), words[..<index].allSatisfy(openers.contains) {
            return true
        }
        // "please" agrees only where nothing is asked for with it.
        return words.last.map(leading.contains) ?? false || !words.isEmpty && words.allSatisfy { $0 == "please" }
    }

    /// "Yes, could you book it please" asks for what was offered.
    private static func withoutPleas(_ words: [String]) -> [String] {
        joined(words)
            .replacing(
                /\ (can|could|would|will) you (please )?(just )?(do|book|send|confirm|cancel|take) (it|that|this)\ /,
                with: " please do "
            )
            .split(separator: " ").map(String.init)
    }

    private static func withoutAssents(_ words: [String]) -> (words: [String], hadSome: Bool) {
        var line = joined(words)
        var hadSome = false
        // "No, problem with my card" is none.
        for phrase in assents where contains([phrase], line) && (words.count <= few || words.first != "no") {
            hadSome = true
            line = line.replacing(" \(phrase) ", with: " ")
        }
        return (line.split(separator: " ").map(String.init), hadSome)
    }

    /// A question that follows: "yes, can you hurry". In "yes it is" the order is another.
    private static func asks(_ words: [String]) -> Bool {
        words.indices.dropLast().contains { index in
            let next = words[index + 1]
            let isTurned =
                auxiliaries.contains(words[index])
                ? persons.contains(next) || things.contains(next)
                : ["do", "have"].contains(words[index]) && persons.contains(next)
            guard isTurned, index > 0 else { return isTurned }
            let before = words[index - 1]
            return yes.contains(before) || leading.contains(before)
                || ["and", "so", "please", "thanks"].contains(before)
        }
    }

    /// A wish of their own: "yes, I need a doctor", "sure, I have an offer". "Yes, I have" and "yes, I want that" are none.
    private static func demands(_ words: [String]) -> Bool {
        words.indices.dropLast().contains { index in
            guard words[index] == "i" || words[index] == "we" else { return false }
            var rest = words[(index + 1)...].drop {
                ["would", "do", "really", "just", "still", "will", "had"].contains($0)
            }
            guard let verb = rest.popFirst(), let object = rest.first else { return false }
            if verb == "have" { return true }
            return ["need", "want", "like", "love"].contains(verb) && !agreedUpon.contains(object)
        }
    }

    /// "The correct number is five", "correct the date": of "correct" alone, and with its articles.
    private static func corrects(_ words: [String]) -> Bool {
        words.indices.contains { index in
            guard words[index] == "correct" else { return false }
            return words[..<index].last.map(determiners.contains) ?? false
                || words[(index + 1)...].first.map(determiners.contains) ?? false
        }
    }

    private static let determiners: Set<String> = ["the", "a", "an", "my", "your", "it", "them", "those"]

    /// "Sure, in ten minutes".
    private static func putsOff(_ words: [String]) -> Bool {
        words.indices.contains { index in
            ["minute", "minutes", "seconds"].contains(words[index]) && words[..<index].suffix(3).contains("in")
        }
    }

    private static func joined(_ words: [String]) -> String { " " + words.joined(separator: " ") + " " }

    private static func contains(_ phrases: [String], _ line: String) -> Bool {
        phrases.contains { line.contains(" \($0) ") }
    }
}
