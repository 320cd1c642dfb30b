/// What the first words of a call tell about who has answered.
enum AnswerWords {
    private static let screening = [
        "state your name", "say your name", "may i ask who", "before i connect", "reason for your call",
        "reason for calling", "why you are calling", "why you're calling", "call assist", "screening",
        "google assistant",
        "see if this person is available", "stay on the line", "connect you if",
    ]
    private static let menu = [
        "press one", "press two", "press 1", "press 2", "press zero", "press 0", "main menu", "menu options",
        "following options", "listen carefully", "options have changed", "dial the extension", "know your party's",
        "enter the extension", "say or press", "for sales", "for support", "for english", "press the pound",
    ]
    private static let machine = [
        "leave a message", "leave your message", "leave me a message", "leave your name", "leave us a message",
        "after the tone", "after the beep", "at the tone", "at the beep", "not available", "unavailable",
        "can't take your call", "cannot take your call", "can't come to the phone", "cannot come to the phone",
        "unable to take your call", "unable to answer", "voicemail", "voice mail", "mailbox", "get back to you",
        "call you back", "return your call", "you have reached", "you've reached", "record your message",
        "we are closed", "office is closed", "our office hours",
    ]
    private static let person = [
        "hello", "hi", "yes", "speaking", "how can i help", "how may i help", "can i help", "good morning",
        "good afternoon", "good evening", "who is this", "who's this", "hey", "yeah", "this is",
    ]

    /// Who says such words; nil if they tell nothing.
    static func answerer(_ text: String) -> Answerer? {
        let words = " " + normalized(text) + " "
        if contains(screening, words) { return .screening }
        if contains(menu, words) { return .menu }
        if contains(machine, words) { return .machine }
        return contains(person, words) ? .person : nil
    }

    private static func contains(_ phrases: [String], _ words: String) -> Bool {
        phrases.contains { words.contains(" \($0) ") }
    }

    private static func normalized(_ text: String) -> String {
        let plain = text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }
        return String(plain).split(separator: " ").joined(separator: " ")
    }
}
