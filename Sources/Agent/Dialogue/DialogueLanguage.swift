/// Sentences a caller may say, by dialogue state. `{class}` names a class of spoken forms.
package struct DialogueLanguage: Sendable, Hashable {
    /// State → sentences. Repeated sentences weigh more.
    package var contexts: [String: [String]]
    /// Class → spoken forms; a form may use `{class}` itself. Repeated forms weigh more.
    package var classes: [String: [String]]
    /// Word → CMU phones, for words the dictionary lacks.
    package var pronunciations: [String: String]

    package init(
        contexts: [String: [String]] = [:], classes: [String: [String]] = [:], pronunciations: [String: String] = [:]
    ) {
        self.contexts = contexts
        self.classes = classes
        self.pronunciations = pronunciations
    }
}
