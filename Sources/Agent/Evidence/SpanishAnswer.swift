import Foundation

/// What the words of an answer in Spanish say to a question for yes or no. In doubt they say neither.
enum SpanishAnswer {
    /// Not without their accents: "si" is "if", "que" is "that", and "no se puede" says more than "no sé".
    private static let accented: Set<String> = ["sí", "qué", "cómo", "sé"]
    private static let yes: Set<String> = [
        "sí", "si", "sip", "claro", "vale", "correcto", "exacto", "exactamente", "perfecto", "conforme", "acepto",
        "afirmativo", "adelante", "cierto", "seguro", "encantado", "encantada", "dale", "ok", "okay", "okey", "yes",
        "yeah", "pasamelo", "pasamela", "paselo", "pasela", "pasemelo", "pasemela", "comunicamelo", "comuniquemelo",
        "conectame", "conecteme", "ponmelo", "ponmela", "pongamelo", "pongamela",
    ]
    private static let phrases = [
        "de acuerdo", "por supuesto", "esta bien", "muy bien", "lo tomo", "la tomo", "lo cojo", "la cojo",
        "lo atiendo", "la atiendo", "le atiendo", "que pase", "eso es", "asi es",
    ]
    /// Taken out first, since they hold what would be an objection and mean yes.
    private static let assents = [
        "desde luego", "no hay problema", "no hay ningun problema", "ningun problema", "sin problema", "sin problemas",
        "no hay inconveniente", "no me importa", "no me molesta",
    ]
    /// As these, where little else is said.
    private static let shortAssents = ["cómo no", "como no"]
    /// What may stand beside a "si" that somebody wrote without its accent; beside anything else it is an "if".
    private static let courtesies: Set<String> = [
        "por", "favor", "supuesto", "gracias", "muchas", "muy", "amable", "senor", "senora", "que", "lo", "la", "le",
        "tomo", "cojo", "atiendo", "ahora", "mismo", "ya", "de", "acuerdo", "esta", "bien", "eso", "es", "asi", "pase",
    ]
    /// Any of these makes it something else than a yes.
    private static let objections: Set<String> = [
        "pero", "espera", "espere", "esperen", "esperame", "espereme", "momento", "momentito", "segundo", "salvo",
        "excepto", "depende", "quiza", "quizas", "antes", "primero", "quien", "cuando", "donde", "cual", "cuanto",
        "qué", "cómo", "llame", "llamo", "llamare", "mensaje", "todavia", "reunion",
    ]
    private static let refusals: Set<String> = [
        "no", "nop", "nope", "nunca", "jamas", "tampoco", "ni", "luego", "despues", "manana", "imposible", "ocupado",
        "ocupada", "recado", "equivocado", "equivocada", "rechazo",
    ]
    private static let refusingPhrases = ["mas tarde", "otro momento", "otro dia"]
    private static let unsure = ["tal vez", "a lo mejor"]
    /// Neither, although they hold a "no".
    private static let doubts = [
        "no sé", "no lo sé", "no entiendo", "no entendi", "no he entendido", "no le entiendo", "no te entiendo",
        "no oigo", "no le oigo", "no te oigo", "no se oye", "no escucho", "no le escucho", "no te escucho",
        "no estoy seguro", "no estoy segura",
    ]
    /// Words of an answer in which there is little else.
    private static let few = 4
    /// Words of the longest answer that is a plain yes.
    private static let longest = 14

    static func agrees(_ text: String) -> Bool {
        let said = spoken(text)
        guard !said.isEmpty, said.count <= longest, !text.contains("?") else { return false }
        let (line, isAssent) = withoutAssents(said)
        let words = line.split(separator: " ").map(String.init)
        guard !words.contains(where: { objections.contains($0) || refusals.contains($0) }),
            !contains(refusingPhrases + unsure, line)
        else { return false }
        let isIf = words.contains("si") && !words.allSatisfy { yes.contains($0) || courtesies.contains($0) }
        guard !isIf else { return false }
        return isAssent || contains(phrases, line) || words.contains(where: yes.contains) || words == ["por", "favor"]
    }

    static func refuses(_ text: String) -> Bool {
        let line = withoutAssents(spoken(text)).line
        guard !contains(doubts, line), !line.hasSuffix(" no se ") else { return false }
        return contains(refusingPhrases, line) || line.split(separator: " ").contains { refusals.contains(String($0)) }
    }

    /// The words in one line, and whether something was taken out of it that means yes.
    private static func withoutAssents(_ words: [String]) -> (line: String, hadSome: Bool) {
        var line = " " + words.joined(separator: " ") + " "
        var hadSome = false
        for phrase in words.count <= few ? assents + shortAssents : assents where contains([phrase], line) {
            hadSome = true
            line = line.replacing(" \(phrase) ", with: " ")
        }
        return (line, hadSome)
    }

    private static func contains(_ phrases: [String], _ line: String) -> Bool {
        phrases.contains { line.contains(" \($0) ") }
    }

    /// Without accents, as some recognizers write.
    private static func spoken(_ text: String) -> [String] {
        SpokenText.words(text).map { word in
            accented.contains(word) ? word : word.folding(options: .diacriticInsensitive, locale: nil)
        }
    }
}
