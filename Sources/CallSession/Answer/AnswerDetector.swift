package import Telephony

/// Who answered, decided from voice, words, tones and what the carrier says. A value; time is an argument.
///
/// A machine talks long and does not wait for an answer; a person says little and does. Words decide earlier and better
/// than that, and a tone is certain. The verdict may change: after a menu or an assistant a person comes to the line.
package struct AnswerDetector: Sendable, Equatable {
    package struct Verdict: Sendable, Equatable {
        package var answerer: Answerer
        package var evidence: Evidence
        /// Samples at 8 kHz since the answer.
        package var position: Int
    }

    /// What a verdict was decided by, the weakest first.
    package enum Evidence: String, Sendable, Comparable, CaseIterable {
        case silence, length
        /// The carrier's own detector.
        case carrier
        case words
        /// The key that somebody pressed.
        case key
        case tone

        package static func < (a: Self, b: Self) -> Bool {
            (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
        }
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
    /// Where the beep ended, after which a message may be left; nil once something else is said.
    package private(set) var beep: Int?

    private(set) var words = ""
    private var voiceStart: Int?
    /// Where the present greeting began.
    private var greetingStart = 0
    /// Samples of voice in the present greeting.
    private var voiced = 0
    private var lastVoice = 0
    private var hasSpoken = false
    /// The agent has begun to talk with whoever is there.
    private var isConversing = false

    package init(_ rules: Rules = Rules()) { self.rules = rules }

    package var isVoiced: Bool { voiceStart != nil }

    /// Where what was said last ended; nil while somebody speaks, and before anybody has.
    package var lastVoiced: Int? { hasSpoken && voiceStart == nil ? lastVoice : nil }

    package mutating func voiceStarted(at position: Int) {
        // What is said after a verdict and a pause is judged by itself.
        if verdict != nil, position - lastVoice > rules.pause {
            voiced = 0
            words = ""
        }
        // The beep itself may be taken for a voice.
        if let beep, position > beep { self.beep = nil }
        if voiced == 0 { greetingStart = position }
        voiceStart = position
        hasSpoken = true
    }

    package mutating func voiceStopped(at position: Int) {
        guard let start = voiceStart else { return }
        voiced += max(position - start, 0)
        voiceStart = nil
        lastVoice = position
    }

    /// Whether the present greeting has lasted no longer than a person's: what is heard of it before it is over proves nothing.
    package func mayBePersonal(at position: Int) -> Bool {
        voiced + (voiceStart.map { position - $0 } ?? 0) <= rules.longestPersonal
    }

    /// From now on people answer what they are told: how long they speak says nothing any more, and few words do.
    package mutating func conversationBegan() { isConversing = true }

    /// - Parameters:
    ///   - text: the words of the present utterance so far.
    ///   - isInterim: they may not be all, and the recognizer may yet hear others.
    package mutating func heard(_ text: String, isInterim: Bool = false, at position: Int) -> Verdict? {
        words = text
        // A name that a person answers with may sound like a piece of a recording until it is over. Whoever speaks no longer than
        // people do is soon over, and only then are the words what was said.
        if isInterim, verdict == nil, mayBePersonal(at: position) { return nil }
        switch AnswerWords.answerer(text, onlyCertain: isConversing) {
        case .screening: return conclude(.screening, .words, at: position)
        case .menu: return conclude(.menu, .words, at: position)
        // A person may say "how can I help" after a company's name, and a recording never does; but a recording says hello.
        case .machine: return conclude(.machine, .words, at: position)
        default: return nil
        }
    }

    package mutating func tone(_ tone: LineTone, at position: Int) -> Verdict? {
        switch tone {
        case .fax: return conclude(.fax, .tone, at: position)
        case .beep:
            beep = position
            return verdict?.answerer == .machine ? nil : conclude(.machine, .tone, at: position)
        }
    }

    /// What the carrier's detector says, in its words: `human`, `machine_start`, `machine_end_beep`, `fax` …
    ///
    /// It counts for more than lengths and for less than words.
    package mutating func carrier(_ answeredBy: String, at position: Int) -> Verdict? {
        guard verdict.map({ $0.evidence <= .carrier }) ?? true else { return nil }
        if answeredBy == "human" { return conclude(.person, .carrier, at: position) }
        if answeredBy == "fax" { return conclude(.fax, .carrier, at: position) }
        return answeredBy.hasPrefix("machine") ? conclude(.machine, .carrier, at: position) : nil
    }

    /// Keys are pressed by people.
    package mutating func keyPressed(at position: Int) -> Verdict? { conclude(.person, .key, at: position) }

    /// Somebody has answered what the agent said: a person, unless it is known to be something else.
    package mutating func conversed(at position: Int) -> Verdict? {
        guard verdict == nil || verdict?.answerer == .unsure else { return nil }
        return conclude(.person, .words, at: position)
    }

    /// Several times a second, or at ``nextCheck(after:)``.
    package mutating func tick(at position: Int) -> Verdict? {
        if let start = voiceStart {
            guard verdict == nil, !isConversing, voiced + position - start > rules.shortestRecorded else { return nil }
            return conclude(.machine, .length, at: position)
        }
        let silence = position - lastVoice
        guard hasSpoken else {
            return verdict == nil && !isConversing && position > rules.nobody
                ? conclude(.unsure, .silence, at: position) : nil
        }
        guard silence >= rules.pause, voiced > 0 else { return nil }
        let isPersonal = AnswerWords.answerer(words) == .person
        if let verdict {
            // Somebody has come to the line after all; what words or a tone have settled, only new words change.
            guard verdict.evidence < .words || greetingStart > verdict.position else { return nil }
            guard isPersonal, voiced <= rules.longestPersonal else { return nil }
            return conclude(.person, .words, at: position)
        }
        if voiced <= rules.longestPersonal { return conclude(.person, isPersonal ? .words : .length, at: position) }
        guard silence >= rules.longPause else { return nil }
        return conclude(isPersonal ? .person : .unsure, isPersonal ? .words : .length, at: position)
    }

    /// When ``tick(at:)`` may say more if nothing happens until then; nil when it will not.
    package func nextCheck(after position: Int) -> Int? {
        if let start = voiceStart {
            return verdict == nil && !isConversing ? start + rules.shortestRecorded - voiced + 1 : nil
        }
        guard hasSpoken else { return verdict == nil && !isConversing ? rules.nobody + 1 : nil }
        guard verdict == nil || AnswerWords.answerer(words) == .person else { return nil }
        return [rules.pause, rules.longPause].map { lastVoice + $0 }.first { $0 > position }
    }

    private mutating func conclude(_ answerer: Answerer, _ evidence: Evidence, at position: Int) -> Verdict? {
        guard verdict?.answerer != answerer else { return nil }
        // A fax stays one.
        guard verdict?.answerer != .fax else { return nil }
        let verdict = Verdict(answerer: answerer, evidence: evidence, position: position)
        self.verdict = verdict
        return verdict
    }
}
