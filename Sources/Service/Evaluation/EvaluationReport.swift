package import Speech

/// How well recorded callers were heard and understood, by condition.
package struct EvaluationReport: Sendable, Encodable {
    /// One recording, as it was meant and as it was taken.
    package struct Line: Sendable, Encodable {
        package var fixture: String
        package var condition: String
        package var said: String
        package var heard: String
        package var confidence: Double
        package var intent: String
        package var understood: String
        package var entities: [String: String]
        package var understoodEntities: [String: String]
        /// Turns that the call made of it; more than one where a pause was taken for an end.
        package var turns: Int
        /// How sure the agent was of the last turn, hearing and understanding together.
        package var certainty: Double
        /// The flow did something on it, other than to ask again.
        package var wasActedUpon: Bool
        /// Said over the agent it would be taken as meant for it; nil when it was played into a call.
        package var isForAgent: Bool?
        /// Of the last turn, to fit the recognizer's confidence with.
        package var evidence: UtteranceEvidence?
        /// From the end of the recording to the words, in milliseconds of this machine; nil when it was played into a call.
        package var milliseconds: Double?

        var isInTask: Bool { intent != "none" }
        var isIntentRight: Bool { intent == understood }
        var rightEntities: Int { entities.count { understoodEntities[$0.key] == $0.value } }
        var isFaultless: Bool { isIntentRight && rightEntities == entities.count }
    }

    /// The figures of one condition.
    package struct Score: Sendable, Encodable {
        package var condition: String
        /// Recordings with something for the agent to do, and how many of them got the right intent.
        package var inTask = 0
        package var intentsRight = 0
        /// Values in those, and how many were right.
        package var entities = 0
        package var entitiesRight = 0
        /// Recordings of other speech and of noises, and how many of them made the agent do something.
        package var outOfTask = 0
        package var actedUpon = 0
        /// Of both kinds those that an agent which is speaking would take as meant for it.
        package var inTaskForAgent = 0
        package var outOfTaskForAgent = 0
        /// Substituted, lost and added words of the in-task recordings, over the words said.
        package var wordErrorRate = 0.0
        /// In-task recordings that were heard without any error.
        package var heardWhole = 0
        /// Mean confidence where the intent was right, and where it was not.
        package var confidenceRight = 0.0
        package var confidenceWrong = 0.0
        /// Meant intent → taken intent → how often.
        package var confusion: [String: [String: Int]] = [:]
    }

    package var scores: [Score]
    package var lines: [Line]

    init(lines: [Line], conditions: [String]) {
        self.lines = lines
        scores = conditions.map { condition in Score(condition, of: lines.filter { $0.condition == condition }) }
    }
}

extension EvaluationReport.Score {
    fileprivate init(_ condition: String, of lines: [EvaluationReport.Line]) {
        self.condition = condition
        var (errors, words) = (0, 0)
        var right: [Double] = []
        var wrong: [Double] = []
        for line in lines {
            confusion[line.intent, default: [:]][line.understood, default: 0] += 1
            guard line.isInTask else {
                outOfTask += 1
                if line.wasActedUpon { actedUpon += 1 }
                if line.isForAgent == true { outOfTaskForAgent += 1 }
                continue
            }
            inTask += 1
            if line.isForAgent == true { inTaskForAgent += 1 }
            if line.isIntentRight { intentsRight += 1 }
            entities += line.entities.count
            entitiesRight += line.rightEntities
            let said = line.said.split(separator: " ")
            errors += Self.distance(said, line.heard.split(separator: " "))
            words += said.count
            if line.said == line.heard { heardWhole += 1 }
            if line.isIntentRight { right.append(line.confidence) } else { wrong.append(line.confidence) }
        }
        wordErrorRate = words > 0 ? Double(errors) / Double(words) : 0
        confidenceRight = right.isEmpty ? 0 : right.reduce(0, +) / Double(right.count)
        confidenceWrong = wrong.isEmpty ? 0 : wrong.reduce(0, +) / Double(wrong.count)
    }

    /// The fewest words to replace, drop or add to make `b` of `a`.
    static func distance(_ a: [Substring], _ b: [Substring]) -> Int {
        var row = Array(0...b.count)
        for (i, word) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let cost = min(diagonal + (word == other ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[b.count]
    }
}

extension EvaluationReport {
    /// The figures as a table, the confusions, and every line that went wrong.
    package var text: String {
        func percent(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "-" : String(Double(part * 1000 / whole) / 10) + " %"
        }
        var text: [String] = []
        for score in scores {
            text.append(
                "\(score.condition): intent \(score.intentsRight)/\(score.inTask) (\(percent(score.intentsRight, score.inTask))), "
                    + "entities \(score.entitiesRight)/\(score.entities) (\(percent(score.entitiesRight, score.entities))), "
                    + "out of task acted upon \(score.actedUpon)/\(score.outOfTask), "
                    + "word errors \(Double(Int(score.wordErrorRate * 1000)) / 10) %, heard whole \(score.heardWhole), "
                    + "confidence \(Int(score.confidenceRight * 100)) % right, \(Int(score.confidenceWrong * 100)) % wrong"
            )
            guard lines.contains(where: { $0.condition == score.condition && $0.isForAgent != nil }) else { continue }
            text.append(
                "    said over the agent: taken as meant for it \(score.inTaskForAgent)/\(score.inTask) of the task, "
                    + "\(score.outOfTaskForAgent)/\(score.outOfTask) of other speech and noises")
        }
        for score in scores {
            let mistakes = score.confusion.sorted { $0.key < $1.key }.flatMap { meant, taken in
                taken.sorted { $0.key < $1.key }.filter { $0.key != meant }.map { "\(meant) as \($0.key): \($0.value)" }
            }
            text.append("")
            text.append(
                "\(score.condition), taken for something else: "
                    + (mistakes.isEmpty ? "nothing" : mistakes.joined(separator: "; ")))
        }
        let failures = lines.filter { $0.isInTask ? !$0.isFaultless : $0.wasActedUpon }
        if !failures.isEmpty { text.append("") }
        for line in failures {
            text.append(
                "\(line.condition) \(line.fixture): \"\(line.said)\" heard as \"\(line.heard)\" (\(Int(line.confidence * 100)) %)"
            )
            text.append(
                "    meant \(line.intent)\(Self.list(line.entities)), taken as \(line.understood)\(Self.list(line.understoodEntities))"
            )
        }
        return text.joined(separator: "\n")
    }

    private static func list(_ entities: [String: String]) -> String {
        entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    }
}
