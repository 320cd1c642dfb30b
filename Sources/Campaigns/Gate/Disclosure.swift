/// What an agent's first words tell the person who is called. Pure: judges a text.
package struct Disclosure: Sendable, Equatable {
    /// What must be said at the beginning of a call with an artificial voice.
    package enum Slot: String, Sendable, CaseIterable {
        /// In whose name is called.
        case identity = "the name of the business"
        /// That it is a machine.
        case automated = "that the caller is automated (\"automated\", \"artificial\", \"virtual\", \"AI\")"
        /// How to be called no more.
        case optOut = "how to opt out (\"press nine\")"
    }

    /// What is lacking, in the order in which it should be said.
    package let missing: [Slot]

    /// - Parameters:
    ///   - greeting: the first words of the call.
    ///   - seller: the name that must be among them.
    package init(greeting: String, seller: String) {
        let words = Self.words(greeting)
        let name = Self.words(seller)
        var missing: [Slot] = []
        if name.isEmpty || !Self.contains(words, name) { missing.append(.identity) }
        let machine: Set = ["automated", "automatic", "artificial", "virtual", "robot", "computer", "ai", "machine"]
        if machine.isDisjoint(with: words), !Self.contains(words, ["a", "i"]) { missing.append(.automated) }
        if !Self.contains(words, ["press", "nine"]), !Self.contains(words, ["press", "9"]) { missing.append(.optOut) }
        self.missing = missing
    }

    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    }

    static func contains(_ words: [String], _ part: [String]) -> Bool {
        guard words.count >= part.count else { return false }
        return (0...words.count - part.count).contains { words[$0..<$0 + part.count].elementsEqual(part) }
    }
}
