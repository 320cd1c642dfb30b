import Testing

@testable import Agent

@Suite("What a call's record says by itself")
struct AfterCallRuleTests {
    private static let plan = AfterCallPlan(
        summarises: true, dispositions: AfterCallPlan.usualDispositions,
        fields: [
            ExtractedField("name", isRequired: true), ExtractedField("date", .date), ExtractedField("time"),
            ExtractedField("party", .integer, isRequired: true),
        ])

    @Test("a booking is told in plain sentences, filed, and its values are taken from what was done")
    func booking() {
        let record = Self.plan.record(of: ScorecardRuleTests.booking)
        #expect(
            record.summary
                == "The caller gave the name Anna Smith. It was about: book. "
                + "Done: calendar book (date 2026-12-01, name Anna Smith, time 10:30). "
                + "The agent kept the call to its end, after 18 seconds.")
        #expect(record.disposition == "done" && record.source == .rules && record.dropped == 0)
        #expect(record.values == ["name": "Anna Smith", "date": "2026-12-01", "time": "10:30"])
        #expect(record.missing == ["party"] && record.evidence.isEmpty)
        #expect(record == Self.plan.record(of: ScorecardRuleTests.booking))
        var silent = Self.plan
        silent.summarises = false
        #expect(silent.record(of: ScorecardRuleTests.booking).summary == nil)
    }

    @Test("what a tool was given and nobody gets to see is neither a value nor in the summary")
    func redacted() {
        var call = ScorecardRuleTests.booking
        call.tools[0].arguments = call.tools[0].arguments.redacted(["name", "time"])
        let record = Self.plan.record(of: call)
        #expect(record.values == ["name": "Anna Smith", "date": "2026-12-01"])
        #expect(record.summary?.contains("Done: calendar book (date 2026-12-01).") == true, "\(record)")
        #expect(record.summary?.contains("redacted") == false)
    }

    @Test("a call without acts, words or a name says so; one that failed names what failed")
    func others() {
        let empty = Self.plan.record(of: ScoredCall(resolution: "abandoned", length: 1000))
        #expect(
            empty.summary
                == "The caller gave no name. The caller said nothing that was understood. Nothing was done. "
                + "The caller hung up before the agent had answered, after 1 second.")
        #expect(empty.disposition == "abandoned" && empty.values.isEmpty && empty.missing == ["name", "party"])
        var failed = ScorecardRuleTests.booking
        failed.tools[0].succeeded = false
        (failed.outcome, failed.resolution) = (nil, "transferred")
        for index in failed.turns.indices { failed.turns[index].intent = nil }
        let record = Self.plan.record(of: failed)
        #expect(
            record.summary
                == "The caller gave the name Anna Smith. The first words were “i need an appointment”. "
                + "Not done, for it failed: calendar book. A person took the call; it lasted 18 seconds.")
        // What was only tried is no value; what the caller said is.
        #expect(record.disposition == "transferred" && record.values == ["name": "Anna Smith"])
    }

    @Test("a disposition is the first whose rule holds, else the one of the outcome's name, else of the end's")
    func dispositions() {
        func filed(_ dispositions: [AfterCallPlan.Disposition], outcome: String?, _ resolution: String?) -> String? {
            AfterCallPlan(dispositions: dispositions).disposition(
                of: ScoredCall(outcome: outcome, resolution: resolution))
        }
        let own: [AfterCallPlan.Disposition] = [
            .init("contained"), .init("calendar_book"),
            .init("nothing", outcomes: ["none"], resolutions: ["contained"]),
            .init("lost", resolutions: ["failed", "abandoned"]),
        ]
        #expect(filed(own, outcome: "calendar_book", "contained") == "calendar_book")
        #expect(filed(own, outcome: "message_take", "contained") == "contained")
        #expect(filed(own, outcome: nil, "contained") == "nothing")
        #expect(filed(own, outcome: "calendar_book", "failed") == "lost")
        #expect(filed(own, outcome: nil, "transferred") == nil)
        let usual = AfterCallPlan.usualDispositions
        #expect(filed(usual, outcome: "message_left", "unreached") == "message_left")
        #expect(filed(usual, outcome: nil, "contained") == "nothing_done")
        for end in ["transferred", "unreached", "failed", "abandoned"] {
            #expect(filed(usual, outcome: "x", end) == end)
        }
    }

    private static let types: [(ExtractedField, JSONValue, JSONValue?)] = [
        (ExtractedField("a", .integer), "12", 12), (ExtractedField("a", .integer), 12.5, nil),
        (ExtractedField("a", .number), "1.5", 1.5), (ExtractedField("a", .boolean), "yes", true),
        (ExtractedField("a", .boolean), "perhaps", nil), (ExtractedField("a", .date), "2026-02-29", nil),
        (ExtractedField("a", .date), "2028-02-29", "2028-02-29"), (ExtractedField("a"), 5, nil),
        (ExtractedField("a"), "  two  words ", "two words"), (ExtractedField("a"), "••••", nil),
        (ExtractedField("a", .enum, values: ["Small"]), "small", "Small"),
        (ExtractedField("a", .enum, values: ["Small"]), "big", nil), (ExtractedField("a"), " ", nil),
        (ExtractedField("a"), "[redacted]", nil), (ExtractedField("a"), "[withheld 3]", nil),
    ]

    @Test("a value is taken in its type or not at all", arguments: types)
    func typed(field: ExtractedField, found: JSONValue, value: JSONValue?) {
        #expect(field.value(of: found) == value)
    }

    @Test("what is kept of it is masked, its quotes too")
    func masked() {
        let quote = ScorecardVerdict.Evidence(turn: 1, speaker: .caller, quote: "it is 4111")
        let record = AfterCallRecord(
            summary: "They said 4111.", disposition: "done", values: ["card": "4111", "party": 2],
            evidence: ["card": [quote]])
        let masked = record.masked { $0.replacing("4111", with: "••••") }
        #expect(masked.summary == "They said ••••." && masked.values == ["card": "••••", "party": 2])
        #expect(masked.evidence["card"]?.map(\.quote) == ["it is ••••"] && masked.disposition == "done")
    }

    @Test("what a tool was given counts more than its result, that more than what was said, and the last of each")
    func order() {
        var call = ScoredCall(
            turns: [.init(1, .caller, text: "two", entities: ["party": "2"])],
            tools: [
                .init("look", turn: 1, result: ["party": 3], succeeded: true),
                .init("book", turn: 2, arguments: ["party": 9], succeeded: false),
            ])
        #expect(Self.plan.record(of: call).values["party"] == 3)
        call.tools.append(.init("book", turn: 3, arguments: ["party": 4], succeeded: true))
        call.tools.append(.init("book", turn: 4, arguments: ["party": 5], succeeded: true))
        #expect(Self.plan.record(of: call).values["party"] == 5)
        call.tools.removeAll()
        #expect(Self.plan.record(of: call).values["party"] == 2)
    }
}
