import Agent

/// A caller whose words a language model makes up, from a persona and a goal.
///
/// The model has the caller's part: what the agent said is its input, and what it writes is said, pressed or done. One at a
/// time: the next answer is asked for when the one before has been given.
actor ImprovisedCaller {
    /// What the model decided, and how it sounds.
    struct Answer: Sendable {
        var act: Scenario.Act
        var sound: ScenarioSound
        /// Why the caller gives up; nil where nothing is wrong.
        var fault: String?
    }

    /// More answers than this and the caller gives up.
    private static let most = 60

    private let scenario: Scenario
    private let model: any LanguageModel
    private let speak: @Sendable (Scenario.Act) async throws -> ScenarioSound
    private let instructions: String
    private var messages: [ModelMessage] = []
    /// Of the agent's turns, how many the model has been told.
    private var told = 0
    private var leavesNext = false

    /// - Parameter speak: gives what is said its sound.
    init(
        _ scenario: Scenario, _ improvisation: Scenario.Improvisation, model: any LanguageModel,
        speak: @escaping @Sendable (Scenario.Act) async throws -> ScenarioSound
    ) {
        self.scenario = scenario
        self.model = model
        self.speak = speak
        instructions = """
            You play a caller on the telephone, to test the one who answers. Stay in your part, and never say that you play \
            one or that you are a machine.
            Who you are: \(improvisation.persona)
            What you want: \(improvisation.goal)
            What the other side says is given to you as you would hear it. Answer with what you say next, in one short \
            spoken sentence: no quotes, no lists, numbers as words. Do not say more than you are asked.
            Instead of words you may write [press 12#] to press telephone keys, [silence] to say nothing, or [hang up] to end \
            the call. When you have what you want, or see that you cannot get it, say goodbye and add [hang up].
            """
    }

    /// What the caller does next.
    ///
    /// - Parameter heard: all that was heard of the agent, turn by turn.
    func next(heard: [String]) async -> Answer {
        if leavesNext { return Answer(act: .hangUp, sound: ScenarioSound(samples: [])) }
        let news = heard.dropFirst(told).filter { !$0.isEmpty }.joined(separator: " ")
        told = heard.count
        messages.append(.user(news.isEmpty ? "(silence)" : news))
        guard messages.count < Self.most * 2 else { return giveUp("the caller has answered \(Self.most) times") }
        do {
            var text = ""
            let request = ModelRequest(
                instructions: instructions, messages: messages, maxTokens: 120,
                cacheKey: "caller-\(scenario.name)", firstTokenDeadline: .seconds(20), progressDeadline: .seconds(20))
            for try await event in model.answer(request) { if case .text(let piece) = event { text += piece } }
            messages.append(.assistant(text: text, calls: []))
            let (act, leaves) = Self.act(from: text)
            leavesNext = leaves
            return Answer(act: act, sound: try await speak(act))
        } catch { return giveUp("the caller's model failed: \(error)") }
    }

    private func giveUp(_ reason: String) -> Answer {
        leavesNext = true
        return Answer(act: .hangUp, sound: ScenarioSound(samples: []), fault: reason)
    }

    /// What a model's text means, and whether the caller hangs up afterwards.
    static func act(from text: String) -> (act: Scenario.Act, leaves: Bool) {
        var words = ""
        var keys: String?
        var leaves = false
        var isSilent = false
        var rest = text[...]
        while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
            words += rest[..<open]
            let command = rest[rest.index(after: open)..<close].lowercased().split(separator: " ")
            switch command.first {
            case "hang": leaves = true
            case "silence": isSilent = true
            case "press": keys = command.dropFirst().joined(separator: "").filter { "0123456789*#".contains($0) }
            default: break
            }
            rest = rest[rest.index(after: close)...]
        }
        words += rest
        let said = words.lowercased().map { $0.isLetter || $0 == "'" ? $0 : " " }
        let plain = String(said).split(separator: " ").joined(separator: " ")
        if let keys, !keys.isEmpty { return (.press(keys), leaves) }
        if !plain.isEmpty { return (.say(plain), leaves) }
        return leaves && !isSilent ? (.hangUp, true) : (.silence, leaves)
    }
}
