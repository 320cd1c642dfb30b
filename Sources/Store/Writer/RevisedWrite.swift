/// A write and its place among all writes: of two versions of a row the one with the higher revision stays, in whatever
/// order they reach the database.
package struct RevisedWrite: Sendable, Equatable, Codable {
    package var revision: Int
    package var write: StoreWrite

    package init(revision: Int, write: StoreWrite) {
        self.revision = revision
        self.write = write
    }
}
