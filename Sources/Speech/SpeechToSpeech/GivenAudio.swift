/// Whose audio was passed on in the present reply, in the order in which it is played.
struct GivenAudio: Sendable, Equatable {
    private struct Piece: Sendable, Equatable {
        /// Nil for a sentence of another voice.
        let item: String?
        var count: Int
    }

    private var pieces: [Piece] = []

    /// A new reply begins.
    mutating func begin() { pieces = [] }

    /// - Parameter item: whose audio it is; nil for that of another voice.
    mutating func gave(_ count: Int, of item: String?) {
        if let last = pieces.indices.last, pieces[last].item == item {
            pieces[last].count += count
        } else {
            pieces.append(Piece(item: item, count: count))
        }
    }

    /// Samples that the caller heard of each item.
    ///
    /// - Parameter samples: that the caller heard of the reply.
    func heard(_ samples: Int) -> [String: Int] {
        var rest = samples
        var heard: [String: Int] = [:]
        for piece in pieces where rest > 0 {
            let count = min(piece.count, rest)
            rest -= count
            if let item = piece.item { heard[item, default: 0] += count }
        }
        return heard
    }
}
