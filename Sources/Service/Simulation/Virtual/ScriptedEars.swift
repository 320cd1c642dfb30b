import CallSession
import Speech

/// A recognizer that knows what the caller says and when, and tells it as late as a real one would.
///
/// Fixtures beyond the task are out of the task for it, as for the embedded recognizers; coughs hold no words. Of side talk it
/// gives the words, as a vendor would: whom they are for is the agent's to tell. It never mishears; how well words are heard
/// is measured with real recognizers only.
final class ScriptedEars: VirtualEars {
    /// An interim holds the words that ended so long ago: 250 ms.
    private static let lag = 2000
    /// What was said so long before the detector was sure belongs to the utterance too: 600 ms.
    private static let preroll = 4800
    private static let provisionalDelay = Duration.milliseconds(60)
    private static let finalDelay = Duration.milliseconds(100)
    private static let confidence = 0.97

    private let caller: SimulatedCaller
    private var words: [Scenario.Act: [ScenarioSound.Word]]
    private let outOfTask: Set<Scenario.Act>
    /// What lies before has been told.
    private var start = 0
    private var told = ""

    /// - Parameters:
    ///   - words: of every sound.
    ///   - outOfTask: sounds whose words no task knows.
    init(_ caller: SimulatedCaller, words: [Scenario.Act: [ScenarioSound.Word]], outOfTask: Set<Scenario.Act>) {
        self.caller = caller
        self.words = words
        self.outOfTask = outOfTask
    }

    /// Adds a sound that was made up.
    func learn(_ act: Scenario.Act, _ words: [ScenarioSound.Word]) { self.words[act] = words }

    func begin(_ id: UtteranceID, context: String, at now: Int) {
        start = max(start, now - Self.preroll)
        told = ""
    }

    func interim(at now: Int) -> String? {
        let text = heard(until: now - Self.lag).text
        guard text != told else { return nil }
        told = text
        return text
    }

    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing? {
        let (text, isOutOfTask) = heard(until: now)
        guard !text.isEmpty else { return nil }
        return VirtualHearing(
            .provisional(
                Transcript(utterance: id, text: text, confidence: Self.confidence, isOutOfTask: isOutOfTask)),
            after: Self.provisionalDelay)
    }

    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing {
        let (text, isOutOfTask) = heard(until: now)
        start = now
        guard !text.isEmpty else { return VirtualHearing(.nothingHeard(id), after: Self.finalDelay) }
        return VirtualHearing(
            .final(Transcript(utterance: id, text: text, confidence: Self.confidence, isOutOfTask: isOutOfTask)),
            after: Self.finalDelay)
    }

    func cancel(_ id: UtteranceID, at now: Int) { start = max(start, now - Self.preroll) }

    /// The words whose middle lies before `end`, and whether all of them are beyond the task.
    private func heard(until end: Int) -> (text: String, isOutOfTask: Bool) {
        var text: [String] = []
        var isOutOfTask = true
        for utterance in caller.utterances.reversed() {
            guard utterance.range.upperBound > start else { break }
            let found = (words[utterance.act] ?? []).filter { word in
                let middle = utterance.range.lowerBound + (word.start + word.end) / 2
                return middle >= start && middle < min(end, utterance.range.upperBound)
            }
            guard !found.isEmpty else { continue }
            text = found.map(\.text) + text
            if !outOfTask.contains(utterance.act) { isOutOfTask = false }
        }
        return (text.joined(separator: " "), isOutOfTask)
    }
}
