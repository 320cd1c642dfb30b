import Testing

@testable import Service

@Suite("Evaluation report")
struct EvaluationReportTests {
    private static func line(
        _ condition: String = "clean", said: String = "book it", heard: String = "book it", confidence: Double = 0.9,
        intent: String = "book", understood: String = "book", entities: [String: String] = [:],
        understoodEntities: [String: String] = [:], wasActedUpon: Bool = true
    ) -> EvaluationReport.Line {
        EvaluationReport.Line(
            fixture: "001", condition: condition, said: said, heard: heard, confidence: confidence, intent: intent,
            understood: understood, entities: entities, understoodEntities: understoodEntities, turns: 1,
            certainty: confidence, wasActedUpon: wasActedUpon)
    }

    private func score(_ lines: [EvaluationReport.Line]) throws -> EvaluationReport.Score {
        try #require(EvaluationReport(lines: lines, conditions: ["clean"]).scores.first)
    }

    @Test("counts intents and values of what is in the task")
    func inTask() throws {
        let score = try score([
            Self.line(entities: ["date": "2026-12-01", "time": "10:30"], understoodEntities: ["date": "2026-12-01"]),
            Self.line(entities: ["name": "Anna"], understoodEntities: ["name": "Hannah", "date": "2026-12-01"]),
            Self.line(
                understood: "cancel", entities: ["date": "2026-12-02"], understoodEntities: ["date": "2026-12-02"]),
            Self.line(understood: "none"),
        ])
        #expect(score.inTask == 4)
        #expect(score.intentsRight == 2)
        #expect(score.entities == 4)
        #expect(score.entitiesRight == 2)
        #expect(score.outOfTask == 0)
        #expect(score.confusion == ["book": ["book": 2, "cancel": 1, "none": 1]])
    }

    @Test("what is out of the task counts only by what it made the agent do")
    func outOfTask() throws {
        let score = try score([
            Self.line(said: "play some music", heard: "", intent: "none", understood: "none", wasActedUpon: false),
            Self.line(said: "", heard: "book it", intent: "none", understood: "book"),
            Self.line(said: "", heard: "book it", intent: "none", understood: "book", wasActedUpon: false),
        ])
        #expect(score.outOfTask == 3)
        #expect(score.actedUpon == 1)
        #expect(score.inTask == 0)
        #expect(score.wordErrorRate == 0)
    }

    @Test("what an agent that speaks would take as meant for it is counted of both kinds, where that was asked")
    func overAgent() throws {
        var lines = [
            Self.line(), Self.line(), Self.line(said: "play some music", intent: "none"),
            Self.line(said: "close the door", intent: "none"),
        ]
        #expect(!EvaluationReport(lines: lines, conditions: ["clean"]).text.contains("said over the agent"))
        for (index, isForAgent) in [true, false, true, false].enumerated() { lines[index].isForAgent = isForAgent }
        let report = EvaluationReport(lines: lines, conditions: ["clean"])
        #expect(report.scores.map(\.inTaskForAgent) == [1])
        #expect(report.scores.map(\.outOfTaskForAgent) == [1])
        #expect(report.text.contains("taken as meant for it 1/2 of the task, 1/2 of other speech"))
    }

    @Test(
        "word errors are the fewest changes, over the words that were said",
        arguments: [
            ("set it to seventy", "set it to seventy", 0.0), ("set it to seventy", "", 1),
            ("set it to seventy", "set to seventy", 0.25), ("set it to seventy", "said it to seventy two", 0.5),
            ("seventy", "set it to seventy", 3), ("a b c d", "b c d a", 0.5), ("yes", "no", 1),
        ])
    func wordErrors(said: String, heard: String, rate: Double) throws {
        #expect(try score([Self.line(said: said, heard: heard)]).wordErrorRate == rate)
    }

    @Test("word errors weigh a recording by its words")
    func weighedErrors() throws {
        let score = try score([
            Self.line(said: "a b c d e f g h i", heard: "a b c d e f g h i"), Self.line(said: "yes", heard: "no"),
        ])
        #expect(abs(score.wordErrorRate - 0.1) < 1e-12)
    }

    @Test("confidence is told apart by whether the intent was right")
    func confidence() throws {
        let score = try score([
            Self.line(confidence: 0.8), Self.line(confidence: 0.6), Self.line(confidence: 0.3, understood: "none"),
            Self.line(confidence: 0.99, intent: "none", understood: "none"),
        ])
        #expect(abs(score.confidenceRight - 0.7) < 1e-12)
        #expect(abs(score.confidenceWrong - 0.3) < 1e-12)
        #expect(try self.score([]).confidenceRight == 0)
    }

    @Test("each condition has its own figures, in the order asked for")
    func conditions() {
        let report = EvaluationReport(
            lines: [
                Self.line("snr10", understood: "none"), Self.line("clean"), Self.line("snr10"), Self.line("other"),
            ],
            conditions: ["snr10", "clean", "snr20"])
        #expect(report.scores.map(\.condition) == ["snr10", "clean", "snr20"])
        #expect(report.scores.map(\.inTask) == [2, 1, 0])
        #expect(report.scores.map(\.intentsRight) == [1, 1, 0])
    }

    @Test("the text tells the figures, the confusions and every line that went wrong")
    func text() {
        let report = EvaluationReport(
            lines: [
                Self.line(entities: ["time": "10:30"], understoodEntities: ["time": "10:30"]),
                Self.line(said: "cancel it", heard: "book it", confidence: 0.4, intent: "cancel", understood: "book"),
            ], conditions: ["clean", "snr10"])
        let lines = report.text.split(separator: "\n")
        #expect(
            lines.first
                == "clean: intent 1/2 (50.0 %), entities 1/1 (100.0 %), out of task acted upon 0/0, word errors 25.0 %, heard whole 1, confidence 90 % right, 40 % wrong"
        )
        #expect(lines.contains("clean, taken for something else: cancel as book: 1"))
        #expect(lines.contains("snr10, taken for something else: nothing"))
        #expect(
            lines.suffix(2) == [
                "clean 001: \"cancel it\" heard as \"book it\" (40 %)", "    meant cancel, taken as book",
            ])
    }
}
