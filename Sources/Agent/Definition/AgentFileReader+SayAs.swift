import Yams

extension AgentFileReader {
    /// How `word` is said: a text, or a mapping with the sounds, too.
    mutating func sayAs(_ node: Node, _ word: String) -> SayAs? {
        let subject = "how to say `\(word)`"
        guard node.mapping != nil else { return text(node, subject).map { SayAs(text: $0) } }
        let fields = fields(node, of: subject, keys: ["as", "ipa"], required: ["ipa"])
        guard let sounds = text(fields["ipa"], "`ipa` of `\(word)`") else { return nil }
        guard sounds.count <= 64, sounds.allSatisfy({ !$0.isNumber && !"<>&\"[]/".contains($0) }) else {
            fault(
                fields["ipa"],
                "`ipa` of `\(word)` is `\(sounds)` but must be at most 64 signs of the phonetic alphabet, without brackets or slashes"
            )
            return nil
        }
        return SayAs(text: text(fields["as"], "`as` of `\(word)`") ?? word, sounds: sounds)
    }
}
