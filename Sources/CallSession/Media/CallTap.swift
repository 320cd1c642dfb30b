import Synchronization

/// What somebody hears who listens in on a call: both sides in pieces of 100 ms, a quarter of a second late.
///
/// Pieces wait for a slow listener up to five seconds; beyond that the oldest are dropped and counted.
package final class CallTap: Sendable {
    /// Up to so many listen to one call.
    package static let most = 4
    /// How far behind the call, in samples: late enough for the caller's audio to have come, and for the agent's to be
    /// taken back when it is interrupted.
    static let delay = 2000
    /// Samples of a piece.
    static let pieceSize = 800

    package let pieces: AsyncStream<StereoBlock>
    private let sink: AsyncStream<StereoBlock>.Continuation
    private let dropped = Atomic<Int>(0)

    init() {
        (pieces, sink) = AsyncStream.makeStream(of: StereoBlock.self, bufferingPolicy: .bufferingNewest(50))
    }

    /// Pieces that the listener was too slow for.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }

    func give(_ piece: StereoBlock) {
        if case .dropped = sink.yield(piece) { dropped.wrappingAdd(1, ordering: .relaxed) }
    }

    func end() { sink.finish() }
}
