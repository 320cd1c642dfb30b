import Agent
import Testing

@Suite("A conversation that outgrows what its model is shown")
struct LongConversationTests {
    let calendar = FakeCalendar()
    let counters = AgentCounters()

    private func call(_ model: FakeLanguageModel, tokens: Int) async throws -> Conversation {
        var agent = try Fixtures.agent("assistant")
        if case .model(var settings) = agent.engine {
            settings.contextTokens = tokens
            agent.engine = .model(settings)
        }
        let conversation = Conversation(agent, tools: calendar.tools, models: ["openai": model], counters: counters)
        _ = try await conversation.start()
        return conversation
    }

    private func longWords(_ number: Int) -> String {
        "number \(number) " + Array(repeating: "and so on", count: 40).joined(separator: " ")
    }

    @Test("is summed up beside the call: the last turns and what was done stay word for word")
    func summary() async throws {
        let book = #"{"name":"Maria Jones","date":"2026-12-01","time":"10:30"}"#
        let model = FakeLanguageModel(
            [
                [.text("Tuesday at half past ten for Maria Jones, shall I book it?")],
                [.call(id: "a", name: "calendar_book", arguments: book)], [.text("It is booked.")],
            ] + (3...8).map { [.text("Answer \($0).")] } + [[.text("She talks a lot.")], [.text("Yes.")]])
        let caller = try await call(model, tokens: 1000)
        _ = try await caller.say("tuesday half past ten for maria jones")
        _ = try await caller.say("yes")
        for number in 3...8 { _ = try await caller.say(longWords(number)) }
        while counters.contextsSummedUp == 0 { await Task.yield() }
        let asked = try #require(model.requests.last)
        #expect(asked.tools.isEmpty)
        guard case .user(let transcript)? = asked.messages.first else { Issue.record("nothing to sum up"); return }
        #expect(transcript.contains("Caller: tuesday half past ten for maria jones"))
        #expect(transcript.contains("Agent calls calendar_book"))

        _ = try await caller.say("are you still there")
        let messages = try #require(model.requests.last).messages
        guard case .facts(let first)? = messages.first, case .facts(let notes)? = messages.dropFirst().first else {
            Issue.record("no notes")
            return
        }
        #expect(first.hasPrefix("Today is"))
        #expect(notes.hasPrefix("Earlier in this call, summed up: She talks a lot.\nDone: calendar_book with \(book)"))
        #expect(messages[2] == .user(longWords(3)))
        #expect(messages.contains(.user(longWords(8))))
        #expect(!messages.contains(.user("yes")))
        #expect(calendarIsUntouched(messages))
    }

    /// Every call that is left has its result, and the other way round.
    private func calendarIsUntouched(_ messages: [ModelMessage]) -> Bool {
        var calls: Set<String> = []
        for message in messages {
            switch message {
            case .assistant(_, let made): calls.formUnion(made.map(\.id))
            case .tool(let id, _): guard calls.remove(id) != nil else { return false }
            case .facts, .user: break
            }
        }
        return calls.isEmpty
    }

    @Test("keeps the caller's words where no summary can be had and there is no room left")
    func withoutSummary() async throws {
        let answers = (1...8).map { [FakeLanguageModel.Line.text("Answer \($0).")] }
        // Between the limits nothing is lost for want of a summary.
        let roomy = FakeLanguageModel(answers + [[.fail(.unavailable)], [.text("Yes.")]])
        let patient = try await call(roomy, tokens: 1400)
        for number in 1...8 { _ = try await patient.say(longWords(number)) }
        while roomy.requests.count < 9 { await Task.yield() }
        _ = try await patient.say("and")
        #expect(try #require(roomy.requests.last { !$0.tools.isEmpty }).messages.contains(.user(longWords(1))))
        #expect(counters.contextsSummedUp == 0)

        let tight = FakeLanguageModel(
            (1...8).map { [.text("Answer \($0).")] } + [[.fail(.unavailable)], [.text("Yes.")]])
        let caller = try await call(tight, tokens: 600)
        for number in 1...8 { _ = try await caller.say(longWords(number)) }
        while counters.contextsSummedUp == 0 { await Task.yield() }
        _ = try await caller.say("and")
        let messages = try #require(tight.requests.last).messages
        #expect(messages.contains(.user(longWords(8))))
        #expect(
            messages.contains {
                if case .facts(let text) = $0 {
                    text.hasPrefix("Earlier in this call the caller said:\n- number 1 and")
                } else {
                    false
                }
            })
    }
}

@Suite("The budget of a model's context")
struct ContextBudgetTests {
    private let call = ModelToolCall(id: "a", name: "look", arguments: [:], rawArguments: "{}")

    @Test("results of tools are shortened but for the last turn's")
    func results() {
        let long = String(repeating: "x", count: 2000)
        let messages: [ModelMessage] = [
            .facts("f"), .user("one"), .assistant(text: "", calls: [call]), .tool(id: "a", content: long),
            .assistant(text: "done", calls: []), .user("two"), .tool(id: "b", content: long),
        ]
        let shorter = ContextBudget(tokens: 1000).shortened(messages)
        #expect(shorter.count == messages.count)
        #expect(shorter[6] == messages[6])
        guard case .tool("a", let content) = shorter[3] else { return }
        #expect(content.hasSuffix("… (shortened; call the tool again for all of it)"))
        #expect(content.count < 500)
        #expect(ContextBudget(tokens: 1000).isTight(messages))
        #expect(!ContextBudget(tokens: 2000).isTight(messages))
    }

    @Test("the facts of the call and six turns stay", arguments: 1...12)
    func older(turns: Int) {
        let messages =
            [ModelMessage.facts("f"), .assistant(text: "hello", calls: [])]
            + (1...turns).flatMap { [ModelMessage.user("u\($0)"), .assistant(text: "a", calls: [])] }
        let range = ContextBudget(tokens: 1000).older(messages)
        #expect(range == (turns < 8 ? nil : 1..<(messages.count - 12)))
    }

    @Test("what was said in the meantime makes a summary void")
    func void() {
        var context = ChatContext()
        context.add(facts: "f")
        for number in 1...4 {
            context.add(user: "u\(number)")
            context.add(assistant: "a\(number) and more", calls: [])
        }
        let range = 1..<5
        let older = Array(context.messages[range])
        var other = context
        let isFolded = context.fold(range, of: older, into: "notes")
        #expect(isFolded)
        #expect(context.messages.prefix(3) == [.facts("f"), .facts("notes"), .user("u3")])
        // The last reply is still the last reply.
        context.cutReply(toHeard: "a4")
        #expect(context.messages.last == .assistant(text: "a4 …", calls: []))
        let isMistaken = other.fold(range, of: Array(older.reversed()), into: "notes")
        #expect(!isMistaken)
    }
}
