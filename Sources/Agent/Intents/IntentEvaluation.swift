/// How well wordings that nobody has trained with are understood, from their text alone.
package struct IntentEvaluation: Sendable, Encodable {
    /// One set of held utterances.
    package struct Score: Sendable, Encodable {
        /// An agent, or `forty` for the forty intents of several domains.
        package var name: String
        package var count: Int
        package var right: Int
        /// Among them those with a recognizer's errors.
        package var noisyCount: Int
        package var noisyRight: Int
        /// Outside the task, and how many of these were told to be.
        package var outsideCount: Int
        package var outsideRight: Int
        /// Expected calibration error of the likeliest intent, 0...1.
        package var calibrationError: Double
        /// "meant → taken for" with its number, most frequent first.
        package var mistakes: [Mistake]

        package struct Mistake: Sendable, Encodable {
            package var meant: String
            package var taken: String
            package var count: Int
        }

        /// 0...1.
        package var accuracy: Double { Double(right) / Double(max(1, count)) }
    }

    package var scores: [Score] = []

    /// - Parameters:
    ///   - utterances: those to train with, for the set without an agent, and those to measure with.
    ///   - agents: whose own examples the other sets are understood by.
    ///   - today: the day that "tomorrow" is counted from.
    ///   - meanings: what sentences mean, for the set without an agent; agents bring their own.
    /// - Throws: ``AgentError`` when an agent or a question is missing.
    package init(
        _ utterances: [IntentUtterance], agents: AgentLibrary, today: CivilDate, meanings: SentenceMeanings? = nil
    ) throws {
        let held = utterances.filter { !$0.isTraining }
        func words(_ text: String) -> [String] { SpokenText.essential(SpokenText.words(text)) }
        let training = utterances.filter { $0.isTraining && $0.agent == nil }
        if !training.isEmpty {
            let classifier = IntentClassifier(
                examples: training.map { IntentExample(intent: $0.intent, words: words($0.text)) }, meanings: meanings)
            scores.append(
                Self.score("forty", held.filter { $0.agent == nil }) { classifier.likeliest(words($0.text)) })
        }
        for name in Set(held.compactMap(\.agent)).sorted() {
            guard let agent = agents.agents[name], case .flow(let flow) = agent.engine else {
                throw AgentError(
                    .invalidAgent, operation: "evaluate intents", subject: name, detail: "there is no such flow")
            }
            var probes: [String: FlowProbe] = [:]
            let lines = held.filter { $0.agent == name }
            for question in Set(lines.map(\.question)) {
                let call = CallFacts(callID: "evaluation")
                probes[question] = FlowProbe(agent: agent, flow: flow, call: call, question: question, today: today)
                guard probes[question] != nil else {
                    throw AgentError(
                        .invalidAgent, operation: "evaluate intents", subject: name,
                        detail: "the flow asks no question \"\(question)\"")
                }
            }
            scores.append(
                Self.score(name, lines) { probes[$0.question]?.likeliest($0.text) ?? (IntentClassifier.none, 0) })
        }
    }

    private static func score(
        _ name: String, _ lines: [IntentUtterance], _ likeliest: (IntentUtterance) -> (intent: String, Double)
    ) -> Score {
        var score = Score(
            name: name, count: lines.count, right: 0, noisyCount: 0, noisyRight: 0, outsideCount: 0, outsideRight: 0,
            calibrationError: 0, mistakes: [])
        var bins = CalibrationBins()
        var mistakes: [[String]: Int] = [:]
        for line in lines {
            let (intent, probability) = likeliest(line)
            let isRight = intent == line.intent
            bins.add(stated: probability, isRight: isRight)
            score.right += isRight ? 1 : 0
            if line.isNoisy {
                score.noisyCount += 1
                score.noisyRight += isRight ? 1 : 0
            }
            if line.intent == IntentClassifier.none {
                score.outsideCount += 1
                score.outsideRight += isRight ? 1 : 0
            }
            if !isRight { mistakes[[line.intent, intent], default: 0] += 1 }
        }
        score.calibrationError = bins.error
        score.mistakes = mistakes.sorted { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }
            .map { Score.Mistake(meant: $0.key[0], taken: $0.key[1], count: $0.value) }
        return score
    }

    /// The figures for people.
    package var text: String {
        scores.map { score in
            let head =
                "\(score.name): \(score.right) of \(score.count) right (\(Self.percent(score.accuracy))), "
                + "of those with a recognizer's errors \(score.noisyRight) of \(score.noisyCount), "
                + "outside the task \(score.outsideRight) of \(score.outsideCount); "
                + "calibration error \(Self.percent(score.calibrationError))"
            return ([head] + score.mistakes.prefix(12).map { "    \($0.count)  \($0.meant) → \($0.taken)" })
                .joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
