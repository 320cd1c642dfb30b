/// Which utterances of a session are open and which of the session's samples belong to each.
///
/// A value without threads: the session's owner says what happened, the worker that decodes asks for its next step.
/// Positions are those of the session's inlet.
struct UtteranceQueue: Sendable, Equatable {
    struct Utterance: Sendable, Equatable {
        let id: UtteranceID
        let context: String
        /// The first sample.
        let start: Int
        /// After the last sample; nil while the caller speaks.
        var end: Int?
        /// Where the caller fell silent, and may have ended; nil while the caller speaks.
        var pause: Int?
    }

    enum Step: Sendable, Equatable {
        /// Start decoding.
        case begin(Utterance)
        /// Decode what has arrived, up to `pause` where the caller is silent, and make the result that holds if nothing
        /// more is said. With `isFinal` nothing more will be.
        case decode(pause: Int?, isFinal: Bool)
        /// The utterance in hand is no longer wanted.
        case abandon
        /// Nothing is open: the worker is free.
        case release
    }

    private(set) var open: [Utterance] = []
    private var lastEnd = 0

    var isEmpty: Bool { open.isEmpty }

    /// - Parameters:
    ///   - position: of the next sample to be written.
    ///   - preRoll: samples before it that may belong to the utterance, unless another one has them.
    mutating func begin(_ id: UtteranceID, context: String, position: Int, preRoll: Int) {
        finishLast(at: position)
        open.append(
            Utterance(id: id, context: context, start: max(lastEnd, position - preRoll, 0), end: nil))
    }

    /// The caller fell silent; what follows is heard only if they go on.
    mutating func pause(_ id: UtteranceID, position: Int) {
        guard let index = open.indices.last, open[index].id == id, open[index].end == nil else { return }
        open[index].pause = position
    }

    mutating func resume(_ id: UtteranceID) {
        guard let index = open.indices.last, open[index].id == id, open[index].end == nil else { return }
        open[index].pause = nil
    }

    mutating func finish(_ id: UtteranceID, position: Int) {
        guard let last = open.last, last.id == id else { return }
        finishLast(at: position)
    }

    /// - Returns: whether `id` was open.
    mutating func cancel(_ id: UtteranceID, position: Int) -> Bool {
        guard let index = open.firstIndex(where: { $0.id == id }) else { return false }
        if open[index].end == nil { lastEnd = position }
        open.remove(at: index)
        return true
    }

    mutating func cancelAll() { open.removeAll() }

    /// - Parameter current: the utterance the worker is decoding.
    func nextStep(for current: UtteranceID?) -> Step {
        guard let current else { return open.first.map { .begin($0) } ?? .release }
        guard let utterance = open.first(where: { $0.id == current }) else { return .abandon }
        return .decode(pause: utterance.pause ?? utterance.end, isFinal: utterance.end != nil)
    }

    func contains(_ id: UtteranceID) -> Bool { open.contains { $0.id == id } }

    /// Only one utterance can be receiving audio: another that begins ends it.
    private mutating func finishLast(at position: Int) {
        guard let index = open.indices.last, open[index].end == nil else { return }
        open[index].end = position
        lastEnd = position
    }
}
