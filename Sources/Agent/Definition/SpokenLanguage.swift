/// The languages in which written text can be read out, and agents speak.
package enum SpokenLanguage: String, Sendable, CaseIterable {
    case english = "en"
    case spanish = "es"

    /// - Parameter tag: after BCP 47, of any region: `es`, `es-MX`, `ES_419`. Nil for a language nobody here speaks.
    package init?(tag: String) {
        let language = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        self.init(rawValue: language)
    }

    /// In English.
    package var name: String {
        switch self {
        case .english: "English"
        case .spanish: "Spanish"
        }
    }
}
