import Synchronization

/// How loud both sides of a call are right now, for meters. Written on the call's loop, read by anyone.
package final class CallLevels: Sendable {
    /// By so much a level falls with every beat of 20 ms: from full scale to silence in half a second.
    private static let fall = 5

    private let callerLevel = Atomic<Int>(0)
    private let agentLevel = Atomic<Int>(0)

    init() {}

    /// The peaks of the last moments, 0 (silence) to 127 (full scale), on the scale of µ-law, which is nearly logarithmic:
    /// 16 steps are 6 dB.
    package var now: (caller: Int, agent: Int) {
        (callerLevel.load(ordering: .relaxed), agentLevel.load(ordering: .relaxed))
    }

    func callerSaid(_ codes: Span<UInt8>) { Self.raise(callerLevel, to: Self.peak(codes)) }
    func agentSaid(_ codes: Span<UInt8>) { Self.raise(agentLevel, to: Self.peak(codes)) }

    /// Once every beat.
    func fade() {
        Self.lower(callerLevel)
        Self.lower(agentLevel)
    }

    private static func lower(_ level: borrowing Atomic<Int>) {
        let value = level.load(ordering: .relaxed)
        if value > 0 { level.store(max(value - fall, 0), ordering: .relaxed) }
    }

    private static func raise(_ level: borrowing Atomic<Int>, to peak: Int) {
        if peak > level.load(ordering: .relaxed) { level.store(peak, ordering: .relaxed) }
    }

    /// The largest magnitude: the seven bits under the sign, which µ-law stores inverted.
    private static func peak(_ codes: Span<UInt8>) -> Int {
        var peak: UInt8 = 0
        for index in codes.indices { peak = max(peak, ~codes[index] & 0x7F) }
        return Int(peak)
    }
}
