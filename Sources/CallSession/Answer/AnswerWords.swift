import Foundation

/// What the first words of a call tell about who has answered, in English and Spanish: a line may answer in either.
enum AnswerWords {
    // Phrases that nobody else says come first; those behind them a person may say too, once a conversation has begun.
    private static let screening = [
        "state your name", "say your name", "before i connect", "reason for your call", "reason for calling",
        "why you are calling", "why you're calling", "call assist", "screening", "google assistant",
        "see if this person is available", "connect you if",
    ]
    private static let likelyScreening = ["may i ask who", "stay on the line"]
    private static let menu = [
        "press one", "press two", "press 1", "press 2", "press zero", "press 0", "main menu", "menu options",
        "options have changed", "dial the extension", "know your party's", "enter the extension", "say or press",
        "press the pound",
    ]
    private static let likelyMenu = [
        "following options", "listen carefully", "for sales", "for support", "for english", "you can say",
    ]
    private static let machine = [
        "leave a message", "leave your message", "leave me a message", "leave your name", "leave us a message",
        "after the tone", "after the beep", "at the tone", "at the beep", "voicemail", "voice mail", "mailbox",
        "record your message",
    ]
    private static let likelyMachine = [
        "not available", "unavailable", "can't take your call", "cannot take your call", "can't come to the phone",
        "cannot come to the phone", "unable to take your call", "unable to answer", "get back to you",
        "call you back", "return your call", "you have reached", "you've reached",
        "we are closed", "office is closed", "our office hours",
    ]
    private static let person = [
        "hello", "hi", "yes", "speaking", "how can i help", "how may i help", "can i help", "good morning",
        "good afternoon", "good evening", "who is this", "who's this", "hey", "yeah", "this is",
    ]
    /// Said by whoever keeps the line while somebody is fetched.
    private static let holding = [
        "stay on the line", "one moment", "hold on", "please hold", "please wait", "hold the line", "connecting",
    ]
    private static let full = [
        "mailbox is full", "cannot accept any", "can't accept any", "not accepting messages", "has not been set up",
        "hasn't been set up",
    ]
    /// Words that make more of a sentence than a greeting.
    private static let refusing: Set<Substring> = [
        "stop", "don't", "not", "never", "no", "remove", "off", "quit", "unsubscribe", "list", "wrong",
    ]

    /// Who says such words, in English or Spanish; nil if they tell nothing.
    ///
    /// - Parameter onlyCertain: leaves out what a person may say in a conversation.
    static func answerer(_ text: String, onlyCertain: Bool = false) -> Answerer? {
        let said = normalized(text)
        let words = padded(said)
        if isIn(words, screening, Spanish.screening) { return .screening }
        if !onlyCertain, isIn(words, likelyScreening, Spanish.likelyScreening) { return .screening }
        if isIn(words, menu, Spanish.menu) || Spanish.offersKey(words.split(separator: " ")) { return .menu }
        if !onlyCertain, isIn(words, likelyMenu, Spanish.likelyMenu) { return .menu }
        if isIn(words, machine, Spanish.machine) { return .machine }
        if !onlyCertain, isIn(words, likelyMachine, Spanish.likelyMachine) { return .machine }
        if isPersonal(said, words) { return .person }
        return !onlyCertain && isIn(words, Spanish.screeningUnlessGreeting) ? .screening : nil
    }

    /// Whether a person says no more than that they are there: what an agent's greeting answers. "Hello, I want to cancel" is for the
    /// dialogue, though a person says it (``answerer(_:onlyCertain:)``).
    static func isGreeting(_ text: String) -> Bool {
        let said = normalized(text)
        let words = padded(said)
        let parts = words.split(separator: " ")
        guard refusing.isDisjoint(with: parts), Spanish.refusing.isDisjoint(with: parts) else { return false }
        if parts.count <= 2 { return !GreetingWords.wish(parts) }
        return isPersonal(said, words) && GreetingWords.areAll(parts)
    }

    static func asksToWait(_ text: String) -> Bool { isIn(padded(normalized(text)), holding, Spanish.holding) }

    static func takesNoMessage(_ text: String) -> Bool { isIn(padded(normalized(text)), full, Spanish.full) }

    /// - Parameters:
    ///   - said: with accents: "sí" is a yes, and "si" an "if" unless it is all that is said.
    ///   - words: the same as the phrases are written.
    private static func isPersonal(_ said: String, _ words: String) -> Bool {
        isIn(words, person, Spanish.person) || said == "si" || said.split(separator: " ").contains("sí")
    }

    private typealias Spanish = SpanishAnswerWords

    /// As the phrases are written: without accents, which some recognizers do not set either.
    private static func padded(_ normalized: String) -> String {
        " " + normalized.folding(options: .diacriticInsensitive, locale: nil) + " "
    }

    private static func isIn(_ words: String, _ lists: [String]...) -> Bool {
        lists.contains { phrases in phrases.contains { words.contains(" \($0) ") } }
    }

    static func normalized(_ text: String) -> String {
        let plain = text.lowercased().map { character -> Character in
            // Some recognizers set it as printers do.
            if character == "’" { return "'" }
            return character.isLetter || character.isNumber || character == "'" ? character : " "
        }
        return String(plain).split(separator: " ").joined(separator: " ")
    }
}
