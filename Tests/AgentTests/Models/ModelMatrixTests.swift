import Agent
import Emulators
import Testing

@Suite("A language model of every protocol, over a socket, against its strict emulator", .timeLimit(.minutes(1)))
struct ModelMatrixTests {
    private typealias Configuration = ModelEmulatorConfiguration

    private static let tools = ["lookup", "weather"].map { name in
        ToolDefinition(
            name: name, summary: "Finds \(name).",
            parameters: [
                "type": "object", "properties": ["id": ["type": "integer"]], "additionalProperties": false,
            ], risk: .read)
    }

    private static func request(
        _ messages: [ModelMessage] = [], first: Duration = .seconds(10), progress: Duration = .seconds(10)
    ) -> ModelRequest {
        ModelRequest(
            instructions: "Be kind.",
            messages: [.facts("It is Monday."), .assistant(text: "Good day.", calls: []), .user("Hello")] + messages,
            tools: tools, cacheKey: "a-1", firstTokenDeadline: first, progressDeadline: progress)
    }

    /// Calls one tool for each result that there is not yet, then says what they returned.
    private static func script(_ names: [String]) -> @Sendable (Configuration.Exchange) -> Configuration.Reply {
        { exchange in
            guard exchange.toolResults.isEmpty else { return .init(exchange.toolResults.joined(separator: " and ")) }
            return .init("One moment.", toolCalls: names.map { .init(name: $0, arguments: #"{"id":7}"#) })
        }
    }

    @Test("text comes piece by piece, with the usage", arguments: EmulatedModel.allCases, [nil, 7, 1])
    func text(_ api: EmulatedModel, packetSize: Int?) async throws {
        let configuration = Configuration(packetSize: packetSize) {
            .init("\($0.userText), grüß dich; \($0.tools.count) tools")
        }
        try await api.serve(configuration) { _, model in
            var request = Self.request()
            request.temperature = packetSize == nil ? 0.5 : nil
            let answer = await Answer(model.answer(request))
            #expect(answer.error == nil)
            #expect(answer.text == "Hello, grüß dich; 2 tools" && answer.pieces.count == 5)
            #expect(answer.finish?.reason == .stop)
            #expect((answer.finish?.usage?.promptTokens ?? 0) > 0 && answer.finish?.usage?.completionTokens == 5)
        }
    }

    @Test("one tool is called, and its result goes back", arguments: EmulatedModel.allCases)
    func tool(_ api: EmulatedModel) async throws {
        try await api.serve(Configuration(script: Self.script(["lookup"]))) { _, model in
            let first = await Answer(model.answer(Self.request()))
            #expect(first.error == nil && first.text == "One moment." && first.finish?.reason == .toolCalls)
            let call = try #require(first.calls.first)
            #expect(first.calls.count == 1 && call.name == "lookup" && call.arguments == ["id": 7])
            let second = await Answer(
                model.answer(
                    Self.request([
                        .assistant(text: first.text, calls: first.calls), .tool(id: call.id, content: "shipped"),
                    ])))
            #expect(second.error == nil && second.text == "shipped" && second.finish?.reason == .stop)
        }
    }

    @Test("tools are called side by side, their results come in any order", arguments: EmulatedModel.allCases)
    func parallelTools(_ api: EmulatedModel) async throws {
        try await api.serve(Configuration(script: Self.script(["lookup", "weather", "lookup"]))) { _, model in
            let first = await Answer(model.answer(Self.request()))
            #expect(first.calls.map(\.name) == ["lookup", "weather", "lookup"])
            #expect(Set(first.calls.map(\.id)).count == 3)
            var request = Self.request([.assistant(text: first.text, calls: first.calls)])
            request.messages += first.calls.reversed().map { .tool(id: $0.id, content: #"{"of":"\#($0.name)"}"#) }
            request.messages.append(.user("And now?"))
            request.forbidsTools = true
            let second = await Answer(model.answer(request))
            // The script sees a new question, so it calls again; what counts is that nothing was refused.
            #expect(second.error == nil && second.text == "One moment.")
        }
    }

    @Test("an error before the stream is asked again if it says so in time", arguments: EmulatedModel.allCases)
    func busy(_ api: EmulatedModel) async throws {
        let busy = Configuration.Fault.refuse(status: 429, code: api.busy, retryAfterMilliseconds: 20)
        try await api.serve(Configuration(faults: [busy, busy]) { _ in .init("Yes.") }) { fleet, model in
            #expect(await Answer(model.answer(Self.request())).text == "Yes.")
            #expect(api.requests(fleet) == 3)
        }
        let patient = Configuration.Fault.refuse(status: 429, code: api.busy, retryAfterMilliseconds: 30_000)
        try await api.serve(Configuration(faults: [patient])) { fleet, model in
            let answer = await Answer(model.answer(Self.request()))
            #expect(answer.error?.code == .rateLimited && answer.error?.retryAfter == .seconds(30))
            #expect(api.requests(fleet) == 1)
        }
    }

    @Test("an error before the stream that repeats itself is final", arguments: EmulatedModel.allCases)
    func refused(_ api: EmulatedModel) async throws {
        let invalid = Configuration.Fault.refuse(status: 400, code: api.invalid, retryAfterMilliseconds: nil)
        try await api.serve(Configuration(faults: [invalid])) { fleet, model in
            #expect(await Answer(model.answer(Self.request())).error?.code == .invalidRequest)
            #expect(api.requests(fleet) == 1)
        }
        try await api.serve(Configuration(), key: "wrong") { fleet, model in
            #expect(await Answer(model.answer(Self.request())).error?.code == .unauthorized)
            #expect(api.requests(fleet) == 1)
        }
    }

    @Test(
        "an error inside the stream is asked again before the first text, and never after",
        arguments: EmulatedModel.allCases)
    func errorInside(_ api: EmulatedModel) async throws {
        let faults: [Configuration.Fault] = [
            .error(afterChunks: api.preamble), .none, .error(afterChunks: api.preamble + 1),
        ]
        try await api.serve(Configuration(faults: faults) { _ in .init("Yes, please.") }) { fleet, model in
            #expect(await Answer(model.answer(Self.request())).text == "Yes, please.")
            #expect(api.requests(fleet) == 2)
            let broken = await Answer(model.answer(Self.request()))
            #expect(broken.text == "Yes," && broken.error?.code == .unavailable && broken.finish == nil)
            #expect(api.requests(fleet) == 3)
        }
    }

    @Test("a connection that breaks is an error, whole calls or not", arguments: EmulatedModel.allCases)
    func cut(_ api: EmulatedModel) async throws {
        let fault = Configuration.Fault.cut(afterChunks: api.preamble + 2)
        try await api.serve(Configuration(faults: [fault], script: Self.script(["lookup"]))) { fleet, model in
            let answer = await Answer(model.answer(Self.request()))
            #expect(answer.text == "One moment." && answer.error?.code == .connectionLost && answer.calls.isEmpty)
            #expect(api.requests(fleet) == 1)
        }
    }

    @Test("a cancelled answer ends at the provider, too", arguments: EmulatedModel.allCases)
    func cancel(_ api: EmulatedModel) async throws {
        let fault = Configuration.Fault.stall(afterChunks: api.preamble + 1)
        try await api.serve(Configuration(faults: [fault]) { _ in .init("Yes, please.") }) { fleet, model in
            let text = try await Task {
                for try await case .text(let text) in model.answer(Self.request()) { return text }
                return ""
            }.value
            #expect(text == "Yes,")
            while fleet.abandonedChats == 0 { await Task.yield() }
            #expect(fleet.abandonedChats == 1)
        }
    }

    @Test("the first useful token has a deadline, whatever else comes", arguments: EmulatedModel.allCases)
    func slowFirstToken(_ api: EmulatedModel) async throws {
        try await api.serve(Configuration(firstTokenDelay: .seconds(20))) { fleet, model in
            let answer = await Answer(model.answer(Self.request(first: .milliseconds(200))))
            #expect(answer.text.isEmpty && answer.error?.code == .deadlineExceeded)
            #expect(api.requests(fleet) == 1)
        }
        try await api.serve(Configuration(firstTokenDelay: .milliseconds(300)) { _ in .init("Yes.") }) { _, model in
            // Slow, but in time; the deadline between tokens does not count before the first.
            let answer = await Answer(model.answer(Self.request(progress: .milliseconds(100))))
            #expect(answer.text == "Yes." && answer.error == nil)
        }
    }

    @Test("an answer that stalls is given up, and what was said of it stands", arguments: EmulatedModel.allCases)
    func stall(_ api: EmulatedModel) async throws {
        let fault = Configuration.Fault.stall(afterChunks: api.preamble + 1)
        try await api.serve(Configuration(faults: [fault]) { _ in .init("Yes, please.") }) { fleet, model in
            let answer = await Answer(model.answer(Self.request(progress: .milliseconds(200))))
            #expect(answer.text == "Yes," && answer.error?.code == .deadlineExceeded)
            #expect(api.requests(fleet) == 1)
        }
    }

    @Test(
        "chat completions of compatible servers mean the same",
        arguments: [
            OpenAIChatEmulatorConfiguration.Dialect.noToolIndex, .wholeToolCalls, .repeatedToolNames, .stopsAlways,
            .comments, .tightLines, .noDone, .noFinishReason, .usageWithChoice,
            [.noToolIndex, .repeatedToolNames, .noFinishReason, .usageWithChoice],
            [.noToolIndex, .wholeToolCalls, .stopsAlways, .comments, .tightLines, .noDone],
        ])
    func dialects(_ dialect: OpenAIChatEmulatorConfiguration.Dialect) async throws {
        let configuration = Configuration(script: Self.script(["lookup", "weather"]))
        try await EmulatedModel.chat.serve(configuration, dialect: dialect) { _, model in
            let answer = await Answer(model.answer(Self.request()))
            #expect(answer.error == nil && answer.text == "One moment." && answer.finish?.reason == .toolCalls)
            #expect(answer.calls.map(\.name) == ["lookup", "weather"])
            #expect(answer.calls.allSatisfy { $0.arguments == ["id": 7] })
            #expect(answer.finish?.usage != nil)
        }
    }
}
