import AudioCore
import Speech

/// Cuts what an operator says into utterances for the recognizer. Nobody answers it, so nothing is decided in a hurry: a
/// pause ends an utterance, or its length does.
struct OperatorTurns: Sendable {
    enum Step: Sendable, Equatable {
        case begin(UtteranceID)
        case pause(UtteranceID)
        case resume(UtteranceID)
        case finish(UtteranceID)
    }

    /// The pause that ends an utterance, in samples.
    static let pause = 6400
    /// The longest utterance, in samples.
    static let longest = 200_000
    /// Utterances whose words may be on their way at a time.
    private static let mostFinishing = 8

    private struct Utterance: Sendable {
        let id: UtteranceID
        let onset: Int
        /// Nil while they speak.
        var lastVoiced: Int?
    }

    private var newest = UtteranceID(0)
    private var current: Utterance?
    private var finishing: [(id: UtteranceID, started: Int, ended: Int)] = []

    /// - Parameter transition: on the call's clock.
    mutating func take(_ transition: VoiceActivity.Transition) -> Step? {
        switch transition {
        case .started(let sample):
            if let open = current {
                guard open.lastVoiced != nil else { return nil }
                current?.lastVoiced = nil
                return .resume(open.id)
            }
            newest = newest.next
            current = Utterance(id: newest, onset: sample)
            return .begin(newest)
        case .stopped(let sample):
            guard let open = current, open.lastVoiced == nil else { return nil }
            current?.lastVoiced = sample
            return .pause(open.id)
        }
    }

    /// Once every beat.
    mutating func tick(at now: Int) -> Step? {
        guard let open = current else { return nil }
        let isOver = open.lastVoiced.map { now - $0 >= Self.pause } ?? (now - open.onset >= Self.longest)
        return isOver ? finish(at: now) : nil
    }

    /// Nothing more is said.
    mutating func finish(at now: Int) -> Step? {
        guard let open = current else { return nil }
        current = nil
        finishing.append((open.id, open.onset, open.lastVoiced ?? now))
        if finishing.count > Self.mostFinishing { finishing.removeFirst() }
        return .finish(open.id)
    }

    /// Where an utterance was whose words have come; nil for one that is not known, or no longer.
    mutating func takePlace(of id: UtteranceID) -> (started: Int, ended: Int)? {
        guard let index = finishing.firstIndex(where: { $0.id == id }) else { return nil }
        let place = finishing.remove(at: index)
        return (place.started, place.ended)
    }
}
