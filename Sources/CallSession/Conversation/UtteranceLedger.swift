package import Speech

/// What the agent meant to say in one reply and how far it got: planned → synthesised → heard.
///
/// Context, transcript and recording derive from it. `heard ≤ synthesised` at all times.
package struct UtteranceLedger: Sendable, Equatable {
    package struct Segment: Sendable, Equatable {
        package let text: String
        /// Samples synthesised so far.
        package internal(set) var samples = 0
        package internal(set) var isComplete = false
        package internal(set) var hasFailed = false
        /// When its words are said; nil where its voice does not tell.
        package internal(set) var pace: SpokenPace?
    }

    package let generation: Int
    package private(set) var segments: [Segment] = []
    /// Samples of this reply that reached the caller.
    package private(set) var heard = 0

    package init(generation: Int) { self.generation = generation }

    package mutating func plan(_ text: String) -> SegmentID {
        segments.append(Segment(text: text))
        return SegmentID(generation: generation, index: segments.count - 1)
    }

    package mutating func synthesized(_ index: Int, samples: Int) {
        guard segments.indices.contains(index), samples > 0 else { return }
        segments[index].samples += samples
    }

    package mutating func paced(_ index: Int, _ pace: SpokenPace) {
        guard segments.indices.contains(index), !pace.isEmpty else { return }
        segments[index].pace = pace
    }

    package mutating func complete(_ index: Int, failed: Bool = false) {
        guard segments.indices.contains(index) else { return }
        segments[index].isComplete = true
        segments[index].hasFailed = failed
    }

    /// The caller has heard `samples` of this reply; never taken back, never more than was synthesised.
    package mutating func heard(_ samples: Int) { heard = max(heard, min(samples, synthesized)) }

    package var synthesized: Int { segments.reduce(0) { $0 + $1.samples } }
    /// Every planned segment has all its audio, or will never have it.
    package var isSynthesized: Bool { segments.allSatisfy(\.isComplete) }
    package var isWhollyHeard: Bool { isSynthesized && heard >= synthesized }
    package var hasFailed: Bool { segments.contains(where: \.hasFailed) }

    package var plannedText: String { segments.map(\.text).joined(separator: " ") }

    /// The words that reached the caller. Inside a segment words are taken by their times where its voice tells them, else in
    /// proportion to the audio heard; a word that was cut is not counted as heard.
    package var heardText: String {
        var rest = heard
        var parts: [String] = []
        for segment in segments where segment.samples > 0 {
            if rest >= segment.samples, segment.isComplete, !segment.hasFailed {
                parts.append(segment.text)
            } else if rest > 0 {
                // Until its synthesis is complete a segment's length is guessed from its text.
                let length = segment.isComplete ? segment.samples : max(segment.samples, segment.text.count * 560)
                let share = segment.pace?.share(at: rest) ?? Double(rest) / Double(length)
                let part = Self.words(of: segment.text, upTo: share)
                if !part.isEmpty { parts.append(part) }
            }
            rest -= min(rest, segment.samples)
            if rest == 0 { break }
        }
        return parts.joined(separator: " ")
    }

    /// The leading words of `text` that end within `share` of its characters.
    private static func words(of text: String, upTo share: Double) -> String {
        // A share that was made of whole characters is one again.
        let limit = Int(Double(text.count) * min(share, 1) + 1e-6)
        var end = text.startIndex
        for index in text.indices where text[index] == " " {
            if text.distance(from: text.startIndex, to: index) <= limit { end = index } else { break }
        }
        if share >= 1 { end = text.endIndex }
        return String(text[..<end])
    }
}
