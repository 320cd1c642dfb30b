import Emulators
import Networking
import Testing

@testable import Agent

@Suite("A judge of calls, over a socket", .timeLimit(.minutes(2)))
struct ScorecardJudgeTests {
    private static let settings = JudgeSettings(provider: "p", timeout: .seconds(20))
    private static let card = Scorecard(
        name: "q", version: "v",
        criteria: [
            .init(name: "kind", test: .question("Was the agent kind?")),
            .init(name: "certain", weight: 2, test: .question("Did the agent read the time back?")),
        ], judge: settings)

    /// Asks the emulated model, which answers with these verdicts.
    private func judge(
        _ model: EmulatedModel, answer: String, asText: Bool = false,
        faults: [ModelEmulatorConfiguration.Fault] = [], delay: Duration = .zero, timeout: Duration = .seconds(20),
        seen: @escaping @Sendable (ModelEmulatorConfiguration.Exchange) -> Void = { _ in }
    ) async throws -> ScorecardVerdict {
        let call = ScorecardRuleTests.booking
        var verdict = Self.card.verdict(on: call)
        let waiting = verdict.findings
        let question = JudgeQuestion(
            Self.card.criteria.compactMap { criterion in
                criterion.question.map { (criterion: criterion.name, text: $0) }
            }, on: call,
            settings: Self.settings)
        let configuration = ModelEmulatorConfiguration(firstTokenDelay: delay, faults: faults) { exchange in
            seen(exchange)
            return asText
                ? ModelEmulatorConfiguration.Reply(answer)
                : ModelEmulatorConfiguration.Reply(
                    "", toolCalls: [.init(name: JudgeQuestion.tool, arguments: answer)])
        }
        let findings = try await model.serve(configuration) { _, model in
            try await ScorecardJudge(model: model, timeout: timeout).findings(question, for: waiting, on: call)
        }
        verdict.settle(findings)
        return verdict
    }

    private static func answer(_ verdicts: (name: String, answer: String, evidence: String)...) -> String {
        let items = verdicts.map {
            #"{"criterion":"\#($0.name)","answer":"\#($0.answer)","reason":"because","evidence":[\#($0.evidence)]}"#
        }
        return #"{"verdicts":[\#(items.joined(separator: ","))]}"#
    }

    private static let kind = #"{"turn":1,"speaker":"agent","quote":"may I have your full name"}"#
    private static let certain = #"{"turn":2,"speaker":"agent","quote":"at ten thirty, for Anna Smith"}"#

    @Test("whose quotes stand in the transcript is believed", arguments: EmulatedModel.allCases)
    func honest(model: EmulatedModel) async throws {
        let seen = Lock<[ModelEmulatorConfiguration.Exchange]>([])
        let verdict = try await judge(
            model, answer: Self.answer(("kind", "yes", Self.kind), ("certain", "no", Self.certain))
        ) { exchange in seen.withLock { $0.append(exchange) } }
        #expect(verdict.findings.map(\.standing) == [.pass, .fail] && verdict.score == 33)
        #expect(verdict.findings[0].evidence.first?.quote == "may I have your full name")
        #expect(verdict.findings[0].evidence.first?.turn == 1 && verdict.findings[0].reason == "because")
        // All in one request, by the tool whose schema is the answer's.
        let exchanges = seen.withLock { $0 }
        #expect(exchanges.count == 1 && exchanges[0].tools == [JudgeQuestion.tool])
        #expect(exchanges[0].userText.contains("- kind: Was the agent kind?"))
        #expect(exchanges[0].userText.contains(#"{"speaker":"caller","text":"yes please","turn":3}"#))
    }

    @Test(
        "that lies about its evidence proves nothing",
        arguments: [
            (#"{"turn":1,"speaker":"agent","quote":"may I have your kind name"}"#, "does not stand in that turn"),
            (#"{"turn":2,"speaker":"agent","quote":"may I have your full name"}"#, "does not stand in that turn"),
            (#"{"turn":1,"speaker":"caller","quote":"may I have your full name"}"#, "does not stand in that turn"),
            (#"{"turn":9,"speaker":"agent","quote":"may I have your full name"}"#, "is of a turn that is not there"),
            (#"{"turn":1,"speaker":"agent","quote":"your"}"#, "too short to prove anything"),
            (#"{"turn":1,"speaker":"agent","quote":"…"}"#, "does not stand in that turn"),
            (Self.kind + #",{"turn":3,"speaker":"agent","quote":"have a lovely day"}"#, "does not stand in that turn"),
            ("", "quoted nothing"),
        ])
    func liar(evidence: String, reason: String) async throws {
        let verdict = try await judge(
            .chat, answer: Self.answer(("kind", "yes", evidence), ("certain", "yes", Self.certain)))
        #expect(verdict.findings.map(\.standing) == [.unproven, .pass])
        #expect(verdict.findings[0].reason.contains(reason) && verdict.findings[0].evidence.isEmpty)
        #expect(verdict.score == 100)
    }

    @Test("may say no without a quote, for what never was cannot be quoted, but with none that is wrong")
    func denial() async throws {
        let verdict = try await judge(
            .chat,
            answer: Self.answer(
                ("kind", "no", ""), ("certain", "no", #"{"turn":2,"speaker":"agent","quote":"at a quarter past"}"#)))
        #expect(verdict.findings.map(\.standing) == [.fail, .unproven])
    }

    @Test("that leaves out or contradicts itself proves nothing, and may hold a question for beside the point")
    func gaps() async throws {
        let left = try await judge(.chat, answer: Self.answer(("kind", "not_applicable", "")))
        #expect(left.findings.map(\.standing) == [.notApplicable, .unproven] && left.score == nil)
        let both = try await judge(
            .chat, answer: Self.answer(("kind", "yes", Self.kind), ("kind", "no", ""), ("certain", "yes", Self.certain))
        )
        #expect(both.findings.map(\.standing) == [.unproven, .pass])
    }

    @Test("may write its JSON as text")
    func text() async throws {
        let answer = "Here it is:\n```json\n\(Self.answer(("kind", "yes", Self.kind)))\n```"
        #expect(try await judge(.chat, answer: answer, asText: true).findings[0].standing == .pass)
    }

    @Test(
        "that answers garbage has given no verdict",
        arguments: [
            (false, #"{"verdicts":"all good"}"#, "$.verdicts: must be array"),
            (
                false, #"{"verdicts":[{"criterion":"charm","answer":"yes","reason":"","evidence":[]}]}"#,
                "must be one of"
            ),
            (false, #"{"score":100}"#, "$.verdicts: is required but missing"), (false, "{]", "no JSON"),
            (true, "It was a fine call.", "no JSON"),
        ])
    func garbage(asText: Bool, answer: String, reason: String) async throws {
        let failure = await #expect(throws: ScorecardJudge.Failure.self) {
            _ = try await judge(.chat, answer: answer, asText: asText)
        }
        #expect(failure?.reason.contains(reason) == true && failure?.isRetryable == true, "\(failure?.reason ?? "")")
    }

    @Test("that is down, slow or without rights says so, and whether it is worth asking again")
    func down() async throws {
        let answer = Self.answer(("kind", "yes", Self.kind))
        let busy = ModelEmulatorConfiguration.Fault.refuse(status: 503, code: "unavailable", retryAfterMilliseconds: 1)
        let away = await #expect(throws: ScorecardJudge.Failure.self) {
            _ = try await judge(.chat, answer: answer, faults: Array(repeating: busy, count: 5))
        }
        #expect(away?.isRetryable == true && away?.reason.contains("503") == true, "\(away?.reason ?? "")")
        let refused = await #expect(throws: ScorecardJudge.Failure.self) {
            _ = try await judge(
                .chat, answer: answer,
                faults: [.refuse(status: 401, code: "invalid_api_key", retryAfterMilliseconds: nil)])
        }
        #expect(refused?.isRetryable == false && refused?.reason.contains("unauthorized") == true)
        let slow = await #expect(throws: ScorecardJudge.Failure.self) {
            _ = try await judge(.chat, answer: answer, delay: .seconds(20), timeout: .milliseconds(200))
        }
        #expect(slow?.isRetryable == true && slow?.reason.contains("within") == true, "\(slow?.reason ?? "")")
    }

    /// Says nothing, and does not end.
    private struct Silent: LanguageModel {
        let events = AsyncThrowingStream.makeStream(of: ModelEvent.self, throwing: (any Error).self)

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> { events.stream }
    }

    @Test("that is given up has not answered garbage")
    func givenUp() async {
        let call = ScorecardRuleTests.booking
        let question = JudgeQuestion([(criterion: "kind", text: "Was it?")], on: call, settings: Self.settings)
        let task = Task {
            try await ScorecardJudge(model: Silent(), timeout: .seconds(60)).findings(question, for: [], on: call)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    /// Fails with one error.
    private struct Failing: LanguageModel {
        let error: ModelError

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            AsyncThrowingStream { $0.finish(throwing: error) }
        }
    }

    @Test("whose client's deadline is over first is late all the same, and its question was paid for; no refusal was")
    func clientIsLate() async {
        let call = ScorecardRuleTests.booking
        let question = JudgeQuestion([(criterion: "kind", text: "Was it?")], on: call, settings: Self.settings)
        func failure(status: Int?) async -> ScorecardJudge.Failure? {
            let error = ModelError(.deadlineExceeded, provider: "p", detail: "no first token in time", status: status)
            return await #expect(throws: ScorecardJudge.Failure.self) {
                let judge = ScorecardJudge(model: Failing(error: error), timeout: .seconds(60))
                _ = try await judge.findings(question, for: [], on: call)
            }
        }
        let late = await failure(status: nil)
        #expect(late?.isCut == true && late?.reason.contains("did not answer within") == true)
        let refused = await failure(status: 408)
        #expect(refused?.isCut == false && refused?.isRetryable == true)
    }
}
