import Callers
import Crypto
import Emulators
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Telephony
import TestPostgres
import Testing

@testable import Service

@Suite("A caller whose node is killed", .serialized)
struct ResumedCallTests {
    private static let lines = [
        "i'd like to book an appointment", "next tuesday please", "half past ten", "my name is maria jones",
        "yes please", "no thank you that's all",
    ]
    private static let sorry = "Sorry, we were cut off for a moment."
    /// The node dies when this is in the store: the agent is about to ask for the name.
    private static let lastWords = lines[2]

    @Test("is on the line of another one within seconds, with an apology and all that was said before")
    func anotherNode() async {
        // One after the other: whoever waits for an exit test blocks a thread of the pool, which has one a core.
        await ParleyConfiguration.CallingCarrier.overEach(atMost: 1) { try await Self.anotherNode(over: $0) }
    }

    private static func anotherNode(over kind: ParleyConfiguration.CallingCarrier) async throws {
        let carrier = kind.rawValue
        let database = try TestServer.shared.get().location().connection
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, second) = (try FixedPort.free(), try FixedPort.free())
        var settings = SandboxCarrierConfiguration()
        settings.authToken = ServiceUnderTest.authToken
        settings.dialect = try Self.dialect(kind, folder)
        settings.fallbackURL = "http://127.0.0.1:\(second)/\(carrier)/fallback"
        settings.hearing = .seconds(120)
        let log = LogCollector()
        let sandbox = SandboxCarrier(settings, logger: log.logger)
        _ = try await sandbox.start()
        let outcome: Result<Void, any Error>
        do {
            let story = try await Self.withService(
                Self.configuration(in: folder, name: "second", port: second, database: database), log
            ) { store in
                try await withThrowingTaskGroup { tasks in
                    tasks.addTask {
                        await #expect(processExitsWith: .signal(SIGKILL)) {
                            [path = folder.path as String, port = first as Int, database = database as String] in
                            try await ResumedCallTests.serveUntilKilled(
                                in: path, port: port, database: database, callsItself: false)
                        }
                    }
                    try await Self.reach(first, log)
                    await sandbox.ring(
                        from: "+15550100", to: "+15550199", at: "http://127.0.0.1:\(first)/\(carrier)/voice",
                        as: .talks(Self.lines.map(SpokenClip.saying)))
                    try await tasks.waitForAll()
                }
                return try await Self.finished(store)
            }
            try Self.check(story, over: carrier)
            let call = try #require(sandbox.calls.first, "\(carrier)")
            #expect(call.acts.contains("asked the fallback"), "\(carrier): \(call.acts)")
            let heard = SpokenClip.all(in: call.heard[...])
            #expect(heard.count { $0 == Self.sorry } == 1, "\(carrier): \(heard)")
            let killed = try String(contentsOf: folder.appending(path: "killed"), encoding: .utf8)
            let said = story.after.turns.filter { $0.speaker == .agent }
            let apology = try #require(said.first, "\(carrier)")
            let begun = story.after.call.startedAt.timeIntervalSince1970 + Double(apology.started) / 8000
            let wait = begun - (Double(killed) ?? 0)
            #expect(wait > 0 && wait < 10, "\(carrier): \(wait) s")
            print("\(carrier): the apology came \((wait * 1000).rounded()) ms after the node was killed")
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await sandbox.shutdown()
        try outcome.get()
    }

    @Test("of a service that is started again goes on there, when the carrier asks after it is back")
    func startedAgain() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            try await ResumedCallTests.serveUntilKilled(in: path, port: 0, database: nil, callsItself: true)
        }
        try await ServiceUnderTest.run(
            shipped: ["receptionist"], engines: LightEngines(voice: SpellingSynthesizer()),
            configure: { configuration, _ in
                configuration.store.path = folder.appending(path: "parley.db").path
            }
        ) { test in
            let form = ["CallSid": "CA1", "From": "+15550100", "To": "+15550199"]
            // With a caller who has hung up nobody goes on.
            let gone = form.merging(["CallStatus": "completed"]) { $1 }
            #expect(try await test.post("/twilio/after-stream", gone).text.contains("<Hangup/>"))
            // Whoever asks twice is told the same.
            let answers = [
                try await test.post("/twilio/after-stream", form), try await test.post("/twilio/fallback", form),
            ]
            for answer in answers { #expect(answer.text.contains("<Stream")) }
            let line = try CarrierLine.Call(
                url: #require(answers[1].text.part(between: "<Stream url=\"", and: "\"")), callID: "CA1",
                parameters: ["token": #require(answers[1].text.part(between: "name=\"token\" value=\"", and: "\""))])
            _ = await TestCaller(saying: Array(Self.lines[3...]), on: test.loop).hold(line)
            // It is over now: there is nothing to go on with.
            #expect(try await test.post("/twilio/fallback", form).text.contains("<Hangup/>"))
            try Self.check(try await Self.finished(test.service.store), over: "twilio")
            // A call that nobody knows begins.
            let other = try await test.post("/twilio/fallback", ["CallSid": "CA2", "From": "+15550100", "To": "+1"])
            #expect(other.text.contains("<Stream"))
            #expect(try await test.post("/twilio/after-stream", ["CallSid": "CA3"]).text.contains("<Hangup/>"))
        }
    }

    @Test("what a node tells carriers of its calls leads to it, and it believes what is signed for either address")
    func nodeURL() async throws {
        let node = "https://node1.voice.example.org"
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.public.url = "https://voice.example.org"
            configuration.public.nodeURL = node
            configuration.carriers.signalWireSigningKey = Secret("signing key")
        }) { test in
            let form = FormBody([.init("CallSid", "CA1"), .init("From", "+15550100"), .init("To", "+15550199")])
            for (base, isTrue) in [
                ("https://voice.example.org", true), (node, true), ("https://other.example.org", false),
            ] {
                for carrier in ["twilio", "signalwire"] {
                    let key = carrier == "twilio" ? ServiceUnderTest.authToken : "signing key"
                    let path = "/\(carrier)/voice"
                    let signature = TwilioSignature(authToken: key).sign(url: base + path, form: form)
                    let response = try await test.client.send(
                        HTTPClientRequest(
                            method: "POST", url: "http://127.0.0.1:\(test.port)\(path)",
                            headers: [
                                ("content-type", "application/x-www-form-urlencoded"),
                                ("x-\(carrier)-signature", signature),
                            ], body: form.encoded()))
                    let text = String(decoding: try await response.body.collect(upTo: 100_000), as: UTF8.self)
                    #expect(response.status == (isTrue ? 200 : 403))
                    guard isTrue else { continue }
                    #expect(text.contains("wss://node1.voice.example.org/\(carrier)/media"))
                    #expect(text.contains("\(node)/\(carrier)/after-stream"))
                }
            }
        }
    }

    // MARK: What it takes

    private static func check(_ story: (before: CallStory, after: CallStory), over carrier: String) throws {
        #expect(story.before.call.resumedAs == story.after.call.id, "\(carrier)")
        #expect(
            story.before.call.endReason == Store.handedOverReason && story.before.call.resolution == nil, "\(carrier)")
        #expect(story.after.call.resumes == story.before.call.id, "\(carrier)")
        #expect(story.after.call.node != story.before.call.node, "\(carrier)")
        #expect(story.after.call.resolution == .contained, "\(carrier)")
        #expect(story.before.turns.filter { $0.speaker == .caller }.map(\.text) == Array(lines[...2]), "\(carrier)")
        #expect(story.after.turns.filter { $0.speaker == .caller }.map(\.text) == Array(lines[3...]), "\(carrier)")
        let said = story.after.turns.filter { $0.speaker == .agent }
        let first = try #require(said.first, "\(carrier)")
        #expect(first.text.hasPrefix("\(sorry) ") && first.text.contains("name"), "\(carrier)")
        #expect(story.before.tools.first?.name == "calendar_find_slots", "\(carrier)")
        let acts = story.after.tools.filter { $0.name == "calendar_book" }
        let act = try #require(acts.first, "\(carrier)")
        #expect(
            act.succeeded == true && act.arguments.contains("Maria Jones") && act.arguments.contains("10:30"),
            "\(carrier)")
    }

    /// The two calls that one became, once both are over.
    private static func finished(_ store: Store) async throws -> (before: CallStory, after: CallStory) {
        let end = ContinuousClock.now + .seconds(40)
        while ContinuousClock.now < end {
            let calls = try await store.calls().calls
            if calls.count == 2, calls.allSatisfy({ $0.endedAt != nil }) {
                return (try await store.story(ofCall: calls[1].id), try await store.story(ofCall: calls[0].id))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Unexpected(what: "the calls", got: "\(try await store.calls().calls)")
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-resumed-\(UUID().uuidString)")
        let agents = folder.appending(path: "agents")
        try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
        for file in ["receptionist.yaml", "names"] {
            try FileManager.default.copyItem(
                at: ServiceUnderTest.shippedAgents.appending(path: file), to: agents.appending(path: file))
        }
        return folder
    }

    /// As whom the carrier speaks.
    ///
    /// - Parameter folder: both nodes find there what proves its webhooks.
    private static func dialect(
        _ carrier: ParleyConfiguration.CallingCarrier, _ folder: URL
    ) throws -> any SandboxDialect {
        switch carrier {
        case .signalWire: return CompatibleSandbox.signalWire(signingKey: "signing key")
        case .telnyx:
            let key = Curve25519.Signing.PrivateKey()
            try Data(Data(key.publicKey.rawRepresentation).base64EncodedString().utf8)
                .write(to: folder.appending(path: telnyxKey))
            return CompatibleSandbox.telnyx(application: "129338", key: key)
        case .plivo: return PlivoSandbox()
        case .vonage:
            return try VonageSandbox(
                application: "78d335fa", privateKey: VonageSandbox.makeKey(), signatureSecret: "signature")
        case .twilio: return CompatibleSandbox.twilio
        }
    }

    private static let telnyxKey = "telnyx.key"

    private static func configuration(
        in folder: URL, name: String, port: Int, database: String?
    ) -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.public.port = port
        configuration.private.port = 0
        configuration.media.loops = 1
        configuration.media.lateBeat = .seconds(1)
        configuration.media.isRealTime = false
        configuration.agents.directory = folder.appending(path: "agents").path
        configuration.agents.default = "receptionist"
        configuration.carriers.twilio.authToken = Secret(ServiceUnderTest.authToken)
        configuration.carriers.signalWireSigningKey = Secret("signing key")
        configuration.carriers.telnyxPublicKey = try? String(
            contentsOf: folder.appending(path: telnyxKey), encoding: .utf8)
        configuration.carriers.plivoAuthToken = Secret(ServiceUnderTest.authToken)
        configuration.carriers.vonageSignatureSecret = Secret("signature")
        configuration.calls.drainDeadline = .seconds(5)
        configuration.store.path = folder.appending(path: database == nil ? "parley.db" : "\(name).db").path
        configuration.store.postgres = database.map { Secret($0) }
        configuration.recordings.isEnabled = false
        configuration.node.name = name
        configuration.node.beat = .seconds(1)
        configuration.node.patience = 10
        return configuration
    }

    /// Runs a service for as long as `body` runs.
    private static func withService<Result: Sendable>(
        _ configuration: ParleyConfiguration, _ log: LogCollector, _ body: (Store) async throws -> Result
    ) async throws -> Result {
        let service = try ParleyService(
            configuration: configuration, logger: log.logger, metrics: PrometheusRegistry(),
            engines: LightEngines(voice: SpellingSynthesizer()))
        let group = ServiceGroup(services: [service], logger: log.logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Swift.Result<Result, any Error>
            do {
                _ = try await service.reachable()
                outcome = .success(try await body(service.store))
            } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    /// Waits until a service listens there.
    private static func reach(_ port: Int, _ log: LogCollector) async throws {
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: log.logger)
        let end = ContinuousClock.now + .seconds(60)
        var isThere = false
        while !isThere, ContinuousClock.now < end {
            let request = HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(port)/twilio/voice")
            isThere = (try? await client.send(request).status) == 405
            if !isThere { try await Task.sleep(for: .milliseconds(50)) }
        }
        await client.shutdown()
        guard isThere else { throw Unexpected(what: "the first node", got: "nobody listens at \(port)") }
    }

    /// The child: a whole service that is killed in the middle of a conversation.
    ///
    /// - Parameter callsItself: whether it has a caller of its own; else somebody else calls.
    static func serveUntilKilled(in path: String, port: Int, database: String?, callsItself: Bool) async throws {
        let folder = URL(fileURLWithPath: path)
        let log = LogCollector()
        let service = try ParleyService(
            configuration: configuration(in: folder, name: "first", port: port, database: database),
            logger: log.logger, metrics: PrometheusRegistry(), engines: LightEngines(voice: SpellingSynthesizer()))
        let group = ServiceGroup(services: [service], logger: log.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let port = try await service.reachable().publicPort
            if callsItself {
                let loop = EventLoop(name: "test", logger: log.logger)
                try loop.start()
                let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: log.logger)
                let test = ServiceUnderTest(
                    service: service, log: log, port: port, privatePort: try await service.privateReachable(),
                    directory: folder, group: group, loop: loop, client: client)
                let caller = TestCaller(saying: lines, on: loop)
                caller.dial(try await test.announce("CA1"))
                tasks.addTask { _ = await caller.ended() }
            }
            tasks.addTask {
                while true {
                    let calls = try await service.store.calls().calls
                    if let call = calls.first {
                        let turns = try await service.store.story(ofCall: call.id).turns
                        if turns.contains(where: { $0.speaker == .caller && $0.text == lastWords }) { break }
                    }
                    try await Task.sleep(for: .milliseconds(5))
                }
                try Data("\(Date().timeIntervalSince1970)".utf8).write(to: folder.appending(path: "killed"))
                kill(getpid(), SIGKILL)
            }
            try await tasks.waitForAll()
        }
    }
}
