import Callers
import Networking
import Store
import Testing

@testable import Service

/// Media sockets that are not what they should be. In each case a call goes on beside them.
@Suite("Media sockets of strangers")
struct StrangeSocketTests {
    private typealias Message = StrangeSocket.Message

    @Test("that do not begin as a carrier does are closed with the reason, and the log has it too")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let neighbour = try await Neighbour(of: test)
            let token = try await test.announce("CA1").parameters
            let late = [Message.media] + Message.opening(callID: "CA1", parameters: token)
            let cases: [(messages: [Message], code: UInt16, reason: String)] = [
                ([.text("hello, is this the clinic?")], 1002, "was expected at byte 0"),
                ([.text("")], 1002, ""),
                ([.text(#"{"event":"connected"}"#), .text("[]")], 1002, ""),
                ([.binary([1, 2, 3])], 1003, "no binary messages"),
                (late, 1002, "media"),
                ([.media], 1002, "media"),
                ([Message.opening(callID: "CA1", parameters: token)[1]], 1002, "\"connected\" comes before it"),
                (Message.opening(callID: "CA1", parameters: [:]), 1008, "no token"),
                (Message.opening(callID: "CA1", parameters: ["token": "x"]), 1008, "the token is not for this call"),
                (Message.opening(callID: "CA2", parameters: token), 1008, "the token is not for this call"),
                ([.text(String(repeating: "x", count: 1 << 20))], 1009, "too large"),
                ([.text(String(repeating: "x", count: 100_000))], 1002, "the limit is"),
                // Says nothing at all.
                ([], 1002, "no \"start\" within 5 seconds"),
            ]
            try await withThrowingTaskGroup { group in
                for (messages, code, reason) in cases {
                    group.addTask {
                        let fate = await StrangeSocket.fate(of: messages, at: test.port, on: test.loop)
                        #expect(fate?.code == code, "\(reason): \(fate.map { "\($0)" } ?? "")")
                        #expect(fate?.description.contains(reason) == true, "\(reason): \(fate.map { "\($0)" } ?? "")")
                        try await test.waitUntil("the log says \(reason)") {
                            test.log.contains("media stream refused", reason)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await test.metric("parley_loop_oversized_messages_total") == 1)
            // None of them has used up the place of the call that was announced.
            #expect(try await test.call("CA1", saying: ["no thank you"]).contains("1000"))
            await neighbour.end()
        } afterwards: { store, _ in
            try await Neighbour.check(in: store)
            #expect(try await store.calls().calls.count == 2)
        }
    }

    @Test("that go wrong in the middle of a call: one slip is noted, many or a huge one end that call")
    func midCall() async throws {
        try await ServiceUnderTest.run { test in
            let neighbour = try await Neighbour(of: test)
            var fates: [String: WebSocketCloseReason?] = [:]
            let cases: [(String, [Message])] = [
                ("CAslip", [.text("{"), .binary([7]), .media, .text(#"{"event":"stop","streamSid":"MZ1"}"#)]),
                ("CAmany", (0..<150).map { .text("garbage \($0)") }),
                ("CAhuge", [.text(String(repeating: "y", count: 1 << 20))]),
            ]
            for (callID, messages) in cases {
                let opening = Message.opening(callID: callID, parameters: try await test.announce(callID).parameters)
                fates[callID] = await StrangeSocket.fate(of: opening + messages, at: test.port, on: test.loop)
            }
            #expect(fates["CAslip"] == .peer(code: 1000, reason: ""))
            #expect(fates["CAmany"] == .peer(code: 1002, reason: "too many malformed messages"))
            #expect(fates["CAhuge"]??.code == 1009)
            await neighbour.end()
        } afterwards: { store, _ in
            try await Neighbour.check(in: store)
            for (callID, reason) in [
                ("CAslip", "caller hung up"), ("CAmany", "too many malformed messages"),
                ("CAhuge", "message too large"),
            ] {
                let story = try await store.story(ofCarrierCall: callID)
                #expect(story.call.endReason?.contains(reason) == true, "\(story.call.endReason ?? "")")
                #expect(story.incidents.map(\.kind) == (callID == "CAhuge" ? [] : ["media"]))
            }
        }
    }
}
