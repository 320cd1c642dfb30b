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
        "why not", "no hay problema", "ningún problema", "sin problema", "no me importa", "cómo no", "por qué no",
    ]
    /// Neither, although they hold a "no".
    private static let doubts = [
        "don't know", "do not know", "not sure", "no idea", "no sé", "no se", "no lo sé", "no estoy seguro",
        "no estoy segura", "no entiendo", "don't understand", "do not understand",
    ]
    private static let refusals = [
        "no", "nope", "nah", "not", "never", "don't", "dont", "without", "refuse", "decline", "disagree", "stop",
        "nunca", "tampoco", "niego", "rechazo",
    ]
    private static let assents = [
        "yes", "yeah", "yep", "yup", "sure", "okay", "ok", "fine", "alright", "all right", "go ahead", "of course",
        "certainly", "absolutely", "definitely", "agree", "agreed", "you may", "you can", "i consent",
        "sí", "si", "claro", "vale", "de acuerdo", "está bien", "esta bien", "por supuesto", "adelante", "acepto",
        "bueno", "conforme",
    ]

    private static let recordingVerbs: Set<Substring> = [
        "record", "recording", "recorded", "tape", "taped", "taping", "grabar", "grabe", "graben", "grabes", "grabando",
        "grabado", "grabada", "grabación", "grabacion", "graba",
    ]
    /// Verbs and nouns of recording that a bare "no" does not refuse: "I have no record of that".
    private static let nouns: Set<Substring> = ["record", "tape"]
    private static let enders: Set<Substring> = [
        "stop", "end", "quit", "cancel", "withdraw", "revoke", "delete", "erase", "without", "pare", "paren", "detenga",
        "detener", "deje", "dejen", "borre", "borrar", "elimine", "apague", "sin",
    ]
    private static let negations: Set<Substring> = ["don't", "dont", "not", "never", "no", "nunca"]
    /// Words between a negation and the verb that it is about: "I don't want you to record this".
    private static let reach = 5

    /// The answer to whether the call may be recorded; nil for one that is neither.
    static func answer(_ text: String) -> Answer? {
        if refusesRecording(text) { return .refuses }
        var words = " " + AnswerWords.normalized(text) + " "
        if doubts.contains(where: { words.contains(" \($0) ") }) { return nil }
        var agrees = false
        for phrase in negativeAssents where words.contains(" \(phrase) ") {
            words = words.replacing(" \(phrase) ", with: " ")
            agrees = true
        }
        agrees = agrees || assents.contains { words.contains(" \($0) ") }
        let refuses = refusals.contains { words.contains(" \($0) ") }
        guard agrees != refuses else { return nil }
        return agrees ? .agrees : .refuses
    }

    /// Whether somebody wants the recording to end, or not to be: "please don't record this".
    static func refusesRecording(_ text: String) -> Bool {
        let words = AnswerWords.normalized(text).split(separator: " ")
        for (index, word) in words.enumerated() where recordingVerbs.contains(word) {
            let before = words[max(index - reach, 0)..<index]
            if before.contains(where: enders.contains) { return true }
            if words[index...].prefix(3).contains("off") || before.suffix(3).contains("off") { return true }
            guard let negation = before.lastIndex(where: negations.contains) else { continue }
            // "No record" and "no tape" speak of things; "not … record" and "don't … record" of what is done.
            if words[negation] == "no", nouns.contains(word) { continue }
            return true
        }
        return false
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
