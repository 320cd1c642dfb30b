/// Tells who is not to be called by some name ("don't call me Bill", "no me llame así") from who is not to be called.
///
/// Spoken alike, the two differ by a name alone, and nobody can list names. So a name must show: by a capital letter, a title, or a
/// wish for another one beside it. A recognizer that writes no capitals leaves "don't call me bill" an opt-out.
enum OptOutNames {
    /// `text` without calling by names that its capital letters show. "Don't call me, Bill" speaks to Bill.
    static func leftOut(of text: String) -> String {
        guard text.contains("call") || text.contains("llame") else { return text }
        return text.replacing(
            /\b(?:(?:call|calling) (?:me|us)|to be called) (?!(?:Again|Anymore|Any|Ever|Never|Please|Thanks|Thank|Okay|Ok|Yes|No|Not|Now|Hello|Hi|Hey|Stop|Bye|Goodbye|Enough|Period|Understood|God|Jesus|Christ|Sir|Madam|Because|And|Or|You|This|That|Here|At|On)\b)(?:(?:Mr|Mrs|Ms|Dr)\.? )?(\p{Lu}\p{Ll}+)(?: \p{Lu}\p{Ll}+)?(?=\s*[.,;!?]|\s*$)/
        ) { known.contains($0.1.lowercased()) ? String($0.0) : " named " }
        .replacing(
            /\b(?:me|nos) (?:llame|llamen|llames) (?!(?:Más|Mas|Nunca|Jamás|Gracias|Por|Ya|No|Sí|Vale|Hola|Adiós|Basta|Bueno|Oiga|Mire|Entiende|Entendido|Dios|Señor|Señora|Señorita|Nadie|Aquí)\b)(?:(?:Sr|Sra|Don|Doña)\.? )?(\p{Lu}\p{Ll}+)(?: \p{Lu}\p{Ll}+)?(?=\s*[.,;!?]|\s*$)/
        ) { known.contains($0.1.lowercased()) ? String($0.0) : " named " }
    }

    /// `text`, in small letters, with a word that is no name where a mark stands behind "call me": "no me llame, señorita, ¿entiende?"
    /// speaks to somebody.
    static func setApart(in text: String) -> String {
        guard text.contains("call") || text.contains("llame") else { return text }
        return text.replacing(
            /\b(call(?:ed|ing)? (?:me|us)|to be called|(?:me|nos) llame[ns]?)\s*[.,;:!?…]/
        ) { "\($0.1) please " }
    }

    /// Whether what follows the phrase is a name, or stands for one.
    static func follow(_ words: [String], phrase: Range<Int>) -> Bool {
        var rest = words[phrase.upperBound...]
        guard words[phrase].contains(where: verbs.contains) else { return false }
        if let object = rest.first, ["me", "us"].contains(object) { rest = rest.dropFirst() }
        guard let first = rest.popFirst() else { return false }
        // "Don't call me that", "no me llamen así por favor".
        if ["that", "asi"].contains(first) { return rest.allSatisfy(courtesies.contains) }
        if ["by", "por"].contains(first) {
            guard let owner = rest.popFirst(), ["my", "mi"].contains(owner) else { return false }
            return rest.prefix(2).contains { ["name", "surname", "nombre", "apellido"].contains($0) }
        }
        // "Mister" alone may be whom they speak to.
        if titles.contains(first) { return !rest.isEmpty && rest.count <= 2 && rest.allSatisfy(isUnknown) }
        return isUnknown(first) && asksForAnother(words, thanAt: rest.startIndex - 1)
    }

    /// "Call me William", "my name is William": right behind the name, or before, where the name is the last word.
    private static func asksForAnother(_ words: [String], thanAt name: Int) -> Bool {
        words.indices.contains { index in
            guard index > name ? index <= name + 2 : name == words.count - 1 else { return false }
            let isNegated = words[..<index].suffix(2).contains { ["don't", "not", "never", "no"].contains($0) }
            let rest = words[index...]
            guard !isNegated, let wish = wishes.first(where: { rest.starts(with: $0) }) else { return false }
            return rest.dropFirst(wish.count).first.map { $0 != words[name] && isUnknown($0) } ?? false
        }
    }

    private static func isUnknown(_ word: String) -> Bool {
        !word.contains(where: \.isNumber) && !word.hasSuffix("ly") && !known.contains(word)
    }

    private static let verbs: Set<String> = ["call", "called", "llame", "llamen", "llames"]
    private static let wishes = [
        ["call", "me"], ["my", "name", "is"], ["name's"], ["i", "go", "by"], ["llameme"], ["llamame"],
        ["mi", "nombre", "es"],
        ["me", "llamo"],
    ]
    private static let titles: Set<String> = [
        "mr", "mister", "mrs", "ms", "miss", "doctor", "senor", "senora", "senorita", "don", "dona",
    ]
    private static let courtesies: Set<String> = [
        "please", "again", "anymore", "thanks", "thank", "you", "por", "favor", "mas", "gracias",
    ]
    /// What follows "call me" and is no name.
    private static let known: Set<String> = [
        "a", "an", "the", "at", "on", "in", "by", "to", "from", "for", "of", "with", "without", "about", "again",
        "anymore", "any", "anytime", "ever", "never", "here", "there", "home", "back", "up", "out", "off", "this",
        "that", "these", "those", "my", "your", "our", "his", "her", "all", "every", "everyday", "each", "so", "too",
        "please", "thanks", "thank", "okay", "ok", "sir", "madam", "man", "dude", "mate", "guys", "bye", "goodbye",
        "period", "because", "and", "or", "but", "if", "when", "whenever", "while", "before", "after", "until",
        "till", "during", "then", "instead", "later", "earlier", "soon", "sooner", "now", "right", "just", "today",
        "tonight", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "next",
        "once", "twice", "often", "always", "as", "like", "more", "less", "not", "no", "i", "i'm", "i'll", "i've",
        "i'd", "it", "it's", "you", "he", "she", "we", "they", "me", "us", "what", "who", "how", "why", "stop", "god",
        "call", "calling", "text", "take", "remove", "either", "anyway", "already", "first", "cell", "phone", "mas",
        "nunca", "jamas", "ya", "luego", "tarde", "temprano", "manana", "hoy", "ahora", "otra", "vez", "aqui", "aca",
        "alla", "al", "el", "la", "los", "las", "en", "de", "del", "para", "por", "con", "sin", "si", "y", "o", "ni",
        "que", "porque", "cuando", "antes", "despues", "hasta", "desde", "gracias", "oiga", "mire", "todos", "todas",
        "tan", "tanto", "siempre", "nadie", "usted", "ustedes", "lunes", "martes", "miercoles", "jueves", "viernes",
        "sabado", "domingo",
        // Spoken to somebody, or the next sentence, where the recognizer writes no marks.
        "hello", "hi", "hey", "yes", "yeah", "listen", "look", "see", "understand", "understood", "enough", "clear",
        "got", "don't", "do", "is", "are", "am", "have", "mister", "miss", "lady", "adios", "hola", "entiende",
        "entienden", "entendido", "vale", "bueno", "basta", "estoy", "escuche", "escucheme", "oye", "claro", "esta",
        "es", "tengo", "senor", "senora", "senorita",
    ]
}
