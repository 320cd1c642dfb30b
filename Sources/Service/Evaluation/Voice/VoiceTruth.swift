import AudioCore

/// When somebody speaks in a recording, and how a detector's frames and edges compare with that.
struct VoiceTruth: Sendable, Equatable {
    /// What a detector said of one recording.
    struct Observation: Sendable {
        /// Of each 20 ms frame, as it was known at the frame's end.
        var probabilities: [Double] = []
        /// With the samples given when each was reported.
        var edges: [(edge: VoiceActivity.Transition, reported: Int)] = []
    }

    /// How the edges of one recording came, in samples.
    struct Edges: Sendable, Equatable {
        /// From the first voiced sample until a start was reported; nil if none was.
        var onset: Int?
        /// From the last voiced sample until a stop was reported; nil if none was.
        var offset: Int?
        /// How much later than the truth the start was dated.
        var onsetDating: Int?
        /// How much later than the truth the stop was dated.
        var offsetDating: Int?
        /// Starts before anybody spoke.
        var falseStarts = 0
    }

    static let frameSize = 160
    /// The room before the recording, in samples, in which a detector learns its noise.
    static let before = 8000
    /// The room behind it.
    static let after = 12_000

    /// The voiced part, in samples.
    let speech: Range<Int>
    /// The pauses in it.
    let pauses: [Range<Int>]

    /// Whether somebody speaks in the middle of this frame.
    func isSpeech(frame: Int) -> Bool {
        let middle = frame * Self.frameSize + Self.frameSize / 2
        return speech.contains(middle) && !pauses.contains { $0.contains(middle) }
    }

    func edges(_ observation: Observation) -> Edges {
        var edges = Edges()
        for (edge, reported) in observation.edges {
            switch edge {
            case .started where reported <= speech.lowerBound: edges.falseStarts += 1
            case .started(let start) where edges.onset == nil && reported <= speech.upperBound:
                edges.onset = reported - speech.lowerBound
                edges.onsetDating = start - speech.lowerBound
            case .stopped(let stop) where reported > speech.upperBound && edges.offset == nil:
                edges.offset = reported - speech.upperBound
                edges.offsetDating = stop - speech.upperBound
            default: break
            }
        }
        return edges
    }
}
