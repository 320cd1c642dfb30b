/// Evens out an operator's audio, which comes over a network: holds back a little before it begins, and again whenever
/// everything has been played.
///
/// Bounded: what has piled up beyond ``most`` is dropped, the oldest first, so that the two who talk stay together; and it
/// is counted.
struct OperatorBuffer: Sendable {
    /// Samples held back at a beginning: 100 ms.
    static let headStart = 800
    /// Samples that may wait on their way to the caller: half a second.
    static let most = 4000

    private var waiting: [UInt8] = []
    private var isFlowing = false
    private(set) var droppedCount = 0

    mutating func add(_ audio: [UInt8]) { waiting += audio }

    /// What goes into the playout now.
    ///
    /// - Parameters:
    ///   - queued: samples that wait in the playout.
    ///   - isDry: whether the caller has heard everything that was sent.
    mutating func release(queued: Int, isDry: Bool) -> [UInt8] {
        if isDry, queued == 0 { isFlowing = false }
        guard isFlowing || waiting.count >= Self.headStart else { return [] }
        isFlowing = true
        let excess = min(max(queued + waiting.count - Self.most, 0), waiting.count)
        droppedCount += excess
        waiting.removeFirst(excess)
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }
}
