import Agent
import Campaigns
import Crypto
import Emulators
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store

@testable import Service

/// A service that places calls, a carrier that carries them, and a campaign, on loopback and in a folder of their own. The
/// law's hours are round the clock here, so that a test does not depend on when it runs.
struct CampaignUnderTest: Sendable {
    static let account = "AC" + String(repeating: "0", count: 32)
    static let token = "12345678901234567890123456789012"

    /// As whom the carrier speaks.
    let kind: ParleyConfiguration.CallingCarrier
    let directory: URL
    let carrier: SandboxCarrier
    let url: String

    /// - Parameters:
    ///   - kind: as whom the carrier speaks.
    ///   - configure: how the carrier and the people behave.
    ///   - body: given the folder with the database and the carrier.
    static func run(
        as kind: ParleyConfiguration.CallingCarrier = .twilio,
        _ configure: (inout SandboxCarrierConfiguration) -> Void, _ body: (CampaignUnderTest) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-campaign-\(UUID().uuidString)")
        try prepare(directory)
        defer { try? FileManager.default.removeItem(at: directory) }
        var configuration = SandboxCarrierConfiguration()
        configuration.account = account
        configuration.authToken = token
        configuration.dialect = try dialect(kind, directory)
        configuration.ringing = .milliseconds(20)
        configuration.patience = .milliseconds(60)
        configure(&configuration)
        let carrier = SandboxCarrier(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let url = try await carrier.start()
        try await withThrowingTaskGroup { group in
            group.addTask { await carrier.run() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(
                    try await body(
                        CampaignUnderTest(kind: kind, directory: directory, carrier: carrier, url: url)))
            } catch { outcome = .failure(error) }
            await carrier.shutdown()
            group.cancelAll()
            try outcome.get()
        }
    }

    private static let telnyxKey = Curve25519.Signing.PrivateKey()
    /// Made once: it takes a while.
    private static let vonageKey = Result { try VonageSandbox.makeKey() }

    static func dialect(
        _ kind: ParleyConfiguration.CallingCarrier, _ directory: URL
    ) throws -> any SandboxDialect {
        switch kind {
        case .twilio: return CompatibleSandbox.twilio
        case .signalWire: return CompatibleSandbox.signalWire(signingKey: "signing key")
        case .telnyx: return CompatibleSandbox.telnyx(application: "129338", key: telnyxKey)
        case .plivo: return PlivoSandbox()
        case .vonage:
            let pem = try vonageKey.get()
            try Data(pem.utf8).write(to: directory.appending(path: "vonage.pem"))
            return try VonageSandbox(application: "78d335fa", privateKey: pem, signatureSecret: "signature")
        }
    }

    /// An account at the carrier that ``dialect(_:_:)`` makes.
    static func open(
        _ kind: ParleyConfiguration.CallingCarrier, _ directory: URL, at url: String,
        in carriers: inout ParleyConfiguration.Carriers
    ) {
        switch kind {
        case .twilio:
            carriers.twilio.accountSID = account
            carriers.twilio.authToken = Secret(token)
            carriers.twilio.url = url
            carriers.twilio.callsPerSecond = 100
        case .signalWire:
            (carriers.signalWire.account, carriers.signalWire.secret) = (account, Secret(token))
            carriers.signalWireSigningKey = Secret("signing key")
            (carriers.signalWire.url, carriers.signalWire.callsPerSecond) = (url, 100)
        case .telnyx:
            (carriers.telnyx.account, carriers.telnyx.secret) = (account, Secret(token))
            carriers.telnyx.application = "129338"
            carriers.telnyxPublicKey = Data(telnyxKey.publicKey.rawRepresentation).base64EncodedString()
            (carriers.telnyx.url, carriers.telnyx.callsPerSecond) = (url, 100)
        case .plivo:
            (carriers.plivo.account, carriers.plivoAuthToken) = (account, Secret(token))
            (carriers.plivo.url, carriers.plivo.callsPerSecond) = (url, 100)
        case .vonage:
            carriers.vonage.application = "78d335fa"
            carriers.vonage.keyFile = directory.appending(path: "vonage.pem").path
            carriers.vonageSignatureSecret = Secret("signature")
            (carriers.vonage.url, carriers.vonage.callsPerSecond) = (url, 100)
        }
    }

    /// Fills a folder with an agent that calls, and with what is asked of calls.
    static func prepare(_ directory: URL) throws {
        let shipped = OfficeUnderTest.configurationFolder
        let manager = FileManager.default
        for folder in ["agents", "campaigns"] {
            try manager.createDirectory(at: directory.appending(path: folder), withIntermediateDirectories: true)
        }
        try manager.copyItem(
            at: shipped.appending(path: "agents/reminder.yaml"), to: directory.appending(path: "agents/reminder.yaml"))
        try manager.copyItem(
            at: shipped.appending(path: "campaigns/number-zones.csv"),
            to: directory.appending(path: "campaigns/number-zones.csv"))
        try Data(
            """
            region,weekdays,opens,closes,holidays,attempts_per_day,source,effective_from
            US,mon-sun,00:00,24:00,open,,test,2020-01-01

            """.utf8
        ).write(to: directory.appending(path: "campaigns/calling-hours.csv"))
        try Data("date,region,name\n2020-01-01,US,x\n".utf8)
            .write(to: directory.appending(path: "campaigns/holidays.csv"))
    }

    // MARK: The campaign

    var database: String { directory.appending(path: "parley.db").path }

    func office(_ store: Store) throws -> CampaignOffice {
        CampaignOffice(
            store: store, rules: try CallingRules(directory: directory.appending(path: "campaigns").path),
            agents: try AgentLibrary.load(directory: directory.appending(path: "agents")).agents,
            decisionKeys: DecisionKeys(current: DecisionKey(base64: Self.decisionKey)))
    }

    static let decisionKey = Data(repeating: 7, count: 32).base64EncodedString()

    /// A running campaign of people in New York who have consented, each called once unless `change` says otherwise.
    ///
    /// - Parameter store: nil for the folder's own.
    func begin(
        _ numbers: [String], named name: String = "test", in store: Store? = nil,
        _ change: (inout CampaignDefinition) -> Void = { _ in }
    ) async throws {
        let store = try store ?? Store(path: database)
        let office = try office(store)
        var definition = CampaignDefinition()
        definition.name = name
        definition.agent = "reminder"
        definition.seller = "Lakeside Clinic"
        definition.callerIDs = ["+12127365999"]
        definition.callsPerCallerID = 100_000
        definition.hours = WeekHours(days: Array(repeating: WeekHours.Span(opens: 0, closes: 1440), count: 7))
        definition.frequency.attempts = 1
        definition.frequency.attemptsPerDay = 20
        definition.frequency.attemptsPerWeek = 50
        definition.retries.busy = .milliseconds(100)
        definition.retries.noAnswer = .milliseconds(100)
        definition.retries.failed = .milliseconds(100)
        definition.pacing.concurrency = 10
        definition.pacing.callsPerSecond = 50
        definition.pacing.ramp = .zero
        // Whatever goes wrong on purpose must not stop the campaign, unless that is the test.
        definition.pacing.abandonmentLimit = 2
        definition.pacing.breakerShare = 2
        change(&definition)
        _ = try await office.create(definition)
        let campaign = try await store.campaign(named: name)
        let contacts = numbers.map { number in
            NewContact(
                number: number, variables: ["name": "Anna Smith", "day": "2026-12-01", "time": "10:00"],
                consent: ConsentRecord(
                    number: number, seller: "Lakeside Clinic", kind: .express, source: "form",
                    givenAt: Date(timeIntervalSince1970: 1_700_000_000)))
        }
        _ = try await store.addContacts(contacts, toCampaign: campaign.id, at: Date())
        _ = try await office.start(name)
        try store.close()
    }

    static func numbers(_ count: Int) -> [String] { (0..<count).map { "+1212736\(5000 + $0)" } }

    // MARK: The service

    static var options: CampaignRunner.Options {
        var options = CampaignRunner.Options()
        options.tick = .milliseconds(20)
        options.grace = 0.3
        options.patience = 1.5
        options.silence = 1
        options.mediaEnd = 2
        options.recheck = 0.2
        return options
    }

    /// - Parameters:
    ///   - database: on a server; nil for the folder's own.
    ///   - name: tells services of one folder apart.
    static func service(
        in directory: URL, carrier: String, as kind: ParleyConfiguration.CallingCarrier = .twilio,
        database: String? = nil, name: String = "parley",
        engines: LightEngines = LightEngines(),
        webhooks: ParleyConfiguration.Webhooks = ParleyConfiguration.Webhooks(),
        dialling options: CampaignRunner.Options = options, logger: Logger,
        configure: (inout ParleyConfiguration) -> Void = { _ in }
    ) throws -> ParleyService {
        var configuration = ParleyConfiguration()
        configuration.public.port = 0
        configuration.private.port = 0
        configuration.media.loops = 1
        configuration.media.lateBeat = .seconds(1)
        configuration.media.isRealTime = false
        configuration.agents.directory = directory.appending(path: "agents").path
        configuration.agents.default = "reminder"
        configuration.campaigns.directory = directory.appending(path: "campaigns").path
        configuration.campaigns.carrier = kind
        configuration.campaigns.decisionKey = Secret(Self.decisionKey)
        open(kind, directory, at: carrier, in: &configuration.carriers)
        configuration.calls.drainDeadline = .seconds(2)
        configuration.store.path = directory.appending(path: "\(name).db").path
        configuration.store.postgres = database.map { Secret($0) }
        configuration.recordings.isEnabled = false
        configuration.webhooks = webhooks
        configure(&configuration)
        return try ParleyService(
            configuration: configuration, logger: logger, metrics: PrometheusRegistry(), engines: engines,
            dialling: options)
    }

    /// Runs the service until `isDone`, then stops it.
    ///
    /// - Parameter location: of its database on a server; nil for the folder's own.
    func serve(
        in location: PostgresLocation? = nil, within limit: Duration = .seconds(90),
        engines: LightEngines = LightEngines(),
        webhooks: ParleyConfiguration.Webhooks = ParleyConfiguration.Webhooks(),
        dialling options: CampaignRunner.Options = CampaignUnderTest.options,
        configure: (inout ParleyConfiguration) -> Void = { _ in },
        until isDone: @escaping @Sendable (Store) async throws -> Bool
    ) async throws {
        let log = LogCollector()
        let logger = log.logger
        let service = try Self.service(
            in: directory, carrier: url, as: kind, database: location?.connection, engines: engines, webhooks: webhooks,
            dialling: options, logger: logger, configure: configure)
        let group = ServiceGroup(services: [service], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do {
                _ = try await service.reachable()
                let end = ContinuousClock.now + limit
                while try await !isDone(service.store) {
                    guard ContinuousClock.now < end else {
                        throw Unexpected(what: "the campaign", got: "not done within \(limit): \(log.lines.suffix(12))")
                    }
                    try await Task.sleep(for: .milliseconds(20))
                }
                outcome = .success(())
            } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    static func isFinished(_ store: Store) async throws -> Bool {
        try await store.campaign(named: "test").state == .finished
    }

    /// What the database says afterwards.
    func afterwards(_ body: (Store) async throws -> Void) async throws {
        let store = try Store(path: database)
        try await body(store)
        try store.close()
    }

    /// Outcome by number.
    func outcomes() async throws -> [String: String?] {
        var result: [String: String?] = [:]
        try await afterwards { store in
            let campaign = try await store.campaign(named: "test")
            for contact in try await store.contacts(campaign: campaign.id) { result[contact.number] = contact.outcome }
        }
        return result
    }

    /// Calls that the carrier's own books have, by the attempt they were asked for.
    var carriedByAttempt: [String: Int] { Dictionary(grouping: carrier.calls, by: \.answerURL).mapValues(\.count) }
}
