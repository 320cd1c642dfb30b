import Agent
import CallSession
import Testing

@testable import Service

@Suite("What is known of a call whose node is no more")
struct CallMemoryTests {
    @Test("the journal tells what was asked, said and called, under the id of the call")
    func journal() {
        let call = ToolCall(id: "t1", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#)
        let events: [ConversationEvent] = [
            .mediaStarted, .replySaid(generation: 1, text: "Good day."), .toolStarted(generation: 1, call),
            .replySaid(generation: 0, text: "Of a reply that is no more."),
        ]
        let inputs = events.enumerated().map { index, event in
            CallReplay.Input(sequence: index + 1, position: index * 160, event: event, decisions: nil)
        }
        let replay = CallReplay(call: "c1", settings: ConversationSettings(), inputs: inputs)
        let invocation = ToolInvocation(id: "t1", name: "calendar_find_slots", arguments: ["date": "2026-12-01"])
        #expect(
            CallMemory.events(of: replay) == [
                .input(.callStarted(CallFacts(callID: "c1"))), .said("Good day."), .tool(invocation, nil),
            ])
    }
}
