import Networking
import Store
import Testing

@testable import Service

@Suite("Media loops of a service")
struct MediaLoopTests {
    @Test("calls are spread over the loops, which share one port, and each goes its own way to its end")
    func spread() async throws {
        let count = 12
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.media.loops = 2
        }) { test in
            var calls: [String] = []
            for index in 0..<count { calls.append("CA\(index)") }
            let ends = try await withThrowingTaskGroup(of: String.self) { group in
                for id in calls {
                    let announced = try await test.announce(id)
                    group.addTask { await TestCaller(saying: ["no thank you"], on: test.loop).hold(announced) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ends.count == count && ends.allSatisfy { $0.contains("1000") })
            // The system chooses by the address: that it takes the same loop for a dozen happens once in 2,000 times.
            for loop in ["media-0", "media-1"] {
                #expect(try await test.metric("parley_loop_messages_received_total{loop=\"\(loop)\"}") > 50, "\(loop)")
            }
            #expect(try await test.metric("parley_playout_underruns_total") == 0)
        } afterwards: { store, _ in
            let stored = try await store.calls().calls
            #expect(stored.count == count && stored.allSatisfy { $0.endReason == "the caller said goodbye" })
        }
    }

    @Test("while their beats are late the carrier hears busy, and who is on the line does not notice")
    func late() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            // No beat is as prompt as that.
            configuration.media.lateBeat = .nanoseconds(1)
        }) { test in
            let wasRefused = Lock(false)
            let caller = TestCaller(
                saying: ["no thank you"], on: test.loop, mayAnswer: { _ in wasRefused.withLock(\.self) })
            caller.dial(try await test.announce("CA1"))
            var next = 2
            try await test.waitUntil {
                // One that was announced before keeps its place.
                let answer = try await test.post("/twilio/voice", ["CallSid": "CA\(next)"])
                next += 1
                return answer.text.contains("<Reject reason=\"busy\"/>")
            }
            #expect(try await test.metric("parley_calls_refused_total{reason=\"late\"}") >= 1)
            wasRefused.withLock { $0 = true }
            caller.goOn()
            #expect(await caller.ended().contains("1000"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
        }
    }
}
