import CallSession
import Callers
import Foundation
import Store
import Testing

@testable import Service

@Suite("Callers who want a person")
struct HandOverTests {
    private static let lines = ["can i speak to a person"]

    @Test("are put through: the carrier asks when the stream has closed, and is told whom to dial, once")
    func dialled() async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in configuration.conversation.escalation = "+493012345678" },
            dialogue: { _, _, _, _ in Switchboard() }
        ) { test in
            #expect(try await test.call("CA1", saying: Self.lines).contains("1000"))
            let answer = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(answer.status == 200 && answer.text.contains("<Response><Dial>+493012345678</Dial></Response>"))
            let again = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(again.text.contains("<Hangup/>"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller asked for a person")
            #expect(story.incidents.isEmpty)
        }
    }

    @Test("are told that there is nobody where no number is set, and the record does not say that they were handed on")
    func nobody() async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in configuration.conversation.transferFailed = "Nobody is there, goodbye." },
            dialogue: { _, _, _, _ in Switchboard() }
        ) { test in
            #expect(try await test.call("CA1", saying: Self.lines).contains("1000"))
            let answer = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(answer.text.contains("<Hangup/>"))
            #expect(test.log.contains("transfer impossible", "carrier.call=CA1"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "transfer failed")
            #expect(story.turns.last { $0.speaker == .agent }?.heard == "Nobody is there, goodbye.")
            #expect(story.incidents.map(\.kind) == ["transfer"])
            #expect(story.incidents.first?.detail.contains("calls.escalation is not set") == true)
        }
    }
}
