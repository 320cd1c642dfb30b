import CallSession
import Callers
import Emulators
import Foundation
import Store
import Testing

@testable import Service

@Suite("Calls whose caller nobody could help")
struct EscalatedCallTests {
    private static func configure(
        _ escalation: String
    ) -> (inout ParleyConfiguration, URL) -> Void {
        { configuration, directory in
            try? Data(DeskAgent.source(escalation: escalation).utf8).write(
                to: directory.appending(path: "agents/desk.yaml"))
            configuration.agents.default = "desk"
            configuration.conversation.escalation = "+493012345678"
            configuration.callbacks.agent = "reminder"
            configuration.callbacks.seller = "Lakeside Clinic"
            configuration.callbacks.callerID = "+12127365999"
        }
    }

    @Test("a busy number brings the caller back to the same conversation, and what they then say is kept as a message")
    func messageAfterBusy() async throws {
        let path = """
              - transfer: reception
                say: "I will put you through."
              - voicemail: {pause: 2}
                say: "Nobody is there. Please leave a message."
            """
        try await ServiceUnderTest.run(configure: Self.configure(path)) { test in
            _ = try await test.call("CA1", saying: ["can i speak to a person"])
            let dial = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(dial.text.contains("/twilio/after-dial\">+493012345678</Dial>"), "\(dial)")
            let back = try await test.post("/twilio/after-dial", ["CallSid": "CA1", "DialCallStatus": "busy"])
            let url = try #require(back.text.part(between: "<Stream url=\"", and: "\""))
            let token = try #require(back.text.part(between: "name=\"token\" value=\"", and: "\""))
            let caller = TestCaller(saying: ["the pump is leaking"], on: test.loop)
            _ = await caller.hold(.init(url: url, callID: "CA1", parameters: ["token": token]))
            // The agent has hung up; nobody is dialled again.
            #expect(try await test.post("/twilio/after-stream", ["CallSid": "CA1"]).text.contains("<Hangup/>"))
            #expect(
                try await test.post("/twilio/after-dial", ["CallSid": "CA1", "DialCallStatus": "busy"]).text
                    .contains("<Hangup/>"))
            try await test.waitUntil("the message is whole") {
                try await test.service.store.voicemails(in: .new).count == 1
            }
            let listed = try await test.api("GET", "/api/v1/voicemails?state=new").object
            let first = try #require((listed["voicemails"] as? [[String: Any]])?.first)
            #expect(first["words"] as? String == "the pump is leaking")
            #expect(first["number"] as? String == "+15550100")
            #expect(first["reason"] as? String == "the line was busy")
        } afterwards: { store, _ in
            let calls = try await store.calls().calls.filter { $0.carrierCallID == "CA1" }
                .sorted { $0.startedAt < $1.startedAt }
            #expect(calls.map(\.endReason) == ["the caller wants a person", "a message was taken"])
            let message = try #require(try await store.voicemails().first)
            #expect(message.callID == calls.last?.id)
            #expect(message.recordedFrom.map { $0 < 10 } == true && message.recordedTo ?? 0 > message.recordedFrom ?? 0)
            let said = try await store.story(ofCall: message.callID).turns.filter { $0.speaker == .agent }
                .compactMap(\.heard)
            #expect(said.first?.hasPrefix("Nobody is there. Please leave a message.") == true, "\(said)")
        }
    }

    @Test(
        "of a call that was handed over, whoever has it now is asked about: only their being stopped keeps the caller away",
        arguments: [("desk", "<Stream url="), ("reminder", "<Hangup/>")])
    func backToColleague(stopped: String, answer: String) async throws {
        let path = """
              - transfer: reception
                say: "I will put you through."
              - hang_up: true
                say: "Nobody is there today. Goodbye."
            """
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"], configure: Self.configure(path),
            dialogue: { _, _, _, _ in Switchboard(colleague: "reminder") }
        ) { test in
            _ = try await test.call("CA1", saying: ["can i speak to a person"])
            let dial = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            #expect(dial.text.contains("/twilio/after-dial\">"), "\(dial)")
            let stop = try await test.api("POST", "/api/v1/stops", json: ["agent": stopped])
            #expect(stop.status == 200, "\(stop.detail)")
            let back = try await test.post("/twilio/after-dial", ["CallSid": "CA1", "DialCallStatus": "busy"])
            #expect(back.text.contains(answer), "\(back)")
        }
    }

    @Test("who was put through and has talked does not come back")
    func reached() async throws {
        let path = """
              - transfer: reception
                say: "I will put you through."
              - voicemail: {}
                say: "Please leave a message."
            """
        try await ServiceUnderTest.run(configure: Self.configure(path)) { test in
            _ = try await test.call("CA1", saying: ["can i speak to a person"])
            _ = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
            for _ in 0..<2 {
                let over = try await test.post("/twilio/after-dial", ["CallSid": "CA1", "DialCallStatus": "completed"])
                #expect(over.text.contains("<Hangup/>"))
            }
            // Somebody who was never put through has nowhere to come back to.
            #expect(
                try await test.post("/twilio/after-dial", ["CallSid": "CA9", "DialCallStatus": "busy"]).text
                    .contains("<Hangup/>"))
        }
    }

    @Test(
        "with every carrier a caller whom nobody was reached for is back with their agent, and stays away otherwise")
    func everyCarrier() async {
        await ParleyConfiguration.CallingCarrier.overEach { try await Self.everyCarrier(over: $0) }
    }

    private static func everyCarrier(over carrier: ParleyConfiguration.CallingCarrier) async throws {
        let path = """
              - transfer: reception
                say: "I will put you through."
              - hang_up: true
                say: "Nobody is there today. Goodbye."
            """
        try await ServiceUnderTest.run(configure: { configuration, directory in
            Self.configure(path)(&configuration, directory)
            CampaignUnderTest.open(carrier, directory, at: "http://127.0.0.1:9", in: &configuration.carriers)
        }) { test in
            let directory = FileManager.default.temporaryDirectory.appending(path: "parley-back-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            var configuration = SandboxCarrierConfiguration()
            (configuration.account, configuration.authToken) = (CampaignUnderTest.account, CampaignUnderTest.token)
            configuration.dialect = try CampaignUnderTest.dialect(carrier, directory)
            configuration.ringing = .milliseconds(20)
            // Busy at the first time, there at the second.
            configuration.callee = { _, call in call == 0 ? .busy : .talks([]) }
            let sandbox = SandboxCarrier(configuration, logger: test.log.logger)
            _ = try await sandbox.start()
            for _ in 0..<2 {
                await sandbox.ring(
                    from: "+15550100", to: "+15550199",
                    at: "http://127.0.0.1:\(test.port)/\(carrier.rawValue)/voice",
                    as: .talks([SpokenClip.saying("can i speak to a person")]))
            }
            let acts = sandbox.calls.map(\.acts)
            await sandbox.shutdown()
            #expect(acts.count == 2, "\(carrier)")
            #expect(acts.map { $0.count { $0.hasPrefix("line closed") } } == [2, 1], "\(carrier): \(acts)")
            #expect(acts.first?.contains { $0.hasSuffix(": busy") } == true, "\(carrier): \(acts)")
            #expect(acts.last?.contains { $0.hasSuffix(": completed") } == true, "\(carrier): \(acts)")
        } afterwards: { store, _ in
            let calls = try await store.calls().calls.sorted { $0.startedAt < $1.startedAt }
            #expect(calls.map(\.carrier) == Array(repeating: carrier.rawValue, count: 3), "\(carrier)")
            #expect(calls.first?.endReason == "the caller wants a person", "\(carrier)")
            let said = try await store.story(ofCall: try #require(calls.dropFirst().first, "\(carrier)").id).turns
            #expect(said.first?.text.hasPrefix("Nobody is there today.") == true, "\(carrier): \(said)")
        }
    }

    @Test("a queue tries again, and goes to the next step when its time is over")
    func queued() async throws {
        let path = """
              - queue: {to: reception, every: 5, longest: 10}
                say: "Please hold."
              - hang_up: true
                say: "Nobody is free today. Goodbye."
            """
        try await ServiceUnderTest.run(configure: Self.configure(path)) { test in
            _ = try await test.call("CA1", saying: ["can i speak to a person"])
            var isOver = false
            var tries = 0
            while !isOver, tries < 5 {
                let dial = try await test.post("/twilio/after-stream", ["CallSid": "CA1"])
                guard dial.text.contains("<Dial") else { break }
                tries += 1
                let back = try await test.post("/twilio/after-dial", ["CallSid": "CA1", "DialCallStatus": "no-answer"])
                guard let url = back.text.part(between: "<Stream url=\"", and: "\""),
                    let token = back.text.part(between: "name=\"token\" value=\"", and: "\"")
                else {
                    isOver = true
                    break
                }
                let caller = TestCaller(saying: ["hm"], on: test.loop, mayAnswer: { _ in false })
                _ = await caller.hold(.init(url: url, callID: "CA1", parameters: ["token": token]))
            }
            #expect((2...3).contains(tries), "\(tries)")
        } afterwards: { store, _ in
            let last = try #require(try await store.calls().calls.first)
            #expect(last.endReason?.hasPrefix("nobody was free within 10 seconds") == true, "\(last.endReason ?? "")")
        }
    }

    @Test("a callback is promised on an inbound call: stored, in a campaign of its own that runs, with the consent")
    func callback() async throws {
        let path = """
              - callback: {after_minutes: 45}
                say: "We can call you back."
            """
        try await ServiceUnderTest.run(shipped: ["thermostat", "reminder"], configure: Self.configure(path)) { test in
            let call = try await test.announce("CA1", from: "+12127365000")
            _ = await TestCaller(saying: ["can i speak to a person", "yes please"], on: test.loop).hold(call)
            try await test.waitUntil("the promise is handed over") {
                try await test.service.store.callbacks(in: .queued).count == 1
            }
            let listed = try await test.api("GET", "/api/v1/callbacks").object
            let id = try #require((listed["callbacks"] as? [[String: Any]])?.first?["id"] as? String)
            let cancelled = try await test.api("POST", "/api/v1/callbacks/\(id)/cancel")
            #expect(cancelled.status == 200 && cancelled.object["state"] as? String == "cancelled", "\(cancelled)")
            #expect(try await test.api("POST", "/api/v1/callbacks/none/cancel").status == 404)
        } afterwards: { store, _ in
            let callback = try #require(try await store.callbacks().first)
            #expect(callback.number == "+12127365000" && callback.timeZone == "America/New_York")
            #expect(callback.dueAt > Date() + 40 * 60 && callback.note == "the caller wants a person")
            #expect(callback.contact == "done" && callback.outcome == "cancelled")
            let campaign = try await store.campaign(named: callback.campaign)
            #expect(campaign.state == .running || campaign.state == .finished)
            let consents = try await store.standing(of: callback.number, conversations: [], now: Date()).consents
            #expect(consents.map(\.source) == ["asked for it on the call \(callback.callID)"])
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "a callback was promised")
            #expect(story.tools.map(\.name) == ["callback_schedule"])
        }
    }
}
