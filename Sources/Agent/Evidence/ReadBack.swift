import Foundation

/// Whether a read-back named what it asks a yes for.
///
/// A yes is evidence for what the caller heard and for nothing else, so each argument must have been said in some form:
/// a date as its weekday or day, a time in figures or words, anything else by its words.
enum ReadBack {
    /// Texts longer than this (a message's body) need not be read out.
    private static let longest = 120

    /// The arguments that `heard` does not name; empty when it names them all and asks.
    ///
    /// - Parameter language: the agent's. Eleven in Spanish is "once", which says nothing in English.
    static func missing(
        _ arguments: JSONValue, in heard: String, language: SpokenLanguage = .english
    ) -> [String] {
        let spoken = " " + normal(heard) + " "
        return leaves(arguments, path: "").compactMap { path, value in
            forms(value, language).contains { spoken.contains(" \($0) ") } ? nil : path
        }
    }

    static func isQuestion(_ heard: String) -> Bool { heard.contains("?") }

    /// Whether there is nothing in the arguments that would be read out.
    static func isEmpty(_ arguments: JSONValue) -> Bool { leaves(arguments, path: "").isEmpty }

    private static func leaves(_ value: JSONValue, path: String) -> [(String, JSONValue)] {
        switch value {
        case .object(let members):
            return members.sorted { $0.key < $1.key }.flatMap { name, member in
                leaves(member, path: path.isEmpty ? name : "\(path).\(name)")
            }
        case .array(let elements): return elements.flatMap { leaves($0, path: path) }
        case .null, .bool: return []
        case .string(let text): return text.count > longest || text.isEmpty ? [] : [(path, value)]
        case .integer, .number:
            // The number of a record says nothing to a caller.
            let name = path.split(separator: ".").last ?? ""
            return name == "id" || name.hasSuffix("_id") ? [] : [(path, value)]
        }
    }

    /// The English ones always: figures are compared as English words.
    private static func forms(_ value: JSONValue, _ language: SpokenLanguage) -> [String] {
        switch language {
        case .english: englishForms(value)
        case .spanish: englishForms(value) + spanishForms(value)
        }
    }

    private static func englishForms(_ value: JSONValue) -> [String] {
        switch value {
        case .integer(let number): return [normal(NumberWords.speak(number)), String(number)]
        case .number(let number): return [normal(SpokenForms.number(number)), normal(JSONValue.number(number).text)]
        case .string(let text):
            var forms = [normal(text)]
            if let date = CivilDate(iso: String(text.prefix(10))) {
                forms.append(normal(DateGrammar.weekdays[date.weekday]))
                forms.append("\(normal(NumberWords.speakOrdinal(date.day))) of \(DateGrammar.months[date.month - 1])")
                forms.append("\(DateGrammar.months[date.month - 1]) \(normal(NumberWords.speakOrdinal(date.day)))")
                forms.append("\(DateGrammar.months[date.month - 1]) \(normal(NumberWords.speak(date.day)))")
                return forms
            }
            if let time = ClockTime(text: text) { forms += Self.forms(time) }
            let digits = text.filter(\.isNumber)
            if digits.count >= 5 {
                forms.append(normal(SpokenForms.digits(digits)))
                forms.append(normal(digits.map { NumberWords.speakDigits(String($0)) }.joined(separator: " ")))
            }
            return forms
        default: return []
        }
    }

    private static func spanishForms(_ value: JSONValue) -> [String] {
        switch value {
        case .integer(let number): return [normal(SpanishNumbers.speak(number))]
        case .number(let number): return [normal(SpanishForms.number(number))]
        case .string(let text):
            if let date = CivilDate(iso: String(text.prefix(10))) {
                return [normal(SpanishForms.weekday(date)), normal(SpanishForms.day(date))]
            }
            var forms: [String] = []
            if let time = ClockTime(text: text) { forms.append(normal(SpanishForms.time(time))) }
            let digits = text.filter(\.isNumber)
            if digits.count >= 5 { forms.append(normal(SpanishForms.digits(digits))) }
            return forms
        default: return []
        }
    }

    private static func forms(_ time: ClockTime) -> [String] {
        var forms = [normal(SpokenForms.time(time)), normal(time.description)]
        let twelve = (time.hour + 11) % 12 + 1
        let hour = NumberWords.speak(twelve)
        forms.append(time.minute == 0 ? hour : normal("\(hour) \(NumberWords.speak(time.minute))"))
        forms.append(normal("\(twelve):\(time.minute < 10 ? "0" : "")\(time.minute)"))
        return forms
    }

    /// Lower-case spoken words. The signs within an address are spoken: `ann@acme.example` as "ann at acme dot example".
    private static func normal(_ text: String) -> String {
        var spoken = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let isWithin =
                index > 0 && index + 1 < characters.count && characters[index - 1].isLetter
                && characters[index + 1].isLetter
            switch character {
            case "@": spoken += " at "
            case "." where isWithin: spoken += " dot "
            case "_": spoken += " underscore "
            default: spoken.append(character)
            }
        }
        return SpokenText.words(spoken).joined(separator: " ")
    }
}
