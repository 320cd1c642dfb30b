/// What one recognizer is still to be given: the leg's audio from a position on, and between it what the call said.
///
/// A value; positions are bytes of the leg since the session began.
package struct RecognitionFeed: Sendable {
    package enum Mark: Sendable, Equatable {
        case begin(UtteranceID, context: String)
        case pause(UtteranceID)
        case resume(UtteranceID)
        case finish(UtteranceID)
        case cancel(UtteranceID)

        package var utterance: UtteranceID {
            switch self {
            case .begin(let id, _), .pause(let id), .resume(let id), .finish(let id), .cancel(let id): id
            }
        }
    }

    package enum Step: Sendable, Equatable {
        /// Give so many bytes from ``RecognitionFeed/position`` on, and say so with ``RecognitionFeed/gave(_:)``.
        case audio(Int)
        case mark(Mark)
        /// Everything was given, or there is no room.
        case idle
    }

    /// The next byte to be given.
    package private(set) var position: Int
    private var marks: [(at: Int, mark: Mark)] = []

    package init(from position: Int) { self.position = position }

    /// Whether something but live audio waits.
    package func isBehind(_ end: Int) -> Bool { position < end || !marks.isEmpty }

    /// Adds what the call says at a position that is not before any mark's that waits.
    package mutating func add(_ mark: Mark, at position: Int) {
        marks.append((max(position, self.position), mark))
    }

    /// Takes back what was not yet said of an utterance.
    ///
    /// - Returns: whether the recognizer knows of it, and has to be told.
    package mutating func drop(_ id: UtteranceID) -> Bool {
        let isKnown = !marks.contains { if case .begin(id, _) = $0.mark { true } else { false } }
        marks.removeAll { $0.mark.utterance == id }
        return isKnown
    }

    /// Goes on at `start` when what lies before is not there any more.
    ///
    /// - Returns: bytes left out.
    package mutating func skip(to start: Int) -> Int {
        let lost = max(start - position, 0)
        position += lost
        return lost
    }

    /// What to do next.
    ///
    /// - Parameters:
    ///   - end: where the leg is.
    ///   - room: bytes the recognizer takes now.
    package mutating func next(end: Int, room: Int) -> Step {
        if let first = marks.first, first.at <= position {
            marks.removeFirst()
            return .mark(first.mark)
        }
        let count = min(min(marks.first?.at ?? end, end) - position, room)
        return count > 0 ? .audio(count) : .idle
    }

    package mutating func gave(_ count: Int) { position += count }
}
