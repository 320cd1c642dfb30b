/// Tells who wants no calls at some hours, or asks why nobody called, from who wants none at all.
enum OptOutLimits {
    /// Whether the words around a phrase such as "don't call me" take back that it means all calls.
    static func hold(_ words: [String], phrase: Range<Int>) -> Bool {
        if isNoWish(words[..<phrase.lowerBound]) || isHabit(words, phrase: phrase) { return true }
        if words[phrase].contains("ever") { return false }
        let rest = words[phrase.upperBound...]
        return !rest.contains { forever.contains($0) } && beginsWithTime(rest)
    }

    /// "Why don't you call me tomorrow", "if you don't call me".
    private static func isNoWish(_ before: ArraySlice<String>) -> Bool {
        guard let last = before.last else { return false }
        return last == "why" || (["you", "they", "we", "i"].contains(last) && before.dropLast().last == "if")
    }

    /// "I don't text": of what they do themselves. Not "I, please, don't call me".
    private static func isHabit(_ words: [String], phrase: Range<Int>) -> Bool {
        let before = words[..<phrase.lowerBound].last
        guard before == "i" || before == "we", phrase.count == 2, words[phrase].first == "don't"
        else { return false }
        guard let next = words[phrase.upperBound...].first else { return true }
        return !["me", "us", "here", "again", "anymore", "this"].contains(next)
    }

    private static func beginsWithTime(_ words: ArraySlice<String>) -> Bool {
        var rest = words
        var isAfterPreposition = false
        while let word = rest.popFirst() {
            if times.contains(word) { return true }
            if ["later", "earlier", "mas"].contains(word), let next = rest.first,
                ["than", "tarde", "temprano"].contains(next)
            {
                return true
            }
            // Several of them are the digits of a telephone number.
            if isHour(word) { return isAfterPreposition && !(rest.first.map(isHour) ?? false) }
            guard prepositions.contains(word) || objects.contains(word) else { return false }
            if prepositions.contains(word) { isAfterPreposition = true }
        }
        return false
    }

    private static func isHour(_ word: String) -> Bool {
        hours.contains(word) || (word.first?.isNumber == true && word.count <= 4)
    }

    private static let forever: Set<String> = ["ever", "never", "anymore", "further", "nunca", "jamas"]

    /// What may stand between the phrase and its time.
    private static let objects: Set<String> = [
        "me", "us", "here", "back", "please", "home", "this", "that", "so", "too", "the", "my", "house", "phone",
        "cell",
        "number", "nos", "por", "favor", "aqui", "aca", "casa", "mi", "este", "numero", "telefono", "tan", "muy", "el",
        "los", "de", "del",
    ]

    private static let prepositions: Set<String> = [
        "at", "after", "on", "past", "around", "about", "by", "from", "in", "a", "al", "la", "las", "despues", "sobre",
        "en",
    ]

    private static let hours: Set<String> = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "una", "dos",
        "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    ]

    private static let times: Set<String> = [
        "before", "until", "till", "during", "between", "while", "early", "late", "today", "tonight", "tomorrow",
        "noon",
        "midnight", "lunch", "lunchtime", "dinner", "dinnertime", "bedtime", "night", "nights", "morning", "mornings",
        "afternoon", "afternoons", "evening", "evenings", "weekday", "weekdays", "weekend", "weekends", "monday",
        "mondays", "tuesday", "tuesdays", "wednesday", "wednesdays", "thursday", "thursdays", "friday", "fridays",
        "saturday", "saturdays", "sunday", "sundays", "antes", "hasta", "durante", "entre", "mientras", "temprano",
        "tarde", "tardes", "noche", "noches", "manana", "mananas", "hoy", "mediodia", "lunes", "martes", "miercoles",
        "jueves", "viernes", "sabado", "sabados", "domingo", "domingos",
    ]
}
