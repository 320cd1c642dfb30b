/// How a word of an agent's dictionary is to be said.
package struct Pronunciation: Sendable, Hashable, ExpressibleByStringLiteral {
    /// As it is to be read.
    package var text: String
    /// In the International Phonetic Alphabet, for the voices that know it; the others read ``text``.
    package var sounds: String?

    package init(_ text: String, sounds: String? = nil) {
        self.text = text
        self.sounds = sounds
    }

    package init(stringLiteral value: String) { self.init(value) }
}
