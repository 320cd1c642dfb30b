import AudioCore
import Speech

/// What a call holds of the operator who has its line. Confined to the call's loop.
final class OperatorLine {
    /// Without audio for so long, in samples, the operator's connection counts as broken: a microphone never pauses.
    static let patience = 40_000

    let leg: OperatorLeg
    /// Of the utterance that their audio is in the playout queue.
    let generation: UInt32
    var buffer = OperatorBuffer()
    /// Room for what is due in a beat, which so allocates nothing.
    var due: [UInt8] = []
    var detector: CallerVoiceDetector
    var frame = FrameBuffer()
    var turns = OperatorTurns()
    var recognition: (any RecognitionSession)?
    /// When their audio came last.
    var lastAudio: Int

    init(_ leg: OperatorLeg, generation: UInt32, detector: CallerVoiceDetector, at position: Int) {
        self.leg = leg
        self.generation = generation
        self.detector = detector
        lastAudio = position
        due.reserveCapacity(OperatorBuffer.most)
    }

    /// Samples of theirs that nobody heard.
    var droppedCount: Int { buffer.droppedCount + leg.inlet.droppedCount }
}
