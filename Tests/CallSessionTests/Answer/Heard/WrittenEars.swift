import CallSession
import Speech

/// Ears that know a greeting's words from its text, spread evenly over its sound, 300 ms after they were said.
final class WrittenEars: VirtualEars {
    private static let lag = Duration.milliseconds(300)

    private let words: [String]
    private let start: Int
    private let length: Int
    /// The first word that no utterance before this one had.
    private var first = 0
    private var told = 0

    init(_ sound: GreetingSound) {
        words = sound.text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        start = sound.start
        length = max(sound.end - sound.start, 1)
    }

    func begin(_ id: UtteranceID, context: String, at now: Int) { told = first }

    func interim(at now: Int) -> String? {
        let known = said(by: now - Self.lag.samples)
        guard known > told else { return nil }
        told = known
        return text(to: known)
    }

    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing? {
        let known = said(by: now)
        guard known > first else { return nil }
        return VirtualHearing(.provisional(transcript(id, to: known)), after: Self.lag)
    }

    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing {
        let known = said(by: now)
        defer { first = max(known, first) }
        guard known > first else { return VirtualHearing(.nothingHeard(id), after: Self.lag) }
        return VirtualHearing(.final(transcript(id, to: known)), after: Self.lag)
    }

    func cancel(_ id: UtteranceID, at now: Int) { first = max(said(by: now), first) }

    private func said(by position: Int) -> Int {
        min(max((position - start) * words.count / length, 0), words.count)
    }

    private func text(to end: Int) -> String { words[first..<end].joined(separator: " ") }

    private func transcript(_ id: UtteranceID, to end: Int) -> Transcript {
        Transcript(utterance: id, text: text(to: end), confidence: 0.9)
    }
}
