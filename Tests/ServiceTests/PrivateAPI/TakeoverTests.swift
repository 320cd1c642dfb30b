import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Taking a call over")
struct TakeoverTests {
    private static let handBack = "You are speaking with the assistant again. How can I help you?"

    private func state(_ test: ServiceUnderTest) async throws -> [String: Any]? {
        let live = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
        return live?.first?["state"] as? [String: Any]
    }

    private func turns(_ test: ServiceUnderTest, _ id: String) async throws -> [TurnRecord] {
        // The line is open before the call's row is written.
        do {
            return try await test.service.store.story(ofCall: id).turns
        } catch let error where error.code == .notFound {
            return []
        }
    }

    @Test("operator and caller hear each other, both are written down, and the agent takes the line back")
    func wholeTakeover() async throws {
        try await ServiceUnderTest.run { test in
            let heard = Lock([UInt8]())
            let mayAnswer = Lock(false)
            let caller = TestCaller(
                saying: ["what is the temperature"], on: test.loop, mayAnswer: { _ in mayAnswer.withLock { $0 } },
                ear: { frame in heard.withLock { $0 += frame.indices.map { frame[$0] } } })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let invitation = try await test.api("POST", "/api/v1/calls/\(id)/takeover")
            #expect(invitation.status == 201)
            #expect(invitation.object["url"] as? String == "ws://127.0.0.1:\(test.port)/operator/media")
            let page = OperatorBrowser(
                invitation.object, saying: Array(repeating: "this is anna", count: 3), on: test.loop)
            try await test.waitUntil("the wall says who has the line") {
                try await state(test)?["hasOperator"] as? Bool == true
            }
            // The wall may know it before the page has read it.
            try await test.waitUntil("the page is told") { page.state.withLock { !$0.messages.isEmpty } }
            #expect(page.state.withLock { $0.messages.first } == #"{"event":"started","call":"\#(id)","rate":8000}"#)
            // Nobody else gets it, and the agent's voice says nothing.
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/takeover").status == 409)
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/say", json: ["text": "Hello."]).status == 409)
            try await test.waitUntil("the caller hears the operator") {
                heard.withLock { SpokenClip.words(in: $0) } == "this is anna"
            }
            mayAnswer.withLock { $0 = true }
            caller.goOn()
            try await test.waitUntil("the operator hears the caller") {
                page.state.withLock { SpokenClip.words(in: $0.heard) } == "what is the temperature"
            }
            mayAnswer.withLock { $0 = false }
            try await test.waitUntil("both are in the transcript") {
                let turns = try await turns(test, id)
                return turns.contains { $0.speaker == .operator && $0.text == "this is anna" }
                    && turns.contains { $0.speaker == .caller && $0.text == "what is the temperature" }
            }
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/handback").status == 202)
            try await test.waitUntil("the agent says that it is back") {
                try await turns(test, id).last { $0.speaker == .agent }?.heard == Self.handBack
            }
            try await test.waitUntil("the page is let go of") { page.state.withLock { $0.reason } != nil }
            #expect(page.state.withLock { $0.messages.last } == #"{"event":"ended","reason":"handed back"}"#)
            let again = try await test.api("POST", "/api/v1/calls/\(id)/handback")
            #expect(again.status == 409 && again.detail.contains("the agent has it already"))
            let others = try await turns(test, id).filter { $0.speaker == .agent && $0.heard != Self.handBack }
            #expect(others.allSatisfy { $0.number == 0 }, "nobody was answered meanwhile")
            #expect(try await state(test)?["hasOperator"] as? Bool == false)
            #expect(try await test.service.store.story(ofCall: id).incidents.isEmpty)
            #expect(test.log.contains("take over") && !test.log.contains("anna"))
        }
    }

    @Test("a page that hangs up, one that is closed and one that falls silent all give the line back")
    func ways() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            for (number, way) in ["hangs up", "is closed", "falls silent"].enumerated() {
                let invitation = try await test.api("POST", "/api/v1/calls/\(id)/takeover")
                let page = OperatorBrowser(invitation.object, on: test.loop)
                try await test.waitUntil("the operator has the line, \(way)") {
                    try await state(test)?["hasOperator"] as? Bool == true
                }
                switch number {
                case 0: page.leave()
                case 1: page.cut()
                default: page.vanish()
                }
                try await test.waitUntil("the agent is back, \(way)", within: .seconds(30)) {
                    try await turns(test, id).count { $0.speaker == .agent && $0.heard == Self.handBack } == number + 1
                }
            }
            let incidents = try await test.service.store.story(ofCall: id).incidents
            #expect(incidents.map(\.kind) == ["takeover", "takeover"], "the first one said goodbye")
        }
    }

    @Test("needs an invitation, which is good once, for its own call, and while the line is free")
    func uninvited() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let path = "/api/v1/calls/\(id)/takeover"
            let (first, second) = (
                try await test.api("POST", path).object, try await test.api("POST", path).object
            )
            var forged = first
            forged["token"] = "0.00"
            var other = first
            other["call"] = second["call"]
            for (wish, reason) in [(forged, "not for this call"), (other, "not for this call")] {
                let page = OperatorBrowser(wish, on: test.loop)
                try await test.waitUntil("it is refused") {
                    page.state.withLock { $0.reason }?.contains(reason) == true
                }
            }
            let page = OperatorBrowser(first, on: test.loop)
            try await test.waitUntil("it has the line") { try await state(test)?["hasOperator"] as? Bool == true }
            for (wish, reason) in [(first, "used before"), (second, "another operator")] {
                let late = OperatorBrowser(wish, on: test.loop)
                try await test.waitUntil("it is refused: \(reason)") {
                    late.state.withLock { $0.reason }?.contains(reason) == true
                }
            }
            #expect(page.state.withLock { $0.reason } == nil)
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/hangup").status == 202)
            try await test.waitUntil("the operator is told") {
                page.state.withLock { $0.messages.last }?.contains("the call is over") == true
            }
        }
    }

    @Test("a whisper reaches an agent that can use it; one that follows a flow says what to do instead")
    func whispers() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let refused = try await test.api("POST", "/api/v1/calls/\(id)/whisper", json: ["text": "Be kind."])
            #expect(refused.status == 422 && refused.object["code"] as? String == "not_supported")
            #expect(refused.detail.contains("/say") && refused.detail.contains("/takeover"))
        }
        try await ServiceUnderTest.run(dialogue: { _, _, _, _ in NoteTaker() }) { test in
            let mayAnswer = Lock(false)
            let caller = TestCaller(
                saying: ["hello"], on: test.loop, mayAnswer: { _ in mayAnswer.withLock { $0 } })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            for text in ["premium customer", "ask for the number"] {
                let answer = try await test.api("POST", "/api/v1/calls/\(id)/whisper", json: ["text": text])
                #expect(answer.status == 202)
            }
            mayAnswer.withLock { $0 = true }
            caller.goOn()
            try await test.waitUntil("the next reply takes it into account", within: .seconds(20)) {
                try await turns(test, id).contains {
                    $0.heard == "I was told: premium customer and ask for the number."
                }
            }
            #expect(!test.log.contains("premium"))
        }
    }

    @Test("a call that has just begun is told although its row is still on its way")
    func firstMoments() async throws {
        try await ServiceUnderTest.run { test in
            let (api, board) = test.unservedAPI()
            let record = CallRecord(
                id: "c1", carrier: "twilio", direction: .inbound, from: "+15550100", to: "", agent: "thermostat",
                agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0))
            await #expect(throws: StoreError.self) { try await api.story("c1") }
            board.opened(record)
            let story = try await api.story("c1")
            #expect(story.call == record && story.turns.isEmpty)
        }
    }
}
