import Emulators
import Networking
import Testing

@testable import Agent

@Suite("A model that writes a call down, over a socket", .timeLimit(.minutes(2)))
struct CallAnalystTests {
    private static let settings = JudgeSettings(provider: "p", timeout: .seconds(20))
    private static let plan = AfterCallPlan(
        summarises: true, dispositions: [.init("booked", summary: "A time was booked."), .init("lost")],
        fields: [
            ExtractedField("day", .date, isRequired: true), ExtractedField("kind", .enum, values: ["new", "old"]),
        ], model: settings)

    private func record(
        _ model: EmulatedModel = .chat, answer: String, asText: Bool = false,
        faults: [ModelEmulatorConfiguration.Fault] = [], objection: String? = nil,
        seen: @escaping @Sendable (ModelEmulatorConfiguration.Exchange) -> Void = { _ in }
    ) async throws -> AfterCallRecord {
        let call = ScorecardRuleTests.booking
        let question = AfterCallQuestion(Self.plan, on: call, settings: Self.settings, objection: objection)
        let configuration = ModelEmulatorConfiguration(faults: faults) { exchange in
            seen(exchange)
            return asText
                ? ModelEmulatorConfiguration.Reply(answer)
                : ModelEmulatorConfiguration.Reply(
                    "", toolCalls: [.init(name: AfterCallQuestion.tool, arguments: answer)])
        }
        return try await model.serve(configuration) { _, model in
            try await CallAnalyst(model: model, timeout: .seconds(20)).record(
                question, for: Self.plan, on: call, else: Self.plan.record(of: call))
        }
    }

    private static let quote = #"{"turn":2,"speaker":"agent","quote":"Tuesday, the first of December"}"#

    private static func answer(
        disposition: String = Self.quote, day: String = "2026-12-01", evidence: String = Self.quote, more: String = ""
    ) -> String {
        #"{"summary":"Anna booked.","disposition":{"name":"booked","evidence":[\#(disposition)]},"#
            + #""values":{"day":{"value":"\#(day)","evidence":[\#(evidence)]}\#(more)}}"#
    }

    @Test("whose quotes stand in the transcript is believed", arguments: EmulatedModel.allCases)
    func honest(model: EmulatedModel) async throws {
        let seen = Lock<[ModelEmulatorConfiguration.Exchange]>([])
        let record = try await record(model, answer: Self.answer()) { exchange in seen.withLock { $0.append(exchange) }
        }
        #expect(record.source == .model && record.summary == "Anna booked." && record.disposition == "booked")
        #expect(record.values == ["day": "2026-12-01"] && record.missing.isEmpty && record.dropped == 0)
        #expect(record.evidence["day"]?.first?.turn == 2 && record.evidence["disposition"]?.count == 1)
        let exchanges = seen.withLock { $0 }
        #expect(exchanges.count == 1 && exchanges[0].tools == [AfterCallQuestion.tool])
        #expect(exchanges[0].userText.contains("- booked: A time was booked."))
        #expect(exchanges[0].userText.contains(#""date":"2026-12-01""#))
    }

    @Test("that makes quotes up, or gives none, leaves what the rules found, and that is counted")
    func liar() async throws {
        for evidence in [#"{"turn":2,"speaker":"agent","quote":"Friday, the first of May"}"#, ""] {
            let record = try await record(
                answer: Self.answer(disposition: evidence, day: "2026-05-01", evidence: evidence))
            #expect(record.source == .model && record.summary == "Anna booked." && record.disposition == nil)
            // The tool's argument is called `date`, so there is no day by rules.
            #expect(record.values.isEmpty && record.missing == ["day"] && record.dropped == 2, "\(record)")
        }
    }

    @Test("that gives what nobody asked for has it left out and counted")
    func unknown() async throws {
        let record = try await record(
            answer: Self.answer(more: #","mood":{"value":"fine","evidence":[]}"#).replacing(
                #"{"summary""#, with: #"{"rating":5,"summary""#))
        #expect(record.dropped == 2 && record.values == ["day": "2026-12-01"])
    }

    @Test("may write its JSON as text, and is told what was wrong with the answer before")
    func text() async throws {
        let seen = Lock<[ModelEmulatorConfiguration.Exchange]>([])
        let record = try await record(answer: Self.answer(), asText: true, objection: "$.summary: is missing") {
            exchange in seen.withLock { $0.append(exchange) }
        }
        #expect(record.disposition == "booked")
        #expect(seen.withLock { $0 }[0].userText.contains("was refused: $.summary: is missing"))
    }

    @Test(
        "that answers garbage has given nothing, and it may help to say so",
        arguments: [
            (false, #"{"summary":"x"}"#, "$.disposition: is required but missing"),
            (false, #"{"summary":"x","disposition":{"name":"gone","evidence":[]}}"#, "must be one of"),
            (
                false, Self.answer(more: #","kind":{"value":"worn","evidence":[]}"#),
                "$.values.kind.value: must be one of"
            ),
            (false, Self.answer(day: "tomorrow"), "$.values.day.value: must match"),
            (false, Self.answer(day: "2026-02-30"), "is no day of the calendar"), (true, "A fine call.", "no JSON"),
        ])
    func garbage(asText: Bool, answer: String, reason: String) async throws {
        let failure = await #expect(throws: ModelForm.Failure.self) {
            _ = try await record(answer: answer, asText: asText)
        }
        #expect(failure?.reason.contains(reason) == true && failure?.isOfForm == true, "\(failure?.reason ?? "")")
    }

    @Test("that is down says so, which is not for its form")
    func down() async throws {
        let busy = ModelEmulatorConfiguration.Fault.refuse(status: 503, code: "unavailable", retryAfterMilliseconds: 1)
        let away = await #expect(throws: ModelForm.Failure.self) {
            _ = try await record(answer: Self.answer(), faults: Array(repeating: busy, count: 5))
        }
        #expect(away?.isRetryable == true && away?.isOfForm == false && away?.reason.contains("503") == true)
    }
}
