import Agent
import Callers
import Networking
import Store
import Testing

@testable import Service

@Suite("A media socket that never reads")
struct DeafCallerTests {
    @Test("is closed when its queue is full, counted and stored, and a call beside it goes on")
    func neverReads() async throws {
        try await ServiceUnderTest.run(
            // All that is said is sent at once, so that minutes of talk need not pass.
            configure: { configuration, _ in configuration.media.lead = .seconds(600) },
            dialogue: { agent, call, tools, environment in
                call.callerNumber == "+15550666"
                    ? EndlessTalker() : agent.makeDialogue(call: call, tools: tools, environment: environment)
            }
        ) { test in
            let neighbour = try await Neighbour(of: test)
            let call = try await test.announce("CAdeaf", from: "+15550666")
            let socket = DeafSocket(port: test.port, callID: "CAdeaf", parameters: call.parameters)
            try await test.waitUntil("the queue runs over") {
                try await test.metric("parley_loop_send_queue_overflows_total") > 0
            }
            // Only the neighbour is left; what the other did not read is not held any longer.
            try await test.waitUntil("it is closed") { try await test.metric("parley_loop_web_sockets") == 1 }
            socket.close()
            await neighbour.end()
        } afterwards: { store, _ in
            try await Neighbour.check(in: store)
            let story = try await store.story(ofCarrierCall: "CAdeaf")
            #expect(story.call.endReason?.contains("1013") == true, "\(story.call.endReason ?? "")")
            #expect(story.recordings.map(\.callerSamples) == [story.call.duration])
        }
    }
}
