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

    @Test("or whom an operator sends on, are put through in the same way")
    func byOperator() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let path = "/api/v1/calls/\(id)/transfer"
            for place in ["the boss", "+boss", "+49 30 12345678", "493012345678", "sip:a b@example.org"] {
                let nowhere = try await test.api("POST", path, json: ["to": place, "say": "One moment."])
                #expect(nowhere.status == 422 && nowhere.detail.contains("sip:"), "\(place)")
            }
            let sent = try await test.api("POST", path, json: ["to": "+493012345678", "say": "One moment."])
            #expect(sent.status == 202)
            try await test.waitUntil("the agent has said so") {
                try await test.api("GET", "/api/v1/calls/\(id)").object["isLive"] as? Bool == false
            }
            let answer = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(answer.text.contains("<Response><Dial>+493012345678</Dial></Response>"))
            let over = try await test.api("POST", path, json: ["to": "+493012345678", "say": "One moment."])
            #expect(over.status == 409)
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "an operator sends the caller on")
            #expect(story.turns.last { $0.speaker == .agent }?.heard == "One moment.")
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
