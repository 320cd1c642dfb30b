/// Tells who wants no calls at some hours, or asks why nobody called, or is not to be called by some name, from who wants none at all.
///
/// A call too few costs a call; an opt-out that is missed breaks the law. So each of these must be proved by the words ("right now", "before
/// nine"), and where they may mean either, all calls end: "don't call me, I'm driving", "don't call me again today", "don't call me at work".
enum OptOutLimits {
    /// Whether the words around a phrase such as "don't call me" take back that it means all calls.
    static func hold(_ words: [String], phrase: Range<Int>) -> Bool {
        let before = words[..<phrase.lowerBound]
        if isNoWish(words, phrase: phrase) || isHabit(words, phrase: phrase) { return true }
        if words[phrase].contains("ever") { return false }
        let rest = words[phrase.upperBound...]
        guard !isEndless(rest) else { return false }
        // "No more calls right now" and "ya no me llame ahora" are about time to come.
        let isOfNow = before.last != "ya" && !words[phrase].contains { ["more", "mas", "further"].contains($0) }
        return beginsWithTime(rest, isOfNow: isOfNow) || OptOutNames.follow(words, phrase: phrase)
    }

    /// "Today or ever", "now or later".
    private static func isEndless(_ words: ArraySlice<String>) -> Bool {
        words.contains { forever.contains($0) }
            || zip(words, words.dropFirst()).contains { joining.contains($0) && another.contains($1) }
    }

    /// "Why don't you call me tomorrow", "if you don't call me".
    private static func isNoWish(_ words: [String], phrase: Range<Int>) -> Bool {
        let before = words[..<phrase.lowerBound]
        guard let last = before.last else { return false }
        // "You know why. Don't call me."
        if last == "why" { return words[phrase].dropFirst().first.map(asked.contains) ?? false }
        return (["you", "they", "we", "i"].contains(last) && before.dropLast().last == "if")
    }

    /// Behind "why don't".
    private static let asked: Set<String> = [
        "you", "they", "we", "i", "people", "anyone", "anybody", "someone", "somebody",
    ]

    /// "I don't text": of what they do themselves. Not "I, please, don't call me".
    private static func isHabit(_ words: [String], phrase: Range<Int>) -> Bool {
        let before = words[..<phrase.lowerBound].last
        guard before == "i" || before == "we", phrase.count == 2, words[phrase].first == "don't"
        else { return false }
        guard let next = words[phrase.upperBound...].first else { return true }
        return !["me", "us", "here", "again", "anymore", "this"].contains(next)
    }

    /// - Parameter isOfNow: "right now" puts off; else it says from when on.
    private static func beginsWithTime(_ words: ArraySlice<String>, isOfNow: Bool) -> Bool {
        var rest = words
        var isAfterPreposition = false
        var previous = ""
        while let word = rest.popFirst() {
            if present.contains(word) { return isOfNow && !begins(word, after: previous, rest) }
            // "Until Monday", "before nine"; "until I call you" and "before I sue you" are no time.
            if boundaries.contains(word) {
                return rest.prefix(4).contains { isHour($0) || times.contains($0) && !boundaries.contains($0) }
            }
            if times.contains(word) { return !begins(word, after: previous, rest) }
            if ["when", "whenever", "cuando"].contains(word) { return tellsState(rest) }
            if ["later", "earlier", "mas"].contains(word), let next = rest.first,
                ["than", "tarde", "temprano"].contains(next)
            {
                return true
            }
            // Several of them are the digits of a telephone number.
            if isHour(word) {
                // "In 2025" and "about 2024" are years.
                if word.count == 4, Int(word) != nil, years.contains(previous) { return false }
                return isAfterPreposition && !(rest.first.map { isHour($0) || counted.contains($0) } ?? false)
            }
            guard prepositions.contains(word) || objects.contains(word) || word == "for" && rest.first == "now" else {
                return false
            }
            if prepositions.contains(word) { isAfterPreposition = true }
            previous = word
        }
        return false
    }

    /// "From today", "de ahora en adelante": for good, unless an end is named ("from Monday to Friday").
    private static func begins(_ time: String, after previous: String, _ rest: ArraySlice<String>) -> Bool {
        let isOpen = ["now", "today", "ahora", "hoy"].contains(time)
        // "Now that I said so", and "from now on" of which a word was lost.
        if ["now", "ahora"].contains(time), let next = rest.first, ["that", "on", "que", "en"].contains(next) {
            return true
        }
        guard ["from", "desde"].contains(previous) || previous == "de" && isOpen else { return false }
        return !rest.contains { ends.contains($0) || !isOpen && ["to", "a", "al"].contains($0) }
    }

    /// "When I'm driving". Not "when I said so".
    private static func tellsState(_ rest: ArraySlice<String>) -> Bool {
        guard let first = rest.first else { return false }
        let isToBe = ["i", "we"].contains(first) && rest.dropFirst().prefix(1).contains { ["am", "are"].contains($0) }
        return isToBe || ["i'm", "we're", "estoy", "estamos", "este", "estemos"].contains(first)
    }

    private static func isHour(_ word: String) -> Bool {
        if hours.contains(word) { return true }
        // "9am", but not "3rd".
        let figures = word.prefix { $0.isNumber }
        return (1...4).contains(figures.count) && ["", "am", "pm", "h"].contains(String(word.dropFirst(figures.count)))
    }

    private static let boundaries: Set<String> = ["before", "until", "till", "antes", "hasta"]
    private static let years: Set<String> = ["in", "about", "en", "sobre"]

    /// Behind a number they say that it is no hour: "a 100 times", "at one of my numbers".
    private static let counted: Set<String> = [
        "time", "times", "vez", "veces", "of", "more", "number", "numbers",
    ]

    private static let forever: Set<String> = [
        "ever", "never", "anymore", "further", "forever", "future", "permanently", "nunca", "jamas", "siempre",
        "futuro",
        "adelante",
    ]
    private static let joining: Set<String> = ["yet", "or", "nor", "and", "o", "ni", "y"]
    private static let another: Set<String> = ["again", "later", "any", "luego", "despues"]
    private static let ends: Set<String> = ["until", "till", "through", "hasta"]
    private static let present: Set<String> = [
        "now", "moment", "yet", "ahora", "ahorita", "momento", "todavia", "aun",
    ]

    /// What may stand between the phrase and its time.
    private static let objects: Set<String> = [
        "me", "us", "here", "back", "please", "home", "this", "that", "so", "too", "the", "my", "house", "phone",
        "cell",
        "number", "nos", "por", "favor", "aqui", "aca", "casa", "mi", "este", "numero", "telefono", "tan", "muy", "el",
        "los", "esta", "right", "just", "next", "proxima", "proximo", "de", "del",
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
        "tarde", "tardes", "noche", "noches", "manana", "mananas", "hoy", "week", "month", "semana", "mes", "mediodia",
        "lunes", "martes", "miercoles",
        "jueves", "viernes", "sabado", "sabados", "domingo", "domingos",
    ]
}
