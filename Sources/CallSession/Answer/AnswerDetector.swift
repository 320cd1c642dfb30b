package import Telephony

/// Who or what has answered a call.
package enum Answerer: String, Sendable, Codable, CaseIterable {
    case person
    /// A recorded greeting; it will take a message.
    case machine
    /// An assistant that asks who is calling and why.
    case screening
    /// A menu of keys.
    case menu
    case fax
    /// Nobody can say: silence, or a greeting that would suit either.
    case unsure
}

/// Who answered, decided from voice, words and tones. A value; time is an argument.
///
/// A machine talks long and does not wait for an answer; a person says little and does. Words decide earlier and better
/// than that, and a tone is certain. The verdict may change: after a menu or an assistant a person comes to the line.
package struct AnswerDetector: Sendable, Equatable {
    package struct Verdict: Sendable, Equatable {
        package var answerer: Answerer
        /// What it was decided by: `tone`, `words`, `length` or `silence`.
        package var evidence: String
        /// Samples at 8 kHz since the answer.
        package var position: Int
    }

    package struct Rules: Sendable, Equatable {
        /// A greeting up to this long is a person's, in samples of voice.
        package var longestPersonal = 8 * 2400
        /// Voice for longer than this is a recording.
        package var shortestRecorded = 8 * 5500
        /// The pause after which a greeting is over.
        package var pause = 8 * 700
        /// The pause after which one that suits both is over.
        package var longPause = 8 * 1500
        /// Silence after which nobody seems to be there.
        package var nobody = 8 * 6000

        package init() {}
    }

    private let rules: Rules
    package private(set) var verdict: Verdict?
    /// Where the beep ended, after which a message may be left.
    package private(set) var beep: Int?

    private var words = ""
    private var voiceStart: Int?
    /// Samples of voice in the present greeting.
    private var voiced = 0
    private var lastVoice = 0
    private var hasSpoken = false

    package init(_ rules: Rules = Rules()) { self.rules = rules }

    package mutating func voiceStarted(at position: Int) {
        // What is said after a verdict and a pause is judged by itself.
        if verdict != nil, position - lastVoice > rules.pause {
            voiced = 0
            words = ""
        }
        voiceStart = position
        hasSpoken = true
    }

    package mutating func voiceStopped(at position: Int) {
        guard let start = voiceStart else { return }
        voiced += max(position - start, 0)
        voiceStart = nil
        lastVoice = position
    }

    /// - Parameter text: the words of the present utterance so far.
    package mutating func heard(_ text: String, at position: Int) -> Verdict? {
        words = text
        switch AnswerWords.answerer(text) {
        case .screening: return conclude(.screening, "words", at: position)
        case .menu: return conclude(.menu, "words", at: position)
        // A person may say "how can I help" after a company's name, and a recording never does; but a recording says hello.
        case .machine: return conclude(.machine, "words", at: position)
        default: return nil
        }
    }

    package mutating func tone(_ tone: LineTone, at position: Int) -> Verdict? {
        switch tone {
        case .fax: return conclude(.fax, "tone", at: position)
        case .beep:
            beep = position
            return verdict?.answerer == .machine ? nil : conclude(.machine, "tone", at: position)
        }
    }

    /// Several times a second.
    package mutating func tick(at position: Int) -> Verdict? {
        if let start = voiceStart {
            guard verdict == nil, voiced + position - start > rules.shortestRecorded else { return nil }
            return conclude(.machine, "length", at: position)
        }
        let silence = position - lastVoice
        guard hasSpoken else {
            return verdict == nil && position > rules.nobody ? conclude(.unsure, "silence", at: position) : nil
        }
        guard silence >= rules.pause, voiced > 0 else { return nil }
        let isPersonal = AnswerWords.answerer(words) == .person
        if verdict != nil {
            // Somebody has come to the line after all.
            guard isPersonal, voiced <= rules.longestPersonal, silence < rules.longPause else { return nil }
            return conclude(.person, "words", at: position)
        }
        if voiced <= rules.longestPersonal { return conclude(.person, isPersonal ? "words" : "length", at: position) }
        guard silence >= rules.longPause else { return nil }
        return conclude(isPersonal ? .person : .unsure, isPersonal ? "words" : "length", at: position)
    }

    private mutating func conclude(_ answerer: Answerer, _ evidence: String, at position: Int) -> Verdict? {
        guard verdict?.answerer != answerer else { return nil }
        // A fax stays one.
        guard verdict?.answerer != .fax else { return nil }
        let verdict = Verdict(answerer: answerer, evidence: evidence, position: position)
        self.verdict = verdict
        return verdict
    }
}
