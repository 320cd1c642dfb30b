import DequeModule

/// The connections on which no request is under way, in the order in which they make room for a new one.
///
/// First those that never sent a whole head, but for a few, then those that wait for their next request; of each the one
/// that has waited longest. Whoever asks something at once is thus served however many say nothing, and a console keeps its
/// connection while there are strangers to be closed. Addresses do not count: behind a proxy all callers share one. A value;
/// time is the order of the calls.
package struct SilentConnections<ID: Hashable & Sendable>: Sendable {
    /// One kind of waiting connections. What is no longer waiting stays in the line until it is passed or swept out.
    private struct Line: Sendable {
        private struct Place: Sendable {
            let id: ID
            let number: UInt64
        }

        private var places = Deque<Place>()
        private var numbers: [ID: UInt64] = [:]
        private var last: UInt64 = 0

        var count: Int { numbers.count }

        mutating func append(_ id: ID) {
            last += 1
            numbers[id] = last
            places.append(Place(id: id, number: last))
            guard places.count > 2 * numbers.count + 64 else { return }
            places.removeAll { [numbers] in numbers[$0.id] != $0.number }
        }

        mutating func remove(_ id: ID) { numbers[id] = nil }

        mutating func takeFirst() -> ID? {
            while let place = places.popFirst() {
                guard numbers[place.id] == place.number else { continue }
                numbers[place.id] = nil
                return place.id
            }
            return nil
        }
    }

    /// To so many who wait for their next request one who never asked is spared: whoever asked once on nearly all
    /// connections could otherwise have each new one closed by the next before it asks.
    private static var knownToOneSpared: Int { 8 }

    private var strangers = Line()
    private var known = Line()

    package init() {}

    /// How many could make room.
    package var count: Int { strangers.count + known.count }

    /// Nothing is under way on `id` from now on.
    ///
    /// - Parameter hasAsked: whether a whole head ever came on it.
    package mutating func waits(_ id: ID, hasAsked: Bool) {
        isBusy(id)
        if hasAsked { known.append(id) } else { strangers.append(id) }
    }

    /// A whole head came on `id`, or it is gone.
    package mutating func isBusy(_ id: ID) {
        strangers.remove(id)
        known.remove(id)
    }

    /// Which one is to be closed for a new one; it is none of these any more. Nil where something is under way on all.
    package mutating func makeRoom() -> ID? {
        if strangers.count < known.count / Self.knownToOneSpared { return known.takeFirst() }
        return strangers.takeFirst() ?? known.takeFirst()
    }
}
