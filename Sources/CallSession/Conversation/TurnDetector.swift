package import Agent

/// The rules of politeness: when a turn is over, and when a caller who speaks over the agent means it.
///
/// A value without state; ``Conversation`` keeps the state and asks.
package struct TurnDetector: Sendable, Equatable, Codable {
    /// Pause after the last voiced sample that ends a turn whose words are a whole answer, as the dialogue says.
    package var completeWait = Duration.milliseconds(260)
    /// The pause when the dialogue says that the caller may well go on.
    package var openEndedWait = Duration.milliseconds(950)
    /// The same pause, by the kind of answer expected, for dialogues that do not know what a whole answer is.
    package var openWait = Duration.milliseconds(520)
    package var shortAnswerWait = Duration.milliseconds(420)
    package var digitsWait = Duration.milliseconds(900)
    /// When the words so far cannot be the end of a sentence ("my number is", "on").
    package var unfinishedWait = Duration.milliseconds(1300)
    /// When nothing has been recognized yet.
    package var wordlessWait = Duration.milliseconds(700)
    /// When the caller made a short sound over the agent: decide quickly, the agent is holding its breath.
    package var heldWait = Duration.milliseconds(240)

    /// Speech over the agent is no mere sound after this long when words were recognized. The agent has been silent since
    /// it began; now a reply that is still being made is given up, and one that is whole waits for the end of the words.
    package var interruptAfter = Duration.milliseconds(300)
    /// The same although no word of it is known. A cough of half a second, which the detector knows to be over 200 ms later,
    /// costs the caller no sentence.
    package var interruptWithoutWordsAfter = Duration.milliseconds(1500)
    /// How long a sound over the agent lasts before the agent holds its breath. Nil, as in journals of before there was
    /// such a thing, is at once.
    package var holdAfter: Duration?
    /// The first part of the greeting that cannot be interrupted.
    package var protectedGreeting = Duration.milliseconds(800)
    /// The recognizer's or a model's belief that the turn has ended counts from here on, 0...1.
    package var likelyEnd = 0.8
    /// Whether the reply's first words are synthesised while it is still uncertain that the caller has finished.
    package var preparesSpeech = true
    /// Sounds shorter than this that are no words of the task are noise, not a turn.
    package var shortestUtterance = Duration.milliseconds(250)
    /// Words come after the turn only, because whoever answers hears for itself: the sound of the voice decides in their
    /// place. Nil, as in journals of before there was such a thing, is no.
    package var hearsNoWords: Bool?

    package init() {}

    /// The pause, in samples after the last voiced one, that ends the caller's turn.
    ///
    /// - Parameters:
    ///   - text: the words recognized so far, possibly none.
    ///   - kind: the kind of answer the agent waits for.
    ///   - completeness: the dialogue's opinion of the words, where it has one.
    ///   - likelihood: that the turn has ended, as the recognizer or a model hears it, 0...1; nil where nobody says.
    ///   - profile: what the caller is doing.
    package func wait(
        after text: String, expecting kind: Expectation.Kind, completeness: TurnCompleteness? = nil,
        likelihood: Double? = nil, profile: TurnProfile = .answer, whileHolding isHolding: Bool
    ) -> Int {
        if isHolding { return heldWait.samples }
        let words = text.split(separator: " ")
        guard let last = words.last else {
            return hearsNoWords == true ? soundWait(likelihood) : wordlessWait.samples
        }
        let isSpelling = TurnProfile.isSpelling(words)
        if !isSpelling, Self.isUnfinished(words, last: last) { return unfinishedWait.samples }
        var usual = pause(after: text, expecting: kind, completeness, likelihood)
        if isSpelling { usual = max(usual, digitsWait.samples) }
        // By its sound it goes on: a whole answer is waited for a little, anything else as an open one.
        let patience = completeness == .complete ? openWait.samples : openEndedWait.samples
        if let likelihood, likelihood <= Self.unlikelyEnd { return max(usual, patience) }
        switch profile {
        case .answer: return usual
        case .greeting: return TurnProfile.isGreeting(words) ? max(usual, openEndedWait.samples) : usual
        case .monologue, .toolWait: return max(usual, patience)
        }
    }

    /// The pause by the sound of the voice alone: no words contradict it, so it is never as short as the shortest.
    private func soundWait(_ likelihood: Double?) -> Int {
        guard let likelihood else { return wordlessWait.samples }
        if likelihood >= likelyEnd { return shortAnswerWait.samples }
        return likelihood <= Self.unlikelyEnd ? openEndedWait.samples : wordlessWait.samples
    }

    /// The pause by the words, by what the dialogue and whoever listens think of them, and by the kind of answer.
    private func pause(
        after text: String, expecting kind: Expectation.Kind, _ completeness: TurnCompleteness?, _ likelihood: Double?
    ) -> Int {
        switch completeness {
        case .complete: return completeWait.samples
        case .open where kind != .digits, .beside where kind != .digits: return openEndedWait.samples
        case .open, .beside, nil: break
        }
        if let likelihood, likelihood >= likelyEnd { return completeWait.samples }
        switch kind {
        case .digits:
            // People stop between the groups of a telephone number; few numbers that are asked for have fewer digits.
            if completeness == .open, WithheldWords.isMark(text) { return unfinishedWait.samples }
            let digits = text.split(separator: " ").count { Self.digits.contains($0) }
            return (1..<Self.fewestDigits).contains(digits) ? unfinishedWait.samples : digitsWait.samples
        case .yesNo, .choice, .date, .time, .name: return shortAnswerWait.samples
        case .open: return openWait.samples
        }
    }

    /// From here down the turn is believed to go on, 0...1.
    private static let unlikelyEnd = 0.2

    /// Whether `words` cannot be all: they stop where a sentence goes on, or only say that the caller is about to speak.
    private static func isUnfinished(_ words: [Substring], last: Substring) -> Bool {
        if unfinishedEndings.contains(last) { return true }
        if words.count > 1, unfinishedPairs.contains("\(words[words.count - 2]) \(last)") { return true }
        return words.count <= 4 && hesitations.contains(words.joined(separator: " "))
    }

    /// What speech over the agent means, `voiced` samples after it began.
    ///
    /// - Parameters:
    ///   - isOver: the voice has paused.
    ///   - kind: the kind of answer the agent waits for, or will.
    ///   - mayBeAnswer: the agent is asking something and nearly done, so that "yeah" is no "go on".
    package func verdict(
        voiced: Int, text: String, isOver: Bool = false, expecting kind: Expectation.Kind = .open,
        mayBeAnswer: Bool = false
    ) -> BargeInVerdict {
        guard text.isEmpty || isSound(text, expecting: kind, mayBeAnswer: mayBeAnswer) else {
            return voiced >= interruptAfter.samples || isOver
                ? .interruption : .undecided(until: interruptAfter.samples)
        }
        // Words may follow while the voice goes on.
        if isOver, !text.isEmpty { return .backchannel }
        if voiced >= Self.longestWordlessHold.samples { return .noise }
        let longest = text.isEmpty ? interruptWithoutWordsAfter.samples : Self.longestBackchannel.samples
        return voiced >= longest ? .interruption : .undecided(until: longest)
    }

    private func isSound(_ text: String, expecting kind: Expectation.Kind, mayBeAnswer: Bool) -> Bool {
        Self.isHesitation(text, expecting: kind) || !mayBeAnswer && Self.isBackchannel(text, expecting: kind)
    }

    /// Nobody says "mm-hm" for longer: there are words behind it that are not known yet.
    private static let longestBackchannel = Duration.milliseconds(1200)
    /// A voice of which no word is known for so long is a television or a street.
    static let longestWordlessHold = Duration.seconds(4)
    /// A caller who says "yeah" in the last second of a question answers it.
    static let answerReach = Duration.seconds(1)
    /// Of the tuning recordings no such sound was heard as words with more than 0.1, and callers' short words with 0.86 and more
    /// in a quiet line; "um" and "mm-hm" in scenarios were words with 0.05 to 0.35.
    private static let shortWordConfidence = 0.4
    /// Shorter sounds over the agent are decided upon by ``heldWait``; longer ones are somebody's turn.
    static let shortSound = Duration.milliseconds(600)

    /// So long the words over the agent wait for the dialogue's opinion: it takes a millisecond or two.
    static let opinionWait = Duration.milliseconds(150)

    /// Whether `text` only says "I am listening". A yes does where nothing was asked that it could answer.
    package static func isBackchannel(_ text: String, expecting kind: Expectation.Kind) -> Bool {
        if phrases.contains(text) { return true }
        let words = text.split(separator: " ")
        return !words.isEmpty && words.count <= 3
            && words.allSatisfy {
                sounds.contains($0) || acknowledgements.contains($0) || $0 == "yes" && !takesAgreement(kind)
            }
    }

    /// Whether a sound over the agent, `voiced` samples long, is none of the words that were made of it: recognizers hear
    /// "thank you" in a cough and "done" in "um", and are not sure of it.
    package static func isMereSound(voiced: Int, confidence: Double) -> Bool {
        voiced <= shortSound.samples && confidence < shortWordConfidence
    }

    /// Whether `text` is nothing but sounds of somebody who thinks: no answer to anything.
    package static func isHesitation(_ text: String, expecting kind: Expectation.Kind) -> Bool {
        let words = text.split(separator: " ")
        return !words.isEmpty
            && words.allSatisfy { word in sounds.contains(word) && !(kind == .digits && digits.contains(word)) }
    }

    /// Whether agreement can be the answer to a question of this kind.
    static func takesAgreement(_ kind: Expectation.Kind) -> Bool {
        switch kind {
        case .open, .yesNo, .choice: true
        case .digits, .date, .time, .name: false
        }
    }

    /// The words that the rules look at, but for digits; any other word could be another of its length.
    package static let tellingWords: Set<String> = {
        let words = sounds.union(acknowledgements).union(unfinishedEndings).union(["yes"]).map(String.init)
        let sentences = phrases.union(unfinishedPairs).union(hesitations)
        return Set(words).union(sentences.flatMap { $0.split(separator: " ").map(String.init) })
    }()

    private static let sounds: Set<Substring> = [
        "mm", "hm", "hmm", "uh", "um", "uhm", "er", "erm", "eh", "ah", "oh", "ooh", "huh",
    ]
    /// They mean "go on", or yes where that was asked.
    private static let acknowledgements: Set<Substring> = [
        "mhm", "mm-hm", "mm-hmm", "uh-huh", "aha", "okay", "ok", "right", "alright", "sure", "yeah", "yep", "yup",
    ]
    private static let phrases: Set<String> = [
        "i see", "oh i see", "ah i see", "okay i see", "got it", "all right", "that's fine", "that's right",
        "that's good", "that's great", "sounds good", "sounds great",
    ]

    /// The last two words of what must go on.
    private static let unfinishedPairs: Set<String> = [
        "tell me", "let me", "give me", "could you", "can you", "would you", "do you", "i will", "you know", "kind of",
    ]

    private static let hesitations: Set<String> = [
        "well", "let me see", "let me think", "let's see", "let me check", "let me look", "one moment", "one second",
        "just a moment", "just a second", "hold on", "wait", "okay let me see", "yes let me see", "actually",
    ]

    private static let fewestDigits = 7
    private static let digits: Set<Substring> = [
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]

    /// Words after which a speaker of English goes on.
    private static let unfinishedEndings: Set<Substring> = [
        "a", "an", "and", "at", "but", "by", "for", "from", "i", "i'd", "i'm", "in", "is", "it's", "like", "my", "of",
        "on", "or", "so", "the", "to", "uh", "um", "until", "with", "would", "because", "want", "need", "that's", "was",
    ]
}

/// What is thought of a caller who speaks over the agent. Times are samples after the caller began.
package enum BargeInVerdict: Sendable, Equatable {
    /// The agent goes on holding its breath; to be asked again then, or with further words.
    case undecided(until: Int)
    /// "I am listening": the agent goes on.
    case backchannel
    case interruption
    /// It lasts, and nobody understands a word: the agent goes on.
    case noise
}
