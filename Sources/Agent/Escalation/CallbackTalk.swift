/// Promises the caller a call: agrees on the number, has the promise stored, and says when it will be kept.
struct CallbackTalk: EscalationTalk {
    private enum Stage {
        /// Whether the number that they call from is the one.
        case offering
        case asking
        case reading(String)
        case promising
    }

    private let step: CallbackStep
    private let callerNumber: String
    private let reason: String
    private let today: CivilDate
    private let language: SpokenLanguage
    private var stage = Stage.asking
    private var misses = 0
    /// Answers that lead nowhere, in a row.
    private static let mostMisses = 3
    private static let lengths = 7...15

    /// - Parameters:
    ///   - callerNumber: E.164, or anything else where it is not known.
    ///   - reason: why the caller could not be helped; goes with the promise.
    ///   - language: the agent's.
    init(
        _ step: CallbackStep, callerNumber: String, reason: String, today: CivilDate,
        language: SpokenLanguage = .english
    ) {
        self.step = step
        self.callerNumber = callerNumber
        self.reason = Self.short(reason)
        self.today = today
        self.language = language
    }

    mutating func handle(_ event: TalkEvent, at now: Duration) -> [TalkAction] {
        switch event {
        case .begun:
            guard callerNumber.hasPrefix("+"), callerNumber.count > Self.lengths.lowerBound else {
                return [.say(step.say)] + ask()
            }
            return [.say(step.say)] + offer()
        case .said(let turn): return hear(turn.text)
        case .keys(let keys): return hear(keys: keys)
        case .notUnderstood, .silent: return miss()
        case .done(let answer):
            return [
                .say(step.done.render(in: language) { $0 == ["when"] ? .string(moment(of: answer)) : nil }),
                .hangUp(reason: "a callback was promised"),
            ]
        case .failed(let reason): return [.say(step.sorry), .fail(reason: "no callback can be promised: \(reason)")]
        case .place, .notReached: return []
        }
    }

    private mutating func hear(_ text: String) -> [TalkAction] {
        let words = SpokenText.words(text)
        let digits = digits(in: words)
        if Self.lengths.contains(digits.count) { return read(digits) }
        let (agrees, refuses) = (Spoken.agrees(text, language), Spoken.refuses(text, words, language))
        switch stage {
        case .offering:
            if agrees { return promise(callerNumber) }
            return refuses ? ask() : miss()
        case .asking: return refuses ? [.fail(reason: "the caller wanted no callback")] : miss()
        case .reading(let number):
            if agrees { return promise(number) }
            return refuses ? ask() : miss()
        case .promising: return []
        }
    }

    private mutating func hear(keys: String) -> [TalkAction] {
        let digits = keys.filter(\.isNumber)
        if Self.lengths.contains(digits.count) { return read(digits) }
        switch (stage, digits) {
        case (.offering, "1"): return promise(callerNumber)
        case (.reading(let number), "1"): return promise(number)
        case (.offering, "2"), (.reading, "2"): return ask()
        case (.promising, _): return []
        default: return miss()
        }
    }

    private mutating func offer() -> [TalkAction] {
        stage = .offering
        return [.say(step.offer), .expect(Expectation(kind: .yesNo, context: Flow.confirmContext))]
    }

    private mutating func ask() -> [TalkAction] {
        stage = .asking
        return [
            .say(step.askNumber),
            .expect(Expectation(kind: .digits, context: "callback", longestKeys: Self.lengths.upperBound)),
        ]
    }

    private mutating func read(_ digits: String) -> [TalkAction] {
        misses = 0
        stage = .reading(digits)
        let text = step.confirm.render(in: language) {
            $0 == ["number"] ? .string(language.digits(digits)) : nil
        }
        return [.say(text), .expect(Expectation(kind: .yesNo, context: Flow.confirmContext))]
    }

    private mutating func miss() -> [TalkAction] {
        misses += 1
        guard misses < Self.mostMisses else {
            return [.say(step.sorry), .fail(reason: "no number to call back was understood")]
        }
        switch stage {
        case .offering: return offer()
        case .asking: return ask()
        case .reading(let number):
            let count = misses
            defer { misses = count }
            return read(number)
        case .promising: return []
        }
    }

    private mutating func promise(_ number: String) -> [TalkAction] {
        stage = .promising
        var wish: [String: JSONValue] = [
            "after_minutes": .integer(max(1, Int(step.after.components.seconds) / 60)), "note": .string(reason),
        ]
        if number != callerNumber { wish["number"] = .string(number) }
        return [.promise(.object(wish))]
    }

    /// When the call will come.
    private func moment(of answer: JSONValue) -> String {
        language.moment(
            answer["date"]?.string.flatMap { CivilDate(iso: $0) },
            answer["time"]?.string.flatMap { ClockTime(text: $0) },
            today: today)
    }

    /// What recognizers write in figures is in ``SpokenText``'s words in any language.
    private func digits(in words: [String]) -> String {
        let digits = PhoneForm.digits(in: words)
        switch language {
        case .english: return digits
        case .spanish: return Self.lengths.contains(digits.count) ? digits : SpanishNumbers.figures(in: words)
        }
    }

    private enum Spoken {
        /// In either language. Whoever wants another number has not agreed to this one.
        static func agrees(_ text: String, _ language: SpokenLanguage) -> Bool {
            let words = SpokenText.words(text)
            guard !words.contains(where: others.contains) else { return false }
            // Its yeses have the English ones that are common in Spanish.
            if language == .spanish { return Agreement.isIn(text, language: .spanish) }
            return Agreement.isIn(text)
                || words.contains { ["sí", "si", "claro", "vale"].contains($0) }
                    && Agreement.isIn(text, language: .spanish)
        }

        static func refuses(_ text: String, _ words: [String], _ language: SpokenLanguage) -> Bool {
            words.contains { others.contains($0) || ["no", "nope", "nah", "not"].contains($0) }
                || language == .spanish && Refusal.isIn(text, language: .spanish)
        }

        private static let others: Set<String> = [
            "another", "different", "other", "otro", "otra", "diferente", "distinto",
        ]
    }
}
