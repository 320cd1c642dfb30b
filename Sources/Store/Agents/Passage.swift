/// A piece of a document, small enough to be read to somebody.
package struct Passage: Sendable, Equatable, Codable {
    /// The document's path, as it was added.
    package var source: String
    package var title: String
    /// Of the section it stands in; empty when there is none.
    package var heading: String
    package var text: String

    package init(source: String, title: String, heading: String, text: String) {
        self.source = source
        self.title = title
        self.heading = heading
        self.text = text
    }
}
