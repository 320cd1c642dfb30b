import Foundation
import Store

/// A document that agents may look things up in.
struct DocumentView: Encodable, Sendable {
    /// The file's, below the folder of documents.
    let name: String
    let title: String
    /// Nil where the file is gone, or on another node.
    let bytes: Int?
    let passages: Int
    /// Changes with the contents; what `If-Match` takes.
    let digest: String
    /// When these contents were taken in.
    let changedAt: Date

    init(_ record: DocumentRecord, bytes: Int?) {
        name = record.path
        title = record.title
        self.bytes = bytes
        passages = record.passages
        digest = record.hash
        changedAt = record.addedAt
    }

    var tag: String { "\"\(digest)\"" }
}

/// Documents by their names, and what the folder has that is none.
struct DocumentListView: Encodable, Sendable {
    let documents: [DocumentView]
    /// For `after`; absent on the last page.
    let next: String?
    /// Each with the reason.
    let leftOut: [String]
}

/// A document with its text.
struct DocumentTextView: Encodable, Sendable {
    let document: DocumentView
    let text: String
}

/// The passages that an agent would be given.
struct KnowledgeAnswerView: Encodable, Sendable {
    struct Found: Encodable, Sendable {
        /// The document's name.
        let source: String
        let title: String
        let heading: String
        let text: String
        /// The higher the better.
        let score: Double
    }

    let order: KnowledgeSearch.Order
    let passages: [Found]

    init(_ answer: KnowledgeSearch.Answer) {
        order = answer.order
        passages = answer.passages.map {
            Found(
                source: $0.passage.source, title: $0.passage.title, heading: $0.passage.heading, text: $0.passage.text,
                score: $0.score)
        }
    }
}
