import CallSession

/// Puts other words in the place of those that were said, so that a text says nothing and behaves the same.
///
/// A word is as long as the one it stands for, the same word has always the same mask, and two words never share one while
/// there are enough. Words that turn taking looks at stay, and so do spaces, punctuation and capitals; digits become
/// digits, and spoken digits other spoken digits, drawn anew for every mask: who knows how it is made cannot undo it.
struct WordMask {
    /// "oh" stays: it is a sound, too.
    private let digits: [String: String]
    private var masks: [String: String] = [:]
    private var used: Set<String> = []
    private var counts: [Int: Int] = [:]

    init() {
        let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].shuffled()
        // Each is the one before it: none stays itself.
        digits = Dictionary(uniqueKeysWithValues: zip(words, words.dropFirst() + words.prefix(1)))
    }

    mutating func mask(_ text: String) -> String {
        var masked = ""
        var word = ""
        for character in text {
            if character.isLetter || character.isNumber || (character == "'" && !word.isEmpty) {
                word.append(character)
            } else {
                masked += take(&word)
                masked.append(character)
            }
        }
        return masked + take(&word)
    }

    /// Digits become zeros; other keys stay.
    static func keys(_ keys: String) -> String { String(keys.map { $0.isNumber ? "0" : $0 }) }

    private mutating func take(_ word: inout String) -> String {
        defer { word = "" }
        let plain = word.lowercased()
        guard !word.isEmpty else { return "" }
        if let digit = digits[plain] {
            return word.first?.isUppercase == true ? digit.prefix(1).uppercased() + digit.dropFirst() : digit
        }
        guard !Self.isKept(plain) else { return word }
        if let known = masks[plain] { return Self.capitals(of: word, on: known) }
        let isNumber = plain.allSatisfy(\.isNumber)
        var made: String
        repeat {
            let count = counts[plain.count, default: 0]
            counts[plain.count] = count + 1
            made = Self.word(count, length: plain.count, isNumber: isNumber)
            // A word of one letter has few masks; then two share one.
            if count > 400 { break }
        } while used.contains(made) || Self.isKept(made)
        used.insert(made)
        masks[plain] = made
        return Self.capitals(of: word, on: made)
    }

    /// Turn taking looks at it, or the reducer itself says it: when an operator hands a call back, and why it hands a caller on.
    private static func isKept(_ word: String) -> Bool {
        TurnDetector.tellingWords.contains(word) || ownWords.contains(word) || word == "withheld"
    }

    private static let ownWords = Set(
        [Conversation.recollection, "caller", Conversation.agentFailed, Conversation.operatorSendsOn]
            .joined(separator: " ").lowercased().split { !$0.isLetter }.map(String.init))

    /// The `number`th word of so many letters.
    private static func word(_ number: Int, length: Int, isNumber: Bool) -> String {
        let alphabet = Array(isNumber ? "0123456789" : "xyzabcdefghijklmnopqrstuvw")
        var rest = number
        var letters: [Character] = []
        for _ in 0..<length {
            letters.append(alphabet[rest % alphabet.count])
            rest /= alphabet.count
        }
        return String(letters)
    }

    private static func capitals(of word: String, on mask: String) -> String {
        guard word.count == mask.count else { return mask }
        return String(zip(word, mask).map { $0.isUppercase ? Character($1.uppercased()) : $1 })
    }
}
