/// Makes ids of nodes: `n` and 16 characters without look-alikes, new at every start.
enum NodeID {
    static func new() -> String { "n" + CallID.new().dropFirst() }
}
