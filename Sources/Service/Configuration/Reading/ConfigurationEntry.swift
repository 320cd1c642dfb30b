/// Something written under one key of a source.
struct ConfigurationEntry: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case text(String)
        /// Nothing, `~` or `null`: as if the key were absent.
        case nothing
        /// Further keys below, which are entries of their own.
        case section
        /// A list of plain texts, in order.
        case texts([String])
        /// A list of anything else.
        case list
    }

    /// The names from the root down.
    let path: [String]
    let content: Content
    let origin: ConfigurationOrigin
}
