/// Tells words that only greet from a sentence that begins with a greeting: "Hello, Lakeside Clinic, this is Anna" and "Hello, I want
/// to cancel". Small letters without accents, in English and Spanish.
///
/// A sentence is taken apart into what is said when a telephone is picked up, and names; a name is whatever has none of the words
/// that make a clause, for nobody can list names.
enum GreetingWords {
    /// Whether nothing but greetings, pleasantries and names is left.
    static func areAll(_ words: [Substring]) -> Bool {
        let words = words.flatMap(apart)
        var rest = words[...]
        var name = 0
        // Before anything else a company says who it is.
        var longest = longestIntroduced
        while let word = rest.first {
            let pleasantry = pleasantries.first { rest.starts(with: $0) }
            let introduction = introductions.first { rest.starts(with: $0) }
            if let introduction, introduction.count > pleasantry?.count ?? 0 {
                rest = rest.dropFirst(introduction.count)
                // "I'm driving" tells no name.
                if introduction.last == "am", rest.first?.hasSuffix("ing") == true { return false }
                (name, longest) = (0, longestIntroduced)
            } else if let pleasantry {
                rest = rest.dropFirst(pleasantry.count)
                (name, longest) = (0, longestName)
            } else {
                guard !clause.contains(word), !wishes.contains(word) else { return false }
                if !linking.contains(word) { name += 1 }
                guard name <= longest else { return false }
                rest = rest.dropFirst()
            }
        }
        return true
    }

    /// Whether one or two words ask for something: "cancel please". Any others of that length say who is there.
    static func wish(_ words: [Substring]) -> Bool { words.contains(where: wishes.contains) }

    /// Words of a name that nothing introduces: "Good morning, Lakeside Dental Clinic".
    private static let longestName = 3
    /// And of one behind "this is", or at the beginning.
    private static let longestIntroduced = 6

    /// "Who's" as "who is".
    private static func apart(_ word: Substring) -> [Substring] {
        guard let mark = word.firstIndex(of: "'") else { return [word] }
        switch word[mark...] {
        // "Miller's" is a name.
        case "'s": return clause.contains(word[..<mark]) ? [word[..<mark], "is"] : [word]
        case "'m": return [word[..<mark], "am"]
        case "'re": return [word[..<mark], "are"]
        // "I'd", "we'll", "can't"; an "o'clock" is none.
        default: return clause.contains(word[..<mark]) || word.hasSuffix("n't") ? [word[..<mark], "not"] : [word]
        }
    }

    private static func phrases(_ texts: [String]) -> [[Substring]] {
        texts.map { $0[...].split(separator: " ") }.sorted { $0.count > $1.count }
    }

    private static let pleasantries = phrases([
        "hello", "hi", "hey", "hiya", "there", "yes", "yeah", "yep", "okay", "ok", "good morning", "good afternoon",
        "good evening", "good day", "morning", "afternoon", "evening", "welcome", "please", "oh", "ah", "um", "uh",
        "er",
        "well", "speaking", "here", "this is he", "this is she", "this is him", "this is her", "this is me", "it is me",
        "that is me", "who is this", "who is that", "who is it", "who is there", "who is calling", "who is speaking",
        "who am i speaking to", "who am i speaking with", "who am i talking to", "may i ask who is calling",
        "can i ask who is calling", "may i ask who this is", "help you", "can i help", "can i help you", "may i help",
        "may i help you", "how can i help", "how can i help you", "how may i help", "how may i help you",
        "how can we help you", "how may i direct your call", "what can i do for you", "what can we do for you",
        "how can i be of service", "how are you", "how are you doing", "how are you today", "how are you doing today",
        "how is it going", "how do you do", "nice to meet you", "nice to hear from you", "what is up",
        "is anyone there", "is anybody there", "is somebody there", "is someone there", "anyone there", "anybody there",
        "are you there", "can you hear me", "do you hear me", "go ahead", "i am listening", "i am here", "i am fine",
        "i am good", "i am well", "thank you", "thanks", "what do you want", "what is this about", "you are on speaker",
        // Nothing is asked for but time, which the agent's greeting takes.
        "just a second", "just a moment", "just a minute", "a second", "a moment", "one second", "one moment",
        "one minute", "hold on", "hold on a second", "hang on", "hang on a second",

        "hola", "soy yo", "bueno", "diga", "digame", "dime", "mande", "alo", "oigo", "si", "buenos dias", "buen dia",
        "buenas",
        "buenas tardes", "buenas noches", "muy buenas", "muy buenos dias", "que tal", "como esta", "como estas",
        "como esta usted", "como le va", "como te va", "quien es", "quien habla", "quien llama", "quien me habla",
        "quien me llama", "quien le habla", "con quien hablo", "con quien tengo el gusto", "con quien desea hablar",
        "de parte de quien", "de parte", "me puede decir", "puedo saber", "en que puedo ayudarle",
        "en que puedo ayudarlo", "en que puedo ayudarla", "en que puedo ayudarte", "en que puedo servirle",
        "en que le puedo ayudar", "en que le puedo servir", "en que te puedo ayudar", "en que podemos ayudarle",
        "como puedo ayudarle", "como puedo ayudarte", "como le puedo ayudar", "como puedo ayudar", "a sus ordenes",
        "a la orden", "que desea", "que se le ofrece", "le escucho", "te escucho", "adelante", "gracias",
        "muchas gracias", "por favor", "al habla", "al aparato", "con el", "con ella", "con el mismo",
        "con la misma", "un momento", "un momentito", "un segundo", "un minuto", "no cuelgue", "espere",
    ])

    /// What a name follows.
    private static let introductions = phrases([
        "this is", "it is", "i am", "my name is", "you are speaking with", "you are speaking to", "you are talking to",
        "thank you for calling", "thanks for calling", "you have reached", "soy", "somos", "aqui", "habla", "le habla",
        "te habla", "le atiende", "te atiende", "les atiende", "atiende", "mi nombre es", "me llamo",
        "gracias por llamar", "gracias por llamar a", "esta llamando a", "ha llamado a",
    ])

    /// Between the words of a name: "Law office of Baker and Stone", "la fontanería del lago".
    private static let linking: Set<Substring> = [
        "the", "of", "and", "at", "from", "with", "in", "mr", "mrs", "ms", "miss", "mister", "doctor", "dr", "sir",
        "madam", "ma'am", "de", "del", "la", "el", "los", "las", "y", "e", "don", "dona", "senor", "senora", "senorita",
        "usted",
    ]

    /// No name has these.
    private static let clause: Set<Substring> = [
        "i", "me", "my", "mine", "we", "us", "our", "you", "your", "yours", "he", "him", "his", "she", "her", "they",
        "them", "their", "it", "its", "this", "that", "these", "those", "a", "an", "any", "some", "to", "about", "for",
        "on", "regarding", "concerning", "because", "if", "but", "when", "where", "why", "what", "which", "how", "who",
        "am", "is", "are", "was", "were", "be", "been", "do", "does", "did", "have", "has", "had", "can", "could",
        "would", "shall", "should", "might", "must", "let", "not", "so", "then", "just", "only", "also", "already",

        "yo", "mi", "mis", "nos", "nuestro", "nuestra", "tu", "te", "su", "sus", "se", "lo", "les", "un", "una",
        "al", "para", "por", "sobre", "porque", "pero", "que", "cual", "cuando", "donde", "como", "quien", "es", "esta",
        "estoy", "estamos", "era", "ha", "hay", "tengo", "tenemos", "tiene", "tienen", "puede", "puedes", "puedo",
        "podria", "podrias", "esto", "eso", "ese", "este", "ya", "no", "ni", "en", "con",
    ]

    /// What people ask for when they call somebody, and what a name has no part of.
    private static let wishes: Set<Substring> = [
        "want", "wanted", "wanna", "need", "needed", "like", "cancel", "cancelled", "change", "move", "reschedule",
        "postpone", "confirm", "book", "tell", "give", "get", "send", "put", "connect", "transfer", "explain", "ask",
        "asking", "appointment", "question", "problem", "later", "busy", "driving", "today", "tomorrow", "tonight",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",

        "quiero", "queria", "quisiera", "necesito", "necesitaba", "cancelar", "cancele", "cancela", "cambiar", "cambie",
        "cambia", "mover", "aplazar", "confirmar", "reservar", "preguntar", "pregunta", "problema", "cita", "llame",
        "llamame", "llameme", "luego", "despues", "ocupado", "ocupada", "conduciendo", "manejando", "hoy", "manana",
        "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
    ]
}
