/// When a peer sends so much that cannot be read that its socket is not worth reading: more than ``limit`` faults within
/// ``width``. One that errs now and then in an hour of a call is borne.
struct FaultWindow: Sendable {
    static let limit = 100
    /// A minute, in samples.
    static let width = 480_000

    /// Faults of the whole call.
    private(set) var count = 0
    /// When the newest ones were; fills as faults come, and is then written round.
    private var times: [Int] = []

    /// Takes a fault at `position`, which never goes back.
    ///
    /// - Returns: whether it was one too many.
    mutating func add(at position: Int) -> Bool {
        defer { count += 1 }
        guard times.count == Self.limit else {
            times.append(position)
            return false
        }
        let slot = count % Self.limit
        let before = times[slot]
        times[slot] = position
        return position - before < Self.width
    }
}
