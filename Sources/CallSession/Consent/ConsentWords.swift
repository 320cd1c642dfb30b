/// What a caller's words say about being recorded, in English and Spanish.
///
/// Where it is not certain that it is a yes it is none: a call that is not recorded can be borne, one that is recorded
/// against somebody's will cannot.
enum ConsentWords {
    enum Answer: Sendable, Equatable {
        case agrees, refuses
    }

    /// Taken out first, since they hold a "no" and mean yes.
    private static let negativeAssents = [
        "no problem", "not a problem", "no worries", "no objection", "no objections", "don't mind", "do not mind",
        "wouldn't mind", "would not mind", "don't object", "do not object", "doesn't bother me", "no hay problema",
        "ningún problema", "sin problema", "no tengo problema", "no tengo inconveniente", "no me importa",
        "no me molesta", "no me opongo",
    ]
    /// As these, where little else is said: "why not ask me later" is no yes.
    private static let shortNegativeAssents = ["why not", "cómo no", "como no", "por qué no", "por que no"]
    /// Neither, although they hold a "no".
    private static let doubts = [
        "don't know", "do not know", "not sure", "no idea", "no sé", "no se", "no lo sé", "no estoy seguro",
        "no estoy segura", "no entiendo", "no entendí", "don't understand", "do not understand", "didn't understand",
        "can't understand", "can't hear", "cannot hear", "couldn't hear", "didn't hear", "didn't catch", "didn't get",
        "no oigo", "no le oigo", "no escucho", "no le escucho", "you sure", "make sure",
    ]
    private static let refusals: Set<Substring> = [
        "nope", "nah", "without", "refuse", "decline", "disagree", "object", "stop", "niego", "rechazo", "opongo",
    ]
    /// A yes wherever they stand.
    private static let assents = [
        "go ahead", "i agree", "we agree", "agreed", "i consent", "i accept", "that's fine", "that is fine",
        "that's okay",
        "that's ok", "that is okay", "that's alright", "that's all right", "fine with me", "fine by me", "okay with me",
        "you can record", "you may record", "de acuerdo", "está bien", "esta bien", "por supuesto", "acepto",
        "puede grabar", "pueden grabar", "claro que sí", "claro que si",
    ]
    /// A yes at the beginning, or where little else is said.
    private static let leadingAssents = [
        "yes", "yeah", "yep", "yup", "sure", "sí", "of course", "certainly", "absolutely",
    ]
    /// A yes where little else is said; elsewhere they are mere beginnings, or "if".
    private static let shortAssents = [
        "okay", "ok", "fine", "alright", "all right", "definitely", "agree", "claro", "vale", "adelante", "conforme",
    ]
    private static let shortestAssents = ["si", "bueno", "you may", "you can"]
    /// Who says one of these asks, or has a condition.
    private static let reservations: Set<Substring> = [
        "what", "what's", "why", "how", "who", "who's", "if", "whether", "unless", "except", "but", "before", "until",
        "only", "maybe", "perhaps", "depends", "depending", "wait", "hold", "moment", "qué", "quién", "depende",
        "quizá", "quizás", "espere", "espera", "espérese", "esperen", "momento", "momentito", "pero", "salvo",
        "excepto",
        "antes", "hasta",
    ]
    private static let questions = [
        "are you", "is this", "is it", "is that", "is there", "do you", "do i", "do we", "does", "did", "can i",
        "can we",
        "can you", "could", "will you", "will it", "will this", "would you", "should i", "must i", "have you",
        "por qué",
        "para qué", "cómo", "y si", "puedo", "tengo que", "tal vez", "a lo mejor",
    ]
    private static let agreements: Set<Substring> = ["agree", "consent", "accept", "say"]
    private static let fillers: Set<Substring> = ["um", "uh", "well", "oh", "ah", "so", "and", "eh", "pues", "please"]
    /// Words of an answer in which there is little else.
    private static let few = 4

    /// The answer to whether the call may be recorded; nil for one that is neither.
    static func answer(_ text: String) -> Answer? {
        if refusesRecording(text) { return .refuses }
        let said = " " + AnswerWords.normalized(text) + " "
        if contains(doubts, said) { return nil }
        var agrees = contains(negativeAssents, said)
        var rest = without(negativeAssents, said)
        let isShort = said.split(separator: " ").count <= few
        if isShort, contains(shortNegativeAssents, rest) {
            agrees = true
            rest = without(shortNegativeAssents, rest)
        }
        let isAnswer = agrees
        let words = rest.split(separator: " ")
        let disagrees = words.indices.contains { index in
            agreements.contains(words[index])
                && words[max(index - 3, 0)..<index].contains {
                    RecordingObjection.isNegation($0) && $0 != "no"
                }
        }
        if disagrees { return .refuses }
        agrees = agrees || isAssent(words, rest, isShort: isShort)
        let refuses = words.contains { refusals.contains($0) || RecordingObjection.isNegation($0) }
        guard agrees != refuses else { return nil }
        guard agrees else { return .refuses }
        let isReserved =
            words.contains(where: reservations.contains) || questions.contains { rest.hasPrefix(" \($0) ") }
            || text.contains("?") && !isAnswer
        return isReserved ? nil : .agrees
    }

    private static func isAssent(_ words: [Substring], _ rest: String, isShort: Bool) -> Bool {
        if contains(assents, rest) || isShort && contains(leadingAssents + shortAssents, rest) { return true }
        if words.count < few, contains(shortestAssents, rest) { return true }
        let begun = " " + words.drop(while: fillers.contains).joined(separator: " ") + " "
        return leadingAssents.contains { begun.hasPrefix(" \($0) ") }
    }

    /// Whether somebody wants the recording to end, or not to be: "please don't record this".
    static func refusesRecording(_ text: String) -> Bool {
        let said = without(negativeAssents, " " + AnswerWords.normalized(text) + " ")
        return RecordingObjection.isMade(in: said.split(separator: " "))
    }

    private static func contains(_ phrases: [String], _ words: String) -> Bool {
        phrases.contains { words.contains(" \($0) ") }
    }

    private static func without(_ phrases: [String], _ words: String) -> String {
        phrases.reduce(words) { $0.replacing(" \($1) ", with: " ") }
    }

    /// Whether somebody wants no call at all: what campaigns must obey before everything else.
    static func wantsNoCall(_ text: String) -> Bool {
        let words = " " + AnswerWords.normalized(text) + " "
        return [
            "stop", "remove", "off", "unsubscribe", "list", "wrong", "don't call", "do not call", "never call",
            "no llame",
            "no me llame", "no llamen", "quíteme", "equivocado",
        ].contains { words.contains(" \($0) ") } && !refusesRecording(text)
    }
}
