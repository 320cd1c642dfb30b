import Foundation

/// Finds in what a person says that they do not want to be called any more, in English and Spanish. Words in any sentence around
/// them. Better once too often than once too seldom: a false one costs a call, one that is missed breaks the law, so what may mean either
/// is one.
enum OptOutPhrases {
    static func matches(_ text: String) -> Bool {
        let words = words(of: text)
        return words.indices.contains { start in patterns.contains { $0.matches(words, at: start) } }
    }

    /// As patterns have them: small letters without accents, and one spelling of what has two.
    private static func words(of text: String) -> [String] {
        // "No llamé" tells of what they did, and without its accent would be "no llame". Behind "me" it is misheard.
        let told = withoutOthers(OptOutNames.setApart(in: OptOutNames.leftOut(of: text).lowercased())).replacing(
            /\bno llamé\b(?! m[aá]s)/, with: "no he llamado")
        let plain = told.replacing("’", with: "'").folding(options: .diacriticInsensitive, locale: nil)
        var words: [String] = []
        for word in plain.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "'" }).map(String.init) {
            if word == "not", words.last == "do" {
                words[words.count - 1] = "don't"
            } else if word == "more", words.last == "any" {
                words[words.count - 1] = "anymore"
            } else {
                words.append(word == "dont" ? "don't" : word)
            }
        }
        return words
    }

    /// Leaves out what sounds alike and is about something else: a list of those who wait, hold, a number that somebody does not
    /// know, calls that did not come.
    private static func withoutOthers(_ text: String) -> String {
        // Searched for only where there is something to find: most texts have none of it, and interim ones come several times a second.
        var text = text
        if text.contains("wait") || text.contains("hold") {
            text = text.replacing(
                /\b(take|remove|delete|get|keep|scratch) (me|us|my name|our name) (off|from)( of)?( the| your| that| this)? (waiting list|wait list|waitlist|hold)\b/,
                with: " ")
        }
        if text.contains("lista de espera") {
            text = text.replacing(
                /\b(qu[ií]teme|qu[ií]tenme|s[aá]queme|b[oó]rreme) de (la|su|esta|esa) lista de espera\b/, with: " ")
        }
        if text.contains("number") {
            text = text.replacing(
                /\bi (always |often |keep )?(forget|lose) (my|our) (phone |cell )?number\b/, with: " ")
        }
        if text.contains("never") {
            text = text.replacing(
                /\b(you|they) never (call|text|phone|ring|contact)( me| us)? (back|when)\b/, with: " ")
        }
        if text.contains("ringing") {
            text = text.replacing(/\b(phone|telephone|bell|it) (stopped|stops|quit) ringing\b/, with: " ")
        }
        return text
    }

    private static let patterns: [OptOutPattern] =
        always.map { OptOutPattern($0) } + limitable.map { OptOutPattern($0, canBeLimited: true) }
}
