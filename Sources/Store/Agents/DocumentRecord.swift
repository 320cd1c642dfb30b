package import Foundation

/// A document whose passages can be searched.
package struct DocumentRecord: Sendable, Equatable {
    /// As it was added: the file's, below the folder of documents.
    package var path: String
    package var title: String
    /// Tells its contents apart.
    package var hash: String
    /// When these contents were taken in.
    package var addedAt: Date
    /// How many there are.
    package var passages: Int

    init(row: SQLRow) {
        path = row["path"]
        title = row["title"]
        hash = row["hash"]
        addedAt = Date(storedMilliseconds: row["added_at"])
        passages = row["passages"]
    }
}
