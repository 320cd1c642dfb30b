/// Whether somebody wants the recording of their call to end, or not to be, in English and Spanish.
///
/// Two mistakes are possible, and both cost something that cannot be made good: what is missed is recorded against
/// somebody's will, and what is found in other talk ("I don't have a record of that") deletes the recording of somebody who
/// had nothing against it. So records that are things are told from the recording of the call, and a negation from one that
/// is about something else.
enum RecordingObjection {
    private static let mentions: Set<Substring> = [
        "record", "recording", "recorded", "recorder", "tape", "taped", "taping", "grabar", "grabe", "graben", "grabes",
        "grabando", "grabado", "grabada", "grabación", "grabacion", "grabadora", "graba", "graban", "grabarme",
        "grabarla",
        "grabarlo", "grabarnos", "grabándome", "grabandome",
    ]
    /// Things as well as what is done.
    private static let bare: Set<Substring> = ["record", "tape"]
    /// Before "record" or "tape": a thing.
    private static let attributes: Set<Substring> = [
        "a", "an", "the", "any", "some", "no", "this", "that", "my", "your", "his", "her", "our", "their", "of", "on",
        "every", "each", "medical", "dental", "health", "patient", "patient's", "vaccination", "payment", "billing",
        "old",
        "new", "criminal", "public", "permanent", "same", "whose", "which",
    ]
    /// After "record": a thing.
    private static let complements: Set<Substring> = [
        "number", "numbers", "of", "id", "office", "department", "system", "keeping",
    ]
    private static let thingNames: Set<Substring> = [
        "recording", "taping", "recorder", "grabación", "grabacion", "grabadora",
    ]
    private static let articles: Set<Substring> = [
        "a", "an", "the", "this", "that", "your", "my", "any", "some", "la", "una", "esta", "esa", "su", "ninguna",
    ]
    private static let participles: Set<Substring> = ["grabado", "grabada", "grabando", "grabándome", "grabandome"]

    private static let enders: Set<Substring> = [
        "stop", "end", "quit", "cancel", "withdraw", "revoke", "delete", "erase", "without", "refuse", "object",
        "oppose",
        "forbid", "decline", "disagree", "against", "pare", "paren", "parar", "detenga", "detengan", "detener", "deje",
        "dejen", "dejar", "suspenda", "interrumpa", "borre", "borren", "borrar", "elimine", "eliminen", "eliminar",
        "cancele", "apague", "apaguen", "apagar", "sin", "niego", "opongo", "rechazo", "prohíbo", "prohibo", "contra",
    ]
    /// What is done to things: it must be the recording that it is done to.
    private static let deletions: Set<Substring> = [
        "end", "cancel", "delete", "erase", "borre", "borren", "borrar", "elimine", "eliminen", "eliminar", "cancele",
        "apague", "apaguen", "apagar",
    ]
    private static let links: Set<Substring> = [
        "the", "this", "that", "your", "my", "any", "all", "what", "whatever", "everything", "you", "you've", "have",
        "has",
        "been", "was", "is", "it", "call", "call's", "la", "las", "esta", "esa", "su", "lo", "todo", "que", "ha", "han",
        "fue", "de",
    ]
    private static let turns: Set<Substring> = ["turn", "turned", "switch", "shut", "take"]
    /// Said after it: "are you recording this? Please stop."
    private static let stops: Set<Substring> = [
        "stop", "quit", "pare", "paren", "párelo", "párela", "deténgase", "detengase", "deténgalo", "deténgala",
        "basta",
    ]
    private static let trailers: Set<Substring> = [
        "it", "that", "this", "please", "now", "right", "away", "immediately", "at", "once", "recording", "por",
        "favor",
        "ya", "ahora", "mismo", "eso", "esto",
    ]
    private static let others: Set<Substring> = ["i", "we", "they", "he", "she"]
    private static let permissions: Set<Substring> = [
        "right", "permission", "consent", "authorization", "asking", "permiso", "consentimiento", "autorización",
        "derecho",
    ]

    /// Between a negation and the recording: what is not wanted.
    private static let wishes: Set<Substring> = [
        "want", "wanted", "wish", "agree", "agreed", "consent", "consented", "allow", "allowed", "authorize",
        "authorized",
        "permit", "permitted", "permission", "accept", "approve", "let", "ask", "asked", "okay", "ok", "comfortable",
        "happy", "fine", "supposed", "like", "quiero", "quisiera", "deseo", "acepto", "autorizo", "permito",
        "consiento",
        "acuerdo", "gusta", "gustaría",
    ]
    /// "I didn't like the recording" is no wish about it.
    private static let tastes: Set<Substring> = ["like", "gusta", "gustaría"]
    private static let makings: Set<Substring> = [
        "make", "keep", "save", "store", "start", "continue", "haga", "hagan", "guarde", "guarden", "conserve",
    ]
    private static let preferences: Set<Substring> = ["rather", "prefer", "wish", "appreciate", "better"]
    /// After a negation that is about these and not about the recording.
    private static let unsure: Set<Substring> = [
        "know", "sure", "remember", "understand", "forget", "hesitate", "worry", "sé", "seguro", "segura", "entiendo",
        "recuerdo", "olvide", "puedo", "pude",
    ]
    private static let conversation: Set<Substring> = [
        "talk", "talking", "speak", "speaking", "hear", "listen", "listening", "hablar", "oír", "escuchar",
    ]
    /// Before a verb that a negation is about: "do not want you to record".
    private static let leads: Set<Substring> = ["to", "you", "ever", "even", "dare", "anyone", "anybody", "them"]
    /// Of what did or did not happen: "you didn't record my payment".
    private static let reports: Set<Substring> = [
        "didn't", "haven't", "hasn't", "hadn't", "wasn't", "weren't", "isn't", "aren't", "doesn't", "didnt", "wasnt",
        "isnt",
    ]
    private static let reporters: Set<Substring> = [
        "is", "was", "were", "are", "did", "does", "has", "have", "had", "it's", "that's", "you're", "they're",
    ]
    private static let auxiliaries: Set<Substring> = ["can", "could", "do", "did", "will", "would", "have", "am"]
    private static let negations: Set<Substring> = [
        "no", "not", "never", "cannot", "dont", "cant", "wont", "didnt", "wouldnt", "couldnt", "shouldnt", "wasnt",
        "isnt",
        "nunca", "jamás", "tampoco",
    ]
    private static let openers: Set<Substring> = ["please", "and", "but", "well", "okay", "so", "yes", "um"]

    /// Words between a negation and what it is about: "I don't want you to record this".
    private static let reach = 5
    /// As many where it is said that something is not wanted: "I don't feel comfortable with this call being recorded".
    private static let farReach = 9

    static func isNegation(_ word: Substring) -> Bool { word.hasSuffix("n't") || negations.contains(word) }

    /// - Parameter words: in lower case, without punctuation.
    static func isMade(in words: [Substring]) -> Bool {
        words.indices.contains { isObjected(to: $0, words) }
    }

    private static func isObjected(to index: Int, _ words: [Substring]) -> Bool {
        guard mentions.contains(words[index]), !isAnotherRecord(index, words) else { return false }
        var isKept = false
        for place in max(index - reach, 0)..<index where ends(place, index, words) {
            // "Don't delete the recording."
            if isCalledOff(place, words) { isKept = true } else { return true }
        }
        if isKept { return false }
        return isTurnedOff(index, words) || isStoppedAfterwards(index, words) || isNegated(index, words)
    }

    private static func isAnotherRecord(_ index: Int, _ words: [Substring]) -> Bool {
        guard bare.contains(words[index]) else { return false }
        if index > 0, attributes.contains(words[index - 1]) { return true }
        return index + 1 < words.count && complements.contains(words[index + 1])
    }

    /// Whether it is the recording, and not that something is recorded.
    private static func isThing(_ index: Int, _ words: [Substring]) -> Bool {
        guard thingNames.contains(words[index]) else { return false }
        return index > 0 && articles.contains(words[index - 1])
    }

    private static func ends(_ place: Int, _ index: Int, _ words: [Substring]) -> Bool {
        let word = words[place]
        guard enders.contains(word) else { return false }
        // "Quiero dejar un mensaje grabado."
        if word.hasPrefix("dej") { return words[place + 1] == "de" }
        guard deletions.contains(word) else { return true }
        return !bare.contains(words[index]) && words[(place + 1)..<index].allSatisfy(links.contains)
            && words[place + 1] != "of"
    }

    private static func isCalledOff(_ place: Int, _ words: [Substring]) -> Bool {
        let fillers: Set<Substring> = ["want", "need", "have", "you", "to", "should", "please", "must"]
        var before = place - 1
        while before >= 0, fillers.contains(words[before]) { before -= 1 }
        // "No" may be an answer of its own: "no, stop recording".
        return before >= 0 && isNegation(words[before]) && words[before] != "no"
    }

    private static func isTurnedOff(_ index: Int, _ words: [Substring]) -> Bool {
        guard !bare.contains(words[index]) else { return false }
        if words[index...].prefix(3).contains("off") { return true }
        return words[..<index].suffix(3).contains("off") && words[..<index].suffix(6).contains(where: turns.contains)
    }

    private static func isStoppedAfterwards(_ index: Int, _ words: [Substring]) -> Bool {
        let isOfThing = isThing(index, words)
        for place in (index + 1)..<min(index + 8, words.count) {
            let (word, next) = (words[place], place + 1)
            if stops.contains(word), !others.contains(words[place - 1]), !isOfThing || place > index + 1,
                words[next...].allSatisfy(trailers.contains)
            {
                return true
            }
            if word == "without" || word == "sin", words[next...].prefix(2).contains(where: permissions.contains) {
                return true
            }
            // "You are recording this? I don't want that."
            guard !isOfThing, !bare.contains(words[index]), isNegation(word), next < words.count,
                wishes.contains(words[next])
            else { continue }
            if words[(next + 1)...].allSatisfy(trailers.contains) { return true }
        }
        return false
    }

    private static func isNegated(_ index: Int, _ words: [Substring]) -> Bool {
        guard let negation = words[max(index - farReach, 0)..<index].lastIndex(where: isNegation) else { return false }
        let between = words[(negation + 1)..<index]
        let isWish = between.contains(where: wishes.contains)
        let before = negation > 0 ? words[negation - 1] : ""
        if before == "why" || (between.prefix(2).contains(where: unsure.contains) && !isWish) { return false }
        if words[negation] == "no", !words[index].hasPrefix("gra") {
            // In English it negates a thing; anywhere else it is an answer: "no, I want it recorded".
            if let first = between.first { return permissions.contains(first) }
            let start = words[..<negation]
            return start.allSatisfy(openers.contains) || start.contains(where: wishes.contains)
        }
        let isReport = tells(negation, words)
        if isReport, !isWish, !words[max(negation - reach, 0)..<negation].contains(where: preferences.contains) {
            return false
        }
        let isOwnDeed = isOwn(negation, words)
        if isThing(index, words) {
            guard between.count < reach, !between.contains(where: conversation.contains) else { return false }
            return between.contains { wishes.contains($0) && !tastes.contains($0) }
                || !isReport && !isOwnDeed && between.contains(where: makings.contains)
        }
        // "I don't record my blood pressure."
        if isOwnDeed, !isWish, !between.contains(where: { ["you", "be", "being"].contains($0) }) { return false }
        if bare.contains(words[index]) {
            guard between.isEmpty || leads.contains(words[index - 1]) || isNegation(words[index - 1]) else {
                return false
            }
        }
        if participles.contains(words[index]), !isWish,
            !between.contains(where: {
                ["sea", "ser", "siendo", "estén", "esten", "esté", "siga", "sigan"].contains($0)
            })
        {
            return false
        }
        return between.count < reach || between.prefix(2).contains(where: wishes.contains)
    }

    /// Whether it tells of what did not happen.
    private static func tells(_ negation: Int, _ words: [Substring]) -> Bool {
        let before = negation > 0 ? words[negation - 1] : ""
        switch words[negation] {
        case "never": return !before.isEmpty && before != "please"
        case "not": return reporters.contains(before)
        case let word: return reports.contains(word)
        }
    }

    /// Whether it is about what the speaker does.
    private static func isOwn(_ negation: Int, _ words: [Substring]) -> Bool {
        let own: Set<Substring> = ["i", "we", "i'm", "we're"]
        guard negation > 0 else { return false }
        if own.contains(words[negation - 1]) { return true }
        return negation > 1 && auxiliaries.contains(words[negation - 1]) && own.contains(words[negation - 2])
    }
}
