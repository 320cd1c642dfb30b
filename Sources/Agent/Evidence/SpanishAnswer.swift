import Foundation

/// What the words of an answer in Spanish say to a question for yes or no. In doubt they say neither.
enum SpanishAnswer {
    /// Not without their accents: "si" is "if", "que" is "that", and "no se puede" says more than "no sé".
    private static let accented: Set<String> = ["sí", "qué", "cómo", "sé"]
    private static let yes: Set<String> = [
        "sí", "sip", "claro", "vale", "exacto", "exactamente", "perfecto", "acepto", "afirmativo", "adelante",
        "encantado", "encantada", "ok", "okay", "okey", "yes", "yeah", "pasamelo", "pasamela", "paselo", "pasela",
        "pasemelo", "pasemela", "comunicamelo", "comuniquemelo",
        "conectame", "conecteme", "ponmelo", "ponmela", "pongamelo", "pongamela",
    ]
    private static let phrases = [
        "de acuerdo", "por supuesto", "esta bien", "muy bien", "lo tomo", "la tomo", "lo cojo", "la cojo",
        "lo atiendo", "la atiendo", "le atiendo",
    ]
    /// A yes only where nothing is said but these, those above and courtesies: "el seguro" is an insurance, "por cierto" changes the
    /// subject, and "eso es un error" is none.
    private static let bare: Set<String> = ["si", "seguro", "cierto", "correcto", "conforme", "dale"]
    private static let barePhrases = ["eso es", "asi es", "que pase"]
    /// Taken out first, since they hold what would be an objection and mean yes.
    private static let assents = [
        "desde luego", "no hay problema", "no hay ningun problema", "no tengo problema", "no tengo ningun problema",
        "ningun problema", "sin problema", "sin problemas", "no hay inconveniente", "no tengo inconveniente",
        "sin duda",
    ]
    /// As these, where little else is said.
    private static let shortAssents = ["cómo no", "como no", "no me importa", "no me molesta"]
    /// What may stand beside ``bare`` ones, and beside a "si" that somebody wrote without its accent; beside anything else it is an
    /// "if".
    private static let courtesies: Set<String> = [
        "por", "favor", "supuesto", "gracias", "muchas", "muy", "amable", "senor", "senora", "que", "lo", "la", "le",
        "tomo", "cojo", "atiendo", "ahora", "mismo", "ya", "de", "acuerdo", "esta", "bien", "eso", "es", "asi", "pase",
        "todo",
    ]
    /// Any of these makes it something else than a yes.
    private static let objections: Set<String> = [
        "pero", "espera", "espere", "esperen", "esperame", "espereme", "momento", "momentito", "segundo", "salvo",
        "excepto", "depende", "quiza", "quizas", "antes", "primero", "quien", "cuando", "donde", "cual", "cuales",
        "cuanto", "cuanta", "cuantos", "cuantas", "qué", "cómo", "como", "porque", "llame", "llamo", "llamare",
        "mensaje", "todavia", "reunion", "aguarda", "aguarde", "esperate", "esperese", "minuto", "minutito", "rato",
        "ratito",
        // Something else is wanted, or less.
        "mejor", "otro", "otra", "otros", "otras", "menos", "sino", "aunque", "vez", "realidad", "cambia", "cambie",
        "cambiar", "cambiala", "cambiela", "cambialo", "cambielo", "mal", "error", "incorrecto", "incorrecta",
        "problema", "problemas", "duda", "dudas", "pregunta", "preguntas", "repita", "repite", "repitalo", "basta",
        "alto", "pare", "detente", "dejalo", "dejelo", "dejala", "dejela", "dejemoslo", "olvidalo", "olvidelo",
        "olvidala", "olvidela",
        // So somebody answers a telephone, listens, or ends a call.
        "digame", "diga", "dime", "oiga", "escucho", "oigo", "hola", "habla", "adios", "chao", "chau",
    ]
    private static let refusals: Set<String> = [
        "no", "nop", "nope", "nunca", "jamas", "tampoco", "ni", "luego", "despues", "manana", "imposible", "ocupado",
        "ocupada", "recado", "equivocado", "equivocada", "rechazo",
    ]
    private static let refusingPhrases = ["mas tarde", "mas adelante", "otro momento", "otro dia"]
    private static let unsure = ["tal vez", "a lo mejor", "por cierto"]
    /// Neither, although they hold a "no".
    private static let doubts = [
        "no sé", "no lo sé", "no entiendo", "no entendi", "no he entendido", "no le entiendo", "no te entiendo",
        "no oigo", "no le oigo", "no te oigo", "no se oye", "no escucho", "no le escucho", "no te escucho",
        "no estoy seguro", "no estoy segura", "no me importa", "no me molesta",
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
        let isBare = words.allSatisfy { yes.contains($0) || bare.contains($0) || courtesies.contains($0) }
        // An "if".
        guard isBare || !words.contains("si") else { return false }
        if isAssent || contains(phrases, line) || words.contains(where: yes.contains) { return true }
        return isBare && (words.contains(where: bare.contains) || contains(barePhrases, line))
            || words == ["por", "favor"]
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
