import Testing

@testable import Speech

@Suite("What a model that hears is told of a conversation")
struct RealtimeHistoryTests {
    private static let facts = RealtimeMessage.facts("Today is Monday.")
    private static let greeting = RealtimeMessage.agent(text: "Hello.", calls: [])

    @Test("what it heard and said itself is not told again, what others said is")
    func own() throws {
        let history = HistoryUnderTest()
        history.committed(1)
        #expect(
            try history.tell([Self.facts, Self.greeting, .caller("")]) == [
                "system: Today is Monday. behind root", "assistant: Hello. behind told_1",
            ])
        let call = RealtimeToolCall(id: "c1", name: "lookup", arguments: "{}")
        history.named("u1")
        #expect(history.wrote("what is it", of: "u1") == UtteranceID(1))
        history.said("One moment.", calling: ["c1"])
        let answer = RealtimeMessage.agent(text: "One moment.", calls: [call])
        var messages = [Self.facts, Self.greeting, .caller("what is it"), answer, .result(call: "c1", content: "7")]
        #expect(try history.tell(messages) == ["function_call_output: 7"])
        // The caller heard half of the answer; then the agent said something by another voice.
        history.said("It is seven, as far as I can see.")
        history.committed(2)
        for (item, previous) in [("u1", nil), ("a1", "u1"), ("a2", "a1"), ("u2", "a2")] as [(String, String?)] {
            history.added(item, after: previous)
        }
        history.named("u2")
        messages += [.agent(text: "It is seven, …", calls: []), .agent(text: "Are you there?", calls: []), .caller("")]
        #expect(try history.tell(messages) == ["assistant: Are you there? behind a2"])
    }

    @Test("a turn it has heard is known by its words too, and a turn it has not is told")
    func turns() throws {
        let history = HistoryUnderTest()
        history.committed(1)
        history.named("item_1")
        #expect(history.wrote("wait a moment", of: "item_1") == UtteranceID(1))
        #expect(history.wrote("wait a moment", of: "item_1") == nil)
        #expect(try history.tell([.caller("wait a moment")]).isEmpty)
        let keys = RealtimeMessage.caller("[The caller pressed the keys 12]")
        #expect(
            try history.tell([.caller("wait a moment"), keys]) == [
                "user: [The caller pressed the keys 12]"
            ])
    }

    @Test("a new connection is told everything in writing, and a turn whose sound is gone cannot be")
    func replay() throws {
        let history = HistoryUnderTest()
        history.committed(1)
        _ = try history.tell([Self.greeting, .caller("")])
        history.forget()
        let call = RealtimeToolCall(id: "c1", name: "lookup", arguments: #"{"id":7}"#)
        let messages: [RealtimeMessage] = [
            Self.greeting, .caller("what is it"), .agent(text: "", calls: [call]), .result(call: "c1", content: "7"),
            .agent(text: "Seven.", calls: []), .caller("and now"),
        ]
        #expect(
            try history.tell(messages) == [
                "assistant: Hello.", "user: what is it",
                "function_call: lookup", "function_call_output: 7",
                "assistant: Seven.", "user: and now",
            ])
        #expect(throws: RealtimeHistory.WordsLost.self) { try history.tell(messages + [.caller("")]) }
    }

    @Test("an older part that was summed up meanwhile is not told again")
    func folded() throws {
        let history = HistoryUnderTest()
        _ = try history.tell([Self.greeting, .caller("a"), .agent(text: "b", calls: []), .caller("c")])
        history.said("d")
        let told = try history.tell([
            .facts("Earlier: a and b."), .caller("c"), .agent(text: "d", calls: []), .caller("e"),
        ])
        #expect(told == ["user: e"])
    }

    @Test("after an older part was summed up, what came with a turn that only its sound tells is told all the same")
    func foldedWithoutWords() throws {
        let history = HistoryUnderTest()
        history.committed(1)
        history.named("u1")
        _ = try history.tell([Self.facts, .caller("a"), .agent(text: "b", calls: []), .caller("")])
        #expect(history.wrote("c", of: "u1") == UtteranceID(1))
        history.said("d")
        history.committed(2)
        history.named("u2")
        for (item, previous) in [("u1", nil), ("a1", "u1"), ("u2", "a1")] as [(String, String?)] {
            history.added(item, after: previous)
        }
        let whisper = RealtimeMessage.facts("They are angry.")
        let keys = RealtimeMessage.caller("[The caller pressed the keys 12]")
        let messages: [RealtimeMessage] = [
            .facts("Earlier: a and b."), .caller("c"), .agent(text: "d", calls: []), keys, whisper, .caller(""),
        ]
        #expect(
            try history.tell(messages) == [
                "user: [The caller pressed the keys 12] behind a1", "system: They are angry. behind told_4",
            ])
        // Words alike are another turn.
        history.said("e")
        #expect(
            try history.tell([.facts("Earlier: c."), whisper, .caller(""), .agent(text: "e", calls: []), .caller("c")])
                == ["user: c"])
    }

    @Test("another agent's conversation is told from its beginning")
    func anotherAgent() throws {
        let history = HistoryUnderTest()
        history.committed(1)
        history.named("u1")
        history.added("u1", after: nil)
        _ = try history.tell([Self.facts, Self.greeting, .caller("")])
        history.beginAnew()
        history.committed(2)
        history.named("u2")
        history.added("u2", after: "u1")
        #expect(
            try history.tell([Self.facts, .agent(text: "Heating.", calls: []), .caller("")])
                == ["system: Today is Monday. behind u1", "assistant: Heating. behind told_3"])
    }
}
