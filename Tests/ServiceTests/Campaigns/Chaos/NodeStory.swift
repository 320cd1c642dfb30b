import Foundation

/// What became of a node: how often it was started, and from when to when each of its processes lived.
struct NodeStory: Sendable {
    /// One process, from its start to its end.
    struct Life: Sendable {
        /// Where the carrier reaches it: the node's, whichever process it is.
        let port: Int
        let began: Date
        /// Just before it was killed; nil where it ended otherwise.
        var killed: Date?
        /// When it was seen to be gone, or all was over.
        let gone: Date
    }

    var starts = 0
    /// Times that it ended without being killed.
    var failures = 0
    var lives: [Life] = []

    /// Counts another node's with this one.
    mutating func add(_ other: NodeStory) {
        starts += other.starts
        failures += other.failures
        lives += other.lives
    }
}
