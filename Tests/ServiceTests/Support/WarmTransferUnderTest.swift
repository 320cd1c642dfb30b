import CallSession
import Emulators
import Foundation
import Logging
import Networking
import Store
import Telephony

@testable import Service

/// A service whose agent asks people before it puts callers through, and a carrier with people behind its numbers:
/// everything over real sockets.
struct WarmTransferUnderTest: Sendable {
    typealias Carrier = ParleyConfiguration.CallingCarrier
    typealias Callee = SandboxCarrierConfiguration.Callee

    static let account = CampaignUnderTest.account
    static let person = "+493012345678"
    static let colleague = "+493087654321"

    /// As whom the carrier speaks.
    var carrier = Carrier.twilio
    /// Who is behind a number.
    var callee: @Sendable (_ number: String) -> Callee
    /// Where callers go: the steps of the agent's path.
    var path = """
          - transfer: reception
            say: "I will put you through."
            warm: {brief: "{reason}. {said}", hold: "One moment.", every: 5}
          - goto: menu
            say: "Nobody is free."
        """
    /// Who is behind `reception`.
    var reception = person
    /// How long it rings.
    var ringing = Duration.milliseconds(20)
    /// What goes wrong with requests for calls, by their number.
    var fault: @Sendable (Int) -> SandboxCarrierConfiguration.Fault = { _ in .none }
    var engines = LightEngines()
    /// What else is set.
    var configure: @Sendable (inout ParleyConfiguration) -> Void = { _ in }

    init(_ callee: Callee, as carrier: Carrier = .twilio) {
        self.carrier = carrier
        self.callee = { _ in callee }
    }

    /// - Parameters:
    ///   - body: given the carrier, and how Parley asks it for calls.
    ///   - afterwards: given what the service has left.
    func run(
        _ body: @Sendable (ServiceUnderTest, SandboxCarrier, CallControl) async throws -> Void,
        afterwards: @Sendable (Store) async throws -> Void = { _ in }
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-warm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var setup = SandboxCarrierConfiguration()
        (setup.account, setup.authToken) = (Self.account, CampaignUnderTest.token)
        setup.dialect = try CampaignUnderTest.dialect(carrier, folder)
        (setup.ringing, setup.patience, setup.hearing) = (ringing, .milliseconds(100), .seconds(40))
        setup.callee = { [callee] number, _ in callee(number) }
        setup.fault = fault
        let sandbox = SandboxCarrier(setup, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let url = try await sandbox.start()
        try await withThrowingTaskGroup { group in
            group.addTask { await sandbox.run() }
            let outcome: Result<Void, any Error>
            do {
                try await ServiceUnderTest.run(engines: engines) { configuration, directory in
                    set(&configuration, directory, at: url, in: folder)
                } _: { test in
                    var configuration = ParleyConfiguration()
                    CampaignUnderTest.open(carrier, folder, at: url, in: &configuration.carriers)
                    guard let account = try CallingAccount(configuration, of: carrier) else {
                        throw Unexpected(what: "the account", got: "none")
                    }
                    try await body(test, sandbox, CallControl(client: test.client, account.dialect))
                } afterwards: { store, _ in
                    try await afterwards(store)
                }
                outcome = .success(())
            } catch { outcome = .failure(error) }
            await sandbox.shutdown()
            group.cancelAll()
            try outcome.get()
        }
    }

    /// Sets the service up.
    ///
    /// - Parameters:
    ///   - directory: of the service.
    ///   - url: of the carrier.
    ///   - folder: of the carrier's files.
    func set(_ configuration: inout ParleyConfiguration, _ directory: URL, at url: String, in folder: URL) {
        try? Data(DeskAgent.source(escalation: path).utf8).write(
            to: directory.appending(path: "agents/desk.yaml"))
        configuration.agents.default = "desk"
        configuration.conversation.escalation = reception
        configuration.campaigns.carrier = carrier
        configuration.campaigns.isCalling = false
        CampaignUnderTest.open(carrier, folder, at: url, in: &configuration.carriers)
        configuration.media.holdMusic = "none"
        configure(&configuration)
    }

    /// Where the service answers this carrier.
    func base(of test: ServiceUnderTest) -> String { "http://127.0.0.1:\(test.port)/\(carrier.rawValue)" }
}
