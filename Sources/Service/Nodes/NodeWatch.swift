import Store

/// Decides which nodes are dead. A value: what was seen at each look goes in.
///
/// Looks are counted and not seconds, so that a node is not taken for dead because the clocks differ, or because the database
/// was away for a while and nobody could say anything.
struct NodeWatch: Sendable {
    private struct Sight: Sendable {
        var beats: Int
        var looks = 0
    }

    /// Looks in a row at which nothing was heard of a dead node.
    let patience: Int
    private var sights: [String: Sight] = [:]

    init(patience: Int) { self.patience = patience }

    /// - Parameters:
    ///   - nodes: those that have not ended, as they are now.
    ///   - own: the one that looks.
    /// - Returns: those that are dead.
    mutating func look(at nodes: [NodeRecord], own: String) -> [NodeRecord] {
        var seen: [String: Sight] = [:]
        var dead: [NodeRecord] = []
        for node in nodes where node.id != own {
            var sight = sights[node.id] ?? Sight(beats: node.beats)
            sight =
                sight.beats == node.beats ? Sight(beats: sight.beats, looks: sight.looks + 1) : Sight(beats: node.beats)
            if sight.looks >= patience { dead.append(node) }
            seen[node.id] = sight
        }
        sights = seen
        return dead
    }
}
