/// A language in which numbers, dates and signs can be written out.
package enum SpeechLocale: String, Sendable, CaseIterable {
    case english = "en"
    case spanish = "es"

    /// - Parameter tag: BCP 47; nil for a language that is not known here.
    package init?(tag: String) {
        self.init(rawValue: String(tag.lowercased().prefix { $0 != "-" && $0 != "_" }))
    }
}
