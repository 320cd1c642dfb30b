import Agent
import Testing

@Suite("A model's memory of a call")
struct ChatContextTests {
    private let call = ModelToolCall(id: "a", name: "look", arguments: [:], rawArguments: "{}")

    @Test("holds of a reply what the caller heard")
    func cut() {
        var context = ChatContext()
        context.add(user: "book it")
        context.add(assistant: "One moment.", calls: [call])
        context.add(result: "{}", of: "a")
        context.add(assistant: "It is booked for Tuesday. Goodbye.", calls: [])
        context.cutReply(toHeard: "One moment. It is booked")
        #expect(
            context.messages == [
                .user("book it"), .assistant(text: "One moment.", calls: [call]), .tool(id: "a", content: "{}"),
                .assistant(text: "It is booked …", calls: []),
            ])
        context.cutReply(toHeard: "")
        #expect(
            context.messages == [
                .user("book it"), .assistant(text: "", calls: [call]), .tool(id: "a", content: "{}"),
            ])
    }

    @Test("takes the words of a turn that a model has heard itself, and of no other")
    func late() {
        var context = ChatContext()
        context.heard("nobody asked")
        context.add(user: "")
        context.add(assistant: "Certainly.", calls: [])
        context.heard("book it")
        context.heard("something else")
        #expect(context.messages == [.user("book it"), .assistant(text: "Certainly.", calls: [])])
    }

    @Test("leaves no call without a result")
    func openCalls() {
        var context = ChatContext()
        context.add(user: "one")
        context.add(assistant: "", calls: [call])
        context.add(user: "two")
        guard case .tool("a", let content)? = context.messages.dropLast().last else {
            Issue.record("no result")
            return
        }
        #expect(content.contains("cancelled"))
        context.add(result: "late", of: "a")
        #expect(context.messages.last == .user("two"))
    }

    @Test("ends circles")
    func guardian() {
        var guardian = LoopGuard()
        guardian.beginTurn()
        let other = ModelToolCall(id: "b", name: "look", arguments: ["x": 1], rawArguments: #"{"x":1}"#)
        for result in ["same", "same"] {
            #expect(guardian.objection(to: other) == nil)
            guardian.note(other, result: result)
        }
        #expect(guardian.objection(to: other) != nil)
        guardian.beginTurn()
        #expect(guardian.objection(to: other) == nil)
    }
}
