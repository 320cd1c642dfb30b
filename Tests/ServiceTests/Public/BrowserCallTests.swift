import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Calls from a browser")
struct BrowserCallTests {
    private func start(_ invitation: BrowserCalls.Invitation, token: String? = nil) -> String {
        #"{"event":"start","call":"\#(invitation.call)","token":"\#(token ?? invitation.token)","rate":8000}"#
    }

    @Test("are held like any other: heard, answered, shown as text on the page, and stored")
    func whole() async throws {
        try await ServiceUnderTest.run { test in
            let invitation = try test.service.browserCalls.invite(agent: "thermostat", from: "Ann")
            #expect(invitation.url == "ws://127.0.0.1:\(test.port)/browser/media")
            let caller = BrowserCaller(start: start(invitation), saying: ["what is the temperature", "no thank you"])
            let story = await caller.hold(invitation.url, on: test.loop)
            #expect(story.reason.contains("1000"), "\(story.reason)")
            #expect(story.messages.first?.hasPrefix(#"{"event":"started","call":"c"#) == true)
            #expect(story.count(of: #""speaker":"caller","text":"what is the temperature","final":true"#) == 1)
            #expect(story.count(of: #""speaker":"agent""#) >= 4)
            #expect(story.count(of: #""agent":"speaking""#) >= 2)
            #expect(story.count(of: #""event":"mark""#) >= 1)
            #expect(story.heard > 4000)
            #expect(story.messages.last?.hasPrefix(#"{"event":"ended","reason":"#) == true)
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrier) == ["browser"])
            #expect(calls.first?.from == "Ann")
            let story = try await store.story(ofCall: try #require(calls.first).id)
            #expect(story.turns.contains { $0.speaker == .caller && $0.text == "what is the temperature" })
        }
    }

    @Test("are held in packets of Opus, too, for a tenth of the bytes")
    func packets() async throws {
        let engines = LightEngines(unreadable: "what is the temperature")
        try await ServiceUnderTest.run(engines: engines) { test in
            let invitation = try test.service.browserCalls.invite(agent: "thermostat")
            let start = #"{"event":"start","call":"\#(invitation.call)","token":"\#(invitation.token)","codec":"opus"}"#
            let caller = BrowserCaller(start: start, saying: ["a", "b"])
            let story = await caller.hold(invitation.url, on: test.loop)
            #expect(story.reason.contains("1000"), "\(story.reason)")
            #expect(story.messages.first?.hasSuffix(#","codec":"opus"}"#) == true)
            #expect(story.count(of: #""speaker":"caller","text":"what is the temperature","final":true"#) == 2)
            #expect(story.count(of: #""event":"mark""#) >= 1)
            #expect(story.heard > 4000 && story.heard % 160 == 0)
            #expect(story.loudest > 1000, "the agent is not heard")
            // 16-bit samples at 16 kHz take four bytes for each of these.
            #expect(story.bytes * 10 < story.heard * 4, "\(story.bytes) bytes for \(story.heard) samples")
        }
    }

    @Test("need an invitation, which is good for one connection and for its own call")
    func uninvited() async throws {
        try await ServiceUnderTest.run { test in
            let invitation = try test.service.browserCalls.invite(agent: "thermostat")
            let cases = [
                (#"{"event":"start","call":"browser-x"}"#, "no token"),
                (start(invitation, token: "x"), "the token is not for this call"),
                (#"{"event":"start","call":"other","token":"\#(invitation.token)"}"#, "not for this call"),
                ("hello", "was expected at byte 0"),
                (#"{"event":"key","key":"1"}"#, "comes before it"),
            ]
            for (message, reason) in cases {
                let story = await BrowserCaller(start: message).hold(invitation.url, on: test.loop)
                #expect(story.reason.contains(reason), "\(message): \(story.reason)")
                #expect(story.count(of: "ended") == 1)
            }
            let story = await BrowserCaller(start: start(invitation)).hold(invitation.url, on: test.loop)
            #expect(story.reason.contains("1000"), "\(story.reason)")
            let again = await BrowserCaller(start: start(invitation)).hold(invitation.url, on: test.loop)
            #expect(again.reason.contains("used before"), "\(again.reason)")
            #expect(throws: BrowserCalls.Refusal.unknownAgent("nobody")) {
                try test.service.browserCalls.invite(agent: "nobody")
            }
        }
    }

    @Test("are not taken beyond the limit, and the refusal says why")
    func full() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in configuration.calls.maximum = 1 }) { test in
            _ = try test.service.browserCalls.invite(agent: "thermostat")
            #expect(throws: BrowserCalls.Refusal.desk(.full)) {
                try test.service.browserCalls.invite(agent: "thermostat")
            }
        }
    }
}
