import Foundation
import Networking
import Store
import Testing

@testable import Service

/// What callers get who wait, webhook by webhook.
@Suite("Callers who wait for a line, by their webhooks")
struct QueueWebhookTests {
    private static let office = "+15550199"

    private static func form(_ id: String, _ more: [String: String] = [:]) -> [String: String] {
        ["CallSid": id, "From": "+12127365001", "To": office].merging(more) { $1 }
    }

    private static func voice(_ test: ServiceUnderTest, _ id: String) async throws -> String {
        let answer = try await test.post("/twilio/voice", form(id))
        #expect(answer.status == 200)
        return answer.text
    }

    private static func answer(
        _ test: ServiceUnderTest, _ id: String, round: Int, key: String? = nil
    ) async throws -> String {
        let answer = try await test.post(
            "/twilio/queue?round=\(round)", form(id, key.map { ["Digits": $0] } ?? [:]))
        #expect(answer.status == 200)
        return answer.text
    }

    private static func configure(_ configuration: inout ParleyConfiguration) {
        configuration.calls.maximum = 1
        configuration.inbound.overload = .queue
        configuration.inbound.queuePosition = "Number {position}."
        configuration.inbound.overloadMessage = "Later."
    }

    @Test("a line that becomes free is the first one's, and not that of whoever calls just then")
    func order() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            Self.configure(&configuration)
        }) { test in
            let first = try await test.announce("CA1")
            let action = "http://127.0.0.1:\(test.port)/twilio/queue?round="
            let waiting = try await Self.voice(test, "CA2")
            #expect(
                waiting.contains(
                    "<Response><Gather action=\"\(action)1\" numDigits=\"1\" timeout=\"8\"><Say language=\"en-US\">Number 1.</Say></Gather><Redirect>\(action)1</Redirect></Response>"
                ), "\(waiting)")
            let again = try await Self.voice(test, "CA2")
            #expect(again == waiting)
            let behind = try await Self.voice(test, "CA3")
            #expect(behind.contains("Number 2."), "\(behind)")

            // A round goes on once, however often it is answered.
            for _ in 1...2 {
                let next = try await Self.answer(test, "CA2", round: 1)
                #expect(next.contains("\(action)2\"") && next.contains("Number 1."), "\(next)")
            }
            #expect(try await test.metric("parley_callers_waiting") == 2)
            // Operators see them, too.
            let health = try await test.api("GET", "/api/v1/health").object
            #expect(health["callersWaiting"] as? Int == 2)
            let longest = try #require(health["longestWait"] as? Int)
            #expect((0...60).contains(longest), "\(longest)")
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(first).contains("1000"))
            try await test.waitUntil("the line is free") { try await test.metric("parley_lines_in_use") == 0 }
            // It is kept for those who wait.
            #expect(try await test.metric("parley_lines_free") == 0)
            let late = try await Self.voice(test, "CA4")
            #expect(late.contains("Number 3."), "\(late)")
            let second = try await Self.answer(test, "CA3", round: 1)
            #expect(second.contains("Number 2."), "\(second)")
            for _ in 1...2 {
                let taken = try await Self.answer(test, "CA2", round: 2)
                #expect(taken.contains("<Stream"), "\(taken)")
            }
            // Now it is known how long it takes.
            let moved = try await Self.answer(test, "CA3", round: 2)
            #expect(moved.contains("Number 1. Estimated wait in minutes: 1."), "\(moved)")

            // Whoever hangs up leaves the line.
            let status = try await test.post("/twilio/status", Self.form("CA4", ["CallStatus": "completed"]))
            #expect(status.status == 204)
            #expect(try await test.metric("parley_callers_waiting") == 1)
            let gone = try await Self.answer(test, "CA4", round: 1)
            #expect(gone.contains("<Response><Hangup/></Response>"), "\(gone)")
            let ended = try await test.post("/twilio/queue?round=3", Self.form("CA3", ["CallStatus": "completed"]))
            #expect(ended.status == 200 && ended.text.contains("<Hangup/>"))

            #expect(try await test.call("CA2", saying: ["no thank you"], to: Self.office).contains("1000"))
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_callers_waited_total{outcome="answered"} 1"#))
            #expect(page.contains(#"parley_callers_waited_total{outcome="gave_up"} 2"#))
            #expect(page.contains("parley_callers_waiting 0"))
            let after = try await test.api("GET", "/api/v1/health").object
            #expect(after["callersWaiting"] as? Int == 0 && after["longestWait"] == nil, "\(after)")
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(Set(calls.map(\.carrierCallID)) == ["CA1", "CA2"])
        }
    }

    @Test("beyond the queue's length callers get what is left to them, and are counted")
    func full() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            Self.configure(&configuration)
            configuration.inbound.queueLength = 1
            configuration.inbound.queueFull = .message
        }) { test in
            let first = try await test.announce("CA1")
            let waiting = try await Self.voice(test, "CA2")
            #expect(waiting.contains("Number 1."))
            let refused = try await Self.voice(test, "CA3")
            #expect(refused.contains(#"<Say language="en-US">Later.</Say><Hangup/>"#), "\(refused)")
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_callers_waited_total{outcome="turned_away"} 1"#))
            #expect(page.contains(#"parley_calls_not_answered_total{answer="message",reason="overload"} 1"#))
            // Nobody is left whom the service would stay for.
            let status = try await test.post("/twilio/status", Self.form("CA2", ["CallStatus": "completed"]))
            #expect(status.status == 204)
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(first).contains("1000"))
        }
    }

    @Test("who has waited for too long hears so, and whoever cannot be called back keeps their place")
    func longest() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            Self.configure(&configuration)
            configuration.inbound.queueLongestWait = .zero
            // Nobody is there who calls back.
            configuration.inbound.queueCallback = true
            configuration.inbound.queueCallbackOffer = "Press 1."
            configuration.inbound.queueCallbackRefused = "Not you."
        }) { test in
            let first = try await test.announce("CA1")
            let waiting = try await Self.voice(test, "CA2")
            #expect(waiting.contains("Number 1. Press 1."), "\(waiting)")
            let refused = try await Self.answer(test, "CA2", round: 1, key: "1")
            #expect(refused.contains("Number 1. Not you."), "\(refused)")
            #expect(test.log.contains("a caller who waits is not called back", "callbacks.agent"))
            for _ in 1...2 {
                let over = try await Self.answer(test, "CA2", round: 2)
                #expect(over.contains(#"<Say language="en-US">Later.</Say><Hangup/>"#), "\(over)")
            }
            #expect(try await test.metric("parley_callers_waiting") == 0)
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_callers_waited_total{outcome="too_long"} 1"#))
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(first).contains("1000"))
        }
    }

    @Test("who waits with two calls of one number and presses 1 on both hears twice that we call, and is called once")
    func twoCalls() async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in
                Self.configure(&configuration)
                configuration.campaigns.directory =
                    ServiceUnderTest.shippedAgents.deletingLastPathComponent().appending(path: "campaigns").path
                configuration.callbacks.agent = "reminder"
                configuration.callbacks.seller = "Lakeside Clinic"
                configuration.callbacks.callerID = "+12127365999"
                configuration.inbound.queueCallback = true
                configuration.inbound.queueCallbackPromised = "We call."
            }
        ) { test in
            let first = try await test.announce("CA1")
            for id in ["CA2", "CA3"] {
                let waiting = try await Self.voice(test, id)
                #expect(waiting.contains("<Gather"), "\(waiting)")
            }
            for id in ["CA2", "CA3"] {
                let promised = try await Self.answer(test, id, round: 1, key: "1")
                #expect(promised.contains(#"<Say language="en-US">We call.</Say><Hangup/>"#), "\(promised)")
            }
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_callers_waited_total{outcome="callback"} 2"#))
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(first).contains("1000"))
        } afterwards: { store, _ in
            let callbacks = try await store.callbacks()
            #expect(callbacks.map(\.state) == [.queued] && callbacks.first?.number == "+12127365001")
        }
    }

    @Test("an answer that nobody has signed, or that says not which it is, is none; who is not known here is new")
    func strangers() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            Self.configure(&configuration)
        }) { test in
            let first = try await test.announce("CA1")
            let unsigned = try await test.post("/twilio/queue?round=1", Self.form("CA2"), signed: false)
            #expect(unsigned.status == 403)
            let roundless = try await test.post("/twilio/queue", Self.form("CA2"))
            #expect(roundless.status == 400)
            #expect(try await test.metric("parley_callers_waiting") == 0)
            // Of a process that was here before.
            let stranger = try await Self.answer(test, "CA2", round: 7)
            #expect(stranger.contains("Number 1.") && stranger.contains("round=1"), "\(stranger)")
            let status = try await test.post("/twilio/status", Self.form("CA2", ["CallStatus": "completed"]))
            #expect(status.status == 204)
            #expect(try await test.metric("parley_callers_waiting") == 0)
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(first).contains("1000"))
        }
    }
}
