/// How a word is to be said that is written otherwise.
package struct SayAs: Sendable, Equatable {
    /// As it is to be read out.
    package var text: String
    /// In the International Phonetic Alphabet, for voices that know it.
    package var sounds: String?

    package init(text: String, sounds: String? = nil) {
        self.text = text
        self.sounds = sounds
    }
}
