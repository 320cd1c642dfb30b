import Emulators
import Foundation
import Logging
import Networking
import Telephony
import Testing

@testable import Service

@Suite("Calls to people")
struct PersonCallsTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("an address says whose call it is, whatever is in it")
    func addresses() throws {
        for reference in [PersonReference(person: "p1", node: nil), PersonReference(person: "p 1&x", node: "n=1")] {
            let url = reference.address(.status, below: "https://a.example", of: "plivo")
            let parts = try #require(URLComponents(string: url))
            #expect(parts.path == "/plivo/person-status")
            let request = HTTPRequest(method: "POST", path: parts.path, query: parts.percentEncodedQuery ?? "")
            #expect(PersonReference(request) == reference)
        }
        #expect(PersonReference(HTTPRequest(method: "POST", path: "/plivo/person", query: "node=n1")) == nil)
    }

    @Test(
        "callers are served by their own carrier, else by the one of the campaigns; a key that cannot be read costs one"
    )
    func choice() async throws {
        var configuration = ParleyConfiguration()
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-nobody-\(UUID().uuidString)")
        for carrier in [ParleyConfiguration.CallingCarrier.twilio, .plivo, .vonage] {
            CampaignUnderTest.open(carrier, folder, at: "http://127.0.0.1:1", in: &configuration.carriers)
        }
        configuration.campaigns.carrier = .plivo
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Self.logger)
        let log = LogCollector()
        let carriers = PersonCarriers(configuration, client: client, rates: CallRates(), logger: log.logger)
        #expect(carriers.choice(for: "twilio") == "twilio" && carriers.choice(for: "plivo") == "plivo")
        // No account; no account that can be read; and a carrier that nobody places calls with.
        for other in ["telnyx", "vonage", "asterisk"] { #expect(carriers.choice(for: other) == "plivo", "\(other)") }
        #expect(carriers["vonage"] == nil && carriers["telnyx"] == nil && carriers["twilio"]?.name == "twilio")
        #expect(log.lines.contains { $0.contains("carriers.vonage.private_key") }, "\(log.lines)")

        configuration.carriers.plivoAuthToken = nil
        let fewer = PersonCarriers(configuration, client: client, rates: CallRates(), logger: log.logger)
        #expect(fewer.choice(for: "telnyx") == nil && fewer.choice(for: "twilio") == "twilio")
        let objection = fewer.objection(to: "telnyx")
        #expect(objection.contains("carriers.telnyx.api_key") && objection.contains("carriers.plivo.auth_token"))
        #expect(fewer.objection(to: "asterisk") == "plivo: not set: carriers.plivo.auth_token")
        await client.shutdown()
    }

    @Test("of a person whom another node has called nothing is ended while that node lives")
    func otherNodes() async throws {
        var setup = SandboxCarrierConfiguration()
        (setup.account, setup.authToken) = (CampaignUnderTest.account, CampaignUnderTest.token)
        setup.ringing = .seconds(30)
        setup.callee = { _, _ in .noAnswer }
        let sandbox = SandboxCarrier(setup, logger: Self.logger)
        let url = try await sandbox.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Self.logger)
        var configuration = ParleyConfiguration()
        CampaignUnderTest.open(.twilio, URL(filePath: "/nowhere"), at: url, in: &configuration.carriers)
        let asked = Lock<[String]>([])
        let people = PersonCalls(
            carriers: PersonCarriers(configuration, client: client, rates: CallRates(), logger: Self.logger),
            escalation: nil, node: "own",
            isAlive: { node in
                asked.withLock { $0.append(node) }
                return node == "living"
            }, logger: Self.logger)
        let control = CallControl(client: client, try #require(try CallingAccount(configuration)).dialect)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sandbox.run() }
            do {
                let request = OutboundCallRequest(
                    to: "+493012345678", from: "+15550199", answerURL: "http://127.0.0.1:1/answer",
                    statusURL: "http://127.0.0.1:1/status")
                for node in ["living", "dead", "own"] {
                    let call = try #require(try await control.place(request))
                    people.take(
                        PersonNews(
                            reference: PersonReference(person: "unknown", node: node), carrier: "twilio",
                            carrierCall: call.id, status: .ringing))
                    let end = ContinuousClock.now + .seconds(10)
                    while ContinuousClock.now < end {
                        let isWanted = sandbox.calls.last?.isEndWanted == true
                        if node == "living" ? asked.withLock({ $0.contains("living") }) : isWanted { break }
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    if node == "living" {
                        // Time enough for a request that must not come.
                        try await Task.sleep(for: .milliseconds(200))
                        #expect(sandbox.calls.last?.isEndWanted == false)
                    } else {
                        #expect(sandbox.calls.last?.isEndWanted == true, "\(node)")
                    }
                }
                #expect(asked.withLock { $0 } == ["living", "dead"])
            } catch { Issue.record(error) }
            group.cancelAll()
        }
        await sandbox.shutdown()
        await client.shutdown()
    }
}
