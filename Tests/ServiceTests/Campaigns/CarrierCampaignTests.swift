import Campaigns
import Emulators
import Foundation
import Store
import Telephony
import TestSupport
import Testing

@testable import Service

/// The whole loop with each carrier: our request, its webhook, our answer, its media socket, its news.
@Suite("Calls placed with other carriers than Twilio", .serialized)
struct CarrierCampaignTests {
    typealias Carrier = ParleyConfiguration.CallingCarrier
    private static let carriers: [Carrier] = [.signalWire, .telnyx, .plivo, .vonage]

    @Test(
        "who answers and talks is reached; busy, nobody, a machine, a hang-up and a refusal are known")
    func everyOutcome() async {
        await Carrier.overEach(of: Self.carriers, atMost: 2) { try await Self.everyOutcome(over: $0) }
    }

    private static func everyOutcome(over carrier: Carrier) async throws {
        let numbers = CampaignUnderTest.numbers(7)
        try await CampaignUnderTest.run(as: carrier) {
            $0.callee = { number, _ in
                switch number {
                case numbers[0]: .talks([SpokenClip.saying("yes")])
                case numbers[1]: .busy
                case numbers[2]: .noAnswer
                case numbers[3]: .voicemail(greeting: SpokenClip.saying("leave a message"))
                case numbers[4]: .hangsUp(after: .milliseconds(300))
                case numbers[5]: .fails(sipCode: 404)
                default: .fails(sipCode: 603)
                }
            }
        } _: { test in
            try await test.begin(numbers)
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(
                numbers.map { outcomes[$0] } == [
                    "reached", "busy", "no_answer", "machine", "hung_up_early", "wrong_number", "rejected",
                ], "\(carrier): \(outcomes)")
            #expect(test.carrier.calls.count == 7, "\(carrier)")
            #expect(test.carrier.requests == 7, "\(carrier)")
            #expect(test.carrier.failedCallbacks == 0, "\(carrier)")
            for call in test.carrier.calls {
                let isTalk = call.answered != nil
                #expect(
                    call.instruction == (isTalk ? "stream" : nil), "\(carrier): \(call.to): \(call.instruction ?? "")")
                #expect(!call.acts.contains { $0.contains("broke the dialect") }, "\(carrier): \(call.acts)")
            }
            try await test.afterwards { store in
                let reached = try await store.contact(campaign: store.campaign(named: "test").id, number: numbers[0])
                let attempt = try #require(try await store.attempts(contact: reached.id).first, "\(carrier)")
                #expect(attempt.carrierCallID == test.carrier.calls.first { $0.to == numbers[0] }?.id, "\(carrier)")
                let call = try await store.story(ofCall: try #require(attempt.callID, "\(carrier)"))
                #expect(call.call.direction == .outbound, "\(carrier)")
                #expect(call.call.carrier == carrier.rawValue, "\(carrier)")
                #expect(call.call.to == numbers[0], "\(carrier)")
                let said = call.turns.filter { $0.speaker == .agent }.map(\.text).joined(separator: " ")
                #expect(said.contains("We look forward to seeing you"), "\(carrier)")
                #expect(call.incidents.isEmpty, "\(carrier): \(call.incidents)")
            }
        }
    }

    @Test(
        "an answer that is lost, a refusal for the moment, news that come never, twice or backwards: one call each")
    func faults() async {
        await Carrier.overEach(of: Self.carriers, atMost: 2) { try await Self.faults(over: $0) }
    }

    private static func faults(over carrier: Carrier) async throws {
        let numbers = CampaignUnderTest.numbers(12)
        try await CampaignUnderTest.run(as: carrier) {
            $0.callee = { _, _ in .busy }
            $0.fault = { request in
                switch request {
                case 0: .answerLost
                case 1: .refuse(429)
                default: .none
                }
            }
            $0.callbacks = { request in
                switch request % 4 {
                case 0: .none
                case 1: .twice
                case 2: .reversed
                default: .normal
                }
            }
        } _: { test in
            try await test.begin(numbers)
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes.count == 12 && Set(outcomes.values) == ["busy"], "\(carrier): \(outcomes)")
            #expect(
                Dictionary(grouping: test.carrier.calls, by: \.to).values.allSatisfy { $0.count == 1 }, "\(carrier)")
            #expect(test.carrier.calls.count == 12, "\(carrier)")
        }
    }

    @Test(
        "a refusal of which no news came is found in the carrier's books, and nobody who refused is called again",
        arguments: [Carrier.plivo, .vonage])
    func refusalsLookedUp(carrier: Carrier) async throws {
        let numbers = CampaignUnderTest.numbers(2)
        try await CampaignUnderTest.run(as: carrier) {
            $0.callee = { number, _ in .fails(sipCode: number == numbers[0] ? 603 : 500) }
            $0.callbacks = { _ in .none }
        } _: { test in
            try await test.begin(numbers) {
                $0.frequency.attempts = 2
                $0.frequency.attemptsPerDay = 2
            }
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes[numbers[0]] == "rejected" && outcomes[numbers[1]] == "failed", "\(outcomes)")
            let calls = Dictionary(grouping: test.carrier.calls, by: \.to)
            #expect(calls[numbers[0]]?.count == 1 && calls[numbers[1]]?.count == 2)
        }
    }

    @Test("a call of Telnyx is held in each codec that it may be asked for")
    func codecs() async {
        await AtOnce.each(TelnyxCodec.allCases, atMost: 2) {
            try await Self.codecs(over: $0)
        } failed: {
            Issue.record($1, "in \($0)")
        }
    }

    private static func codecs(over codec: TelnyxCodec) async throws {
        let number = CampaignUnderTest.numbers(1)[0]
        // What a codec would leave of written words nobody can read.
        let engines = LightEngines(unreadable: "yes")
        try await CampaignUnderTest.run(as: .telnyx) {
            $0.callee = { _, _ in .talks([SpokenClip.wordless]) }
        } _: { test in
            try await test.begin([number])
            try await test.serve(engines: engines, configure: { $0.carriers.telnyxCodec = codec }) {
                try await CampaignUnderTest.isFinished($0)
            }
            #expect(try await test.outcomes()[number] == "reached", "\(codec)")
            let carried = try #require(test.carrier.calls.first, "\(codec)")
            #expect(!carried.acts.contains { $0.contains("broke the dialect") }, "\(codec): \(carried.acts)")
            try await test.afterwards { store in
                let call = try await store.story(
                    ofCall: try #require(try await store.calls().calls.first, "\(codec)").id)
                #expect(
                    call.turns.contains { $0.speaker == .caller && $0.text == "yes" },
                    "\(codec): \(call.turns.map { ($0.speaker, $0.text) })")
                let said = call.turns.filter { $0.speaker == .agent }.map(\.text).joined(separator: " ")
                #expect(said.contains("We look forward to seeing you"), "\(codec)")
                #expect(call.incidents.isEmpty, "\(codec): \(call.incidents)")
            }
        }
    }

    @Test("a secret that is wrong pauses the campaign, and nobody is called", arguments: Self.carriers)
    func strangers(carrier: Carrier) async throws {
        try await CampaignUnderTest.run(as: carrier) {
            $0.authToken = "another"
            if carrier == .vonage {
                // Its requests are signed; the application is another one's.
                if let key = try? VonageSandbox.makeKey(),
                    let other = try? VonageSandbox(application: "78d335fa", privateKey: key, signatureSecret: "x")
                {
                    $0.dialect = other
                }
            }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(3))
            try await test.serve { try await $0.campaign(named: "test").state == .paused }
            #expect(test.carrier.calls.isEmpty)
            try await test.afterwards { store in
                let campaign = try await store.campaign(named: "test")
                #expect(campaign.reason?.contains("does not accept the account") == true)
            }
        }
    }
}
