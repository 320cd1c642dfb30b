/// What the first words of a call tell about who has answered.
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

    /// Who says such words; nil if they tell nothing.
    ///
    /// - Parameter onlyCertain: leaves out what a person may say in a conversation.
    static func answerer(_ text: String, onlyCertain: Bool = false) -> Answerer? {
        let words = " " + normalized(text) + " "
        if contains(screening, words) || !onlyCertain && contains(likelyScreening, words) { return .screening }
        if contains(menu, words) || !onlyCertain && contains(likelyMenu, words) { return .menu }
        if contains(machine, words) || !onlyCertain && contains(likelyMachine, words) { return .machine }
        return contains(person, words) ? .person : nil
    }

    /// Whether a person says no more than that they are there: what an agent's greeting answers.
    static func isGreeting(_ text: String) -> Bool {
        let words = normalized(text)
        let parts = words.split(separator: " ")
        guard refusing.isDisjoint(with: parts) else { return false }
        return parts.count <= 2 || contains(person, " \(words) ")
    }

    static func asksToWait(_ text: String) -> Bool { contains(holding, " " + normalized(text) + " ") }

    static func takesNoMessage(_ text: String) -> Bool { contains(full, " " + normalized(text) + " ") }

    private static func contains(_ phrases: [String], _ words: String) -> Bool {
        phrases.contains { words.contains(" \($0) ") }
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
