import Agent
import Testing

@Suite("A model that hears that somebody wants no more calls")
struct OptOutToolTests {
    private let calendar = FakeCalendar()

    private func call(
        _ model: FakeLanguageModel, isPlaced: Bool, tools: [any Tool] = []
    ) async throws -> Conversation {
        let conversation = Conversation(
            try Fixtures.agent("assistant"), tools: calendar.tools + tools,
            call: CallFacts(callID: "c1", isPlaced: isPlaced),
            models: ["openai": model])
        _ = try await conversation.start()
        return conversation
    }

    @Test("says so with a tool on a call that was placed, which ends there")
    func placed() async throws {
        let model = FakeLanguageModel([[.call(id: "a", name: "opt_out", arguments: "{}")], [.text("never")]])
        let reply = try await call(model, isPlaced: true).say("these robots are a plague")
        #expect(
            reply.outputs.suffix(2) == [
                .understood(Understanding(intent: "opt_out", entities: [:], confidence: 1)),
                .hangUp(reason: "the person wants no more calls"),
            ])
        #expect(reply.text.isEmpty)
        #expect(model.requests.count == 1)
        #expect(model.requests.first?.tools.contains { $0.name == "opt_out" } == true)
    }

    @Test("has no such tool where the caller has called")
    func inbound() async throws {
        let model = FakeLanguageModel([
            [.call(id: "a", name: "opt_out", arguments: "{}")], [.text("I cannot do that.")],
        ])
        let reply = try await call(model, isPlaced: false).say("these robots are a plague")
        #expect(!reply.hangsUp)
        #expect(!reply.outputs.contains(.understood(Understanding(intent: "opt_out", entities: [:], confidence: 1))))
        #expect(model.requests.first?.tools.contains { $0.name == "opt_out" } == false)
    }

    @Test("has it once, where the service has a tool of that name")
    func namesake() async throws {
        let model = FakeLanguageModel([[.call(id: "a", name: "opt_out", arguments: "{}")], [.text("never")]])
        let theirs = FakeTool(
            definition: ToolDefinition(
                name: "opt_out", summary: "Theirs.", parameters: ["type": "object"], risk: .reversible)
        ) { _, _ throws(ToolError) in ["done": true] }
        let reply = try await call(model, isPlaced: true, tools: [theirs]).say("these robots are a plague")
        #expect(reply.hangsUp)
        #expect(model.requests.first?.tools.count { $0.name == "opt_out" } == 1)
    }
}
