import AudioCore

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

    /// As much as is taken at once: a second.
    static let room = 8000

    /// What was taken last, at its beginning.
    private(set) var arrived = [UInt8](repeating: 0xFF, count: room)
    private var waiting: [UInt8] = []
    private var isFlowing = false
    private(set) var droppedCount = 0

    init() { waiting.reserveCapacity(Self.room + Self.most) }

    /// Takes what the operator has said; ``arrived`` then begins with it. Allocates nothing.
    ///
    /// - Returns: samples taken.
    mutating func take(from inlet: SampleRing<UInt8>) -> Int {
        let count: Int
        do {
            var room = arrived.mutableSpan
            count = inlet.read(into: &room)
        }
        waiting.append(contentsOf: arrived[..<count])
        return count
    }

    /// What goes into the playout now.
    ///
    /// - Parameters:
    ///   - queued: samples that wait in the playout.
    ///   - isDry: whether the caller has heard everything that was sent.
    ///   - due: replaced by it; allocates nothing once it is large enough.
    mutating func release(queued: Int, isDry: Bool, into due: inout [UInt8]) {
        due.removeAll(keepingCapacity: true)
        if isDry, queued == 0 { isFlowing = false }
        guard isFlowing || waiting.count >= Self.headStart else { return }
        isFlowing = true
        let excess = min(max(queued + waiting.count - Self.most, 0), waiting.count)
        droppedCount += excess
        due.append(contentsOf: waiting[excess...])
        waiting.removeAll(keepingCapacity: true)
    }
}
