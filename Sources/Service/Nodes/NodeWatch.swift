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

    /// Looks in a row at which nothing was heard of a dead node that says something as often as this one looks.
    let patience: Int
    /// Between two looks, in milliseconds.
    private let pace: Int
    /// What is in the database is not believed beyond an hour.
    private static let longestBeat = 3_600_000
    private var sights: [String: Sight] = [:]

    init(patience: Int, pace: Duration = .seconds(3)) {
        self.patience = patience
        self.pace = max(1, Int(pace / .milliseconds(1)))
    }

    /// Looks that `node` gets. One that says something more rarely than this one looks is waited for longer: while nodes are
    /// restarted one by one, they do not all have the same beat.
    private func patience(with node: NodeRecord) -> Int {
        guard let beat = node.beat, beat > pace else { return patience }
        return patience * ((min(beat, Self.longestBeat) - 1) / pace + 1)
    }

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
            if sight.looks >= patience(with: node) { dead.append(node) }
            seen[node.id] = sight
        }
        sights = seen
        return dead
    }
}
