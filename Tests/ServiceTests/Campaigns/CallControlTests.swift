import Emulators
import Foundation
import Logging
import Networking
import Telephony
import Testing

@testable import Service

@Suite("Placing calls over Twilio's interface, against the sandbox carrier")
struct CallControlTests {
    private static let request = OutboundCallRequest(
        to: "+12127365000", from: "+12127365999", answerURL: "http://127.0.0.1:9/answer?attempt=a1",
        statusURL: "http://127.0.0.1:9/status?attempt=a1", machineURL: "http://127.0.0.1:9/machine?attempt=a1")

    private func withControl(
        _ configure: (inout SandboxCarrierConfiguration) -> Void = { _ in }, token: String = CampaignUnderTest.token,
        _ body: (CallControl, CampaignUnderTest) async throws -> Void
    ) async throws {
        try await CampaignUnderTest.run(configure) { test in
            let client = HTTPClient(
                configuration: HTTPClientConfiguration(proxy: .none),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let control = CallControl(
                client: client,
                CompatibleCallControl.twilio(url: test.url, account: CampaignUnderTest.account, authToken: token))
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(control, test)) } catch { outcome = .failure(error) }
            await client.shutdown()
            try outcome.get()
        }
    }

    @Test("the sandbox's key signs for nobody but a Telnyx on this machine")
    func sandboxKey() throws {
        var configuration = ParleyConfiguration()
        configuration.campaigns.carrier = .telnyx
        configuration.carriers.telnyx.account = "account"
        configuration.carriers.telnyx.secret = Secret("key")
        configuration.carriers.telnyx.application = "1293"
        configuration.carriers.telnyxPublicKey = SandboxStand.telnyxPublicKey
        #expect(throws: SandboxKeyError.self) { try CallingAccount(configuration) }
        configuration.carriers.telnyx.url = "http://127.0.0.1:9"
        #expect(try CallingAccount(configuration) != nil)
    }

    @Test("a call is placed, found by its numbers and by its id, and ended; an end that came before is no error")
    func life() async throws {
        try await withControl({ $0.callee = { _, _ in .noAnswer } }) { control, test in
            let before = Date()
            let call = try #require(try await control.place(Self.request))
            #expect(call.id.hasPrefix("CA"))
            #expect(!call.status.isTerminal)
            let found = try await control.calls(to: "+12127365000", from: "+12127365999", since: before).calls
            #expect(found.map(\.id) == [call.id])
            // The carrier counts in whole seconds.
            let created = try #require(found.first?.created)
            #expect(abs(created.timeIntervalSince(before)) < 2)
            #expect(try await control.calls(to: "+12127365001", from: "+12127365999", since: before).calls.isEmpty)
            while try await !control.call(id: call.id).status.isTerminal {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try await control.call(id: call.id).status == .noAnswer)
            try await control.hangUp(callID: call.id)
            try await control.hangUp(callID: "CA0000")
            try await control.cancel(callID: call.id)
            #expect(test.carrier.calls.count == 1)
        }
    }

    @Test("whether a call may have been placed all the same is known of every failure")
    func failures() async throws {
        func code(of body: () async throws -> CarrierCall?) async -> CallControlError.Code? {
            do {
                _ = try await body()
                return nil
            } catch { return (error as? CallControlError)?.code }
        }
        let answers: [SandboxCarrierConfiguration.Fault] = [.refuse(429), .refuse(503), .answerLost, .refuse(400)]
        try await withControl({ $0.fault = { answers[$0] } }) { control, test in
            #expect(await code { try await control.place(Self.request) } == .tooMany(retryAfter: nil))
            #expect(await code { try await control.place(Self.request) } == .ambiguous)
            #expect(await code { try await control.place(Self.request) } == .ambiguous)
            #expect(await code { try await control.place(Self.request) } == .refused(status: 400, carrierCode: 20500))
            // Of the two ambiguous ones it was one that had the call.
            #expect(test.carrier.calls.count == 1)
            #expect(await code { try await control.call(id: "CA0000") } == .noSuchCall)
        }
        try await withControl(token: "wrong") { control, _ in
            #expect(await code { try await control.place(Self.request) } == .refused(status: 401, carrierCode: 20003))
        }
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(proxy: .none),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let nowhere = CallControl(
            client: client, CompatibleCallControl.twilio(url: "http://127.0.0.1:9", account: "AC", authToken: "x"))
        #expect(await code { try await nowhere.place(Self.request) } == .notSent)
        await client.shutdown()
    }

    @Test("the sandbox refuses what the real carrier would refuse or silently ignore")
    func strict() async throws {
        try await withControl { control, test in
            var bad = Self.request
            bad.to = "2127365000"
            await #expect(throws: CallControlError.self) { try await control.place(bad) }
            bad = Self.request
            bad.answerURL = "ftp://x/y"
            await #expect(throws: CallControlError.self) { try await control.place(bad) }
            bad = Self.request
            bad.ringTimeout = .seconds(601)
            let error = await #expect(throws: CallControlError.self) { try await control.place(bad) }
            #expect(error?.code == .refused(status: 400, carrierCode: 20001))
            #expect(error?.detail.contains("Timeout must be 1 to 600") == true)
            #expect(test.carrier.calls.isEmpty)
            #expect(test.carrier.requests == 3)
        }
    }
}
