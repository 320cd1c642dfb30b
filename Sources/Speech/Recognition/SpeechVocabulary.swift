/// The language of a task: what callers are likely to say in each state of a dialogue.
///
/// Embedded recognizers build their language models from it; remote ones take key terms from it.
package struct SpeechVocabulary: Sendable, Hashable {
    package struct Context: Sendable, Hashable {
        /// The dialogue state, unique within the vocabulary.
        package var name: String
        /// Sentences in lower-case words, in which `{date}`, `{time}`, `{number}`, `{digits}`, `{first_name}`,
        /// `{last_name}`, `{yes}`, `{no}` … name an entity class of ``classes``. Repeated sentences weigh more.
        package var sentences: [String]

        package init(name: String, sentences: [String]) {
            self.name = name
            self.sentences = sentences
        }
    }

    package var contexts: [Context]
    /// Entity class name → the spoken forms it stands for ("half past ten", "next tuesday", "maria").
    /// A form may itself use `{class}` references.
    package var classes: [String: [String]]
    /// Pronunciations of words the dictionary lacks: word → CMU phones ("P AA R L IY").
    package var pronunciations: [String: String]

    package init(contexts: [Context], classes: [String: [String]] = [:], pronunciations: [String: String] = [:]) {
        self.contexts = contexts
        self.classes = classes
        self.pronunciations = pronunciations
    }
}
