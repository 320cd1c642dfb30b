/// Finds sentences that say something was done, and whether a tool did it.
///
/// Callers act on such sentences, so a model must not say them before they are so.
struct PromiseCheck: Sendable {
    /// What kind of act a sentence claims.
    struct Claim: Sendable, Equatable {
        /// The word that claims it: "booked".
        var word: String
        /// Parts of tools' names that do such a thing.
        var acts: [String]
    }

    /// The tools that can act, and those of them that did in this call, with success.
    private let acting: Set<String>
    private let done: Set<String>

    init(acting: Set<String>, done: Set<String>) {
        self.acting = acting
        self.done = done
    }

    /// The claim of a sentence that nothing supports; nil when it claims nothing, or what is so.
    func unsupportedClaim(in sentence: String) -> Claim? {
        guard let claim = Self.claim(in: sentence) else { return nil }
        let able = acting.filter { name in claim.acts.contains { name.lowercased().contains($0) } }
        // Where no tool is called after this kind of act, any act may be what is meant.
        let supporting = able.isEmpty ? done : done.intersection(able)
        return supporting.isEmpty ? claim : nil
    }

    private static let families: [(words: Set<String>, acts: [String])] = [
        (["booked", "scheduled", "reserved", "arranged"], ["book", "schedul", "reserv", "appoint", "calendar"]),
        (["cancelled", "canceled"], ["cancel"]),
        (["moved", "rescheduled"], ["move", "reschedul", "update"]),
        (["changed", "updated", "corrected"], ["change", "update", "move", "set", "correct"]),
        (
            ["sent", "emailed", "mailed", "texted", "messaged", "forwarded", "posted"],
            ["send", "mail", "message", "sms", "post", "draft"]
        ),
        (["transferred", "paid", "charged", "refunded", "wired"], ["transfer", "pay", "charge", "refund"]),
        (["ordered", "purchased"], ["order", "purchase", "buy"]),
        (
            ["noted", "recorded", "saved", "logged", "registered", "submitted", "filed"],
            ["note", "log", "message", "save", "record", "task", "ticket", "register", "submit", "fact", "create"]
        ),
        (["created", "added", "opened"], ["create", "add", "open", "book", "log", "task", "ticket", "note"]),
        (["deleted", "removed"], ["delete", "remove", "cancel"]),
    ]

    /// Words that make a sentence no statement of a deed.
    private static let hedges: Set<String> = [
        "not", "no", "never", "if", "once", "when", "after", "before", "until", "unless", "can", "could", "will",
        "would", "should", "may", "might", "to", "fully", "cannot", "shall", "want", "like", "whether", "let", "gets",
        "who", "nobody",
    ]

    private static let speakers: Set<String> = ["i", "we"]
    /// Of days and people these tell that they are taken.
    private static let states: Set<String> = ["booked", "reserved", "scheduled"]
    private static let copulas: Set<String> = ["is", "are", "was", "were", "been", "be"]
    private static let subjects: Set<String> = [
        "it", "that", "you", "your", "everything", "this", "appointment", "all",
    ]
    private static let adverbs: Set<String> = ["just", "now", "already", "successfully", "also", "all", "both"]

    /// "I have booked it", "your appointment is booked", "you're all set" is no word of an act and passes.
    static func claim(in sentence: String) -> Claim? {
        guard !sentence.contains("?") else { return nil }
        let all = SpokenText.words(sentence)
        let words = SpokenText.essential(all)
        for (index, word) in words.enumerated() {
            guard let family = families.first(where: { $0.words.contains(word) }) else { continue }
            // What hedges a deed stands before it, in the same sentence.
            let before = words[..<index]
            guard !before.contains(where: hedges.contains) else { continue }
            let near = before.reversed().drop(while: adverbs.contains)
            let isDeed: Bool
            if let verb = near.first, verb == "have" || speakers.contains(verb) {
                isDeed = before.contains(where: speakers.contains) || before.contains("been")
            } else if let verb = near.first, copulas.contains(verb) {
                // "That time is already booked" says nothing of us.
                let isOurs = before.contains(where: subjects.contains) && !before.contains("already")
                isDeed = isOurs || (all.first == "the" && !states.contains(word))
            } else {
                // "Booked!", "Great, booked."
                isDeed = words.count <= 3
            }
            if isDeed { return Claim(word: word, acts: family.acts) }
        }
        return nil
    }
}
