import Agent
import Callers
import Codecs
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// The console in a real browser, and the API under a tool that reads its document.
@Suite("Peers of the private plane", .serialized)
struct BrowserTests {
    private static let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromedriver"]
        .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    private static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root
    }()

    /// Where pictures of the pages are put; `-` is nowhere.
    private static let pictures = ProcessInfo.processInfo.environment["PARLEY_PICTURES"] ?? "-"

    /// Lets `console.py` use the console of the service in a browser.
    ///
    /// - Parameters:
    ///   - agent: whom it calls and shows.
    ///   - part: which of its parts; nil for the first one, of calls.
    private static func browse(
        _ test: ServiceUnderTest, agent: String, part: String? = nil
    ) async throws -> (status: Int32, text: String) {
        try await TestPeers.run(
            "python",
            [
                root.appending(path: "Tests/ServiceTests/peers/console.py").path,
                "http://127.0.0.1:\(test.privatePort)", root.appending(path: "audio-fixtures").path, agent, pictures,
            ] + (part.map { [$0] } ?? []))
    }

    @Test(
        "in Chromium: a caller talks to the receptionist, an operator watches, opens the call and breaks a draft",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func console() async throws {
        // With the engines that ship, whose models take a minute to be made once.
        try await ServiceUnderTest.run(
            shipped: ["receptionist"], engines: nil,
            configure: { configuration, _ in
                configuration.speech.models = Self.root.appending(path: ".cache/test-models").path
            },
            { test in
                // Pictures show more than one call; the test needs only its own.
                let others = try await Self.pictures == "-" ? [] : company(test)
                defer { withExtendedLifetime(others) {} }
                let (status, report) = try await Self.browse(test, agent: "receptionist")
                #expect(status == 0, "\(report)")
                #expect(report.split(separator: "\n").count { $0.hasPrefix("ok ") } >= 70, "\(report)")
                for line in report.split(separator: "\n") where line.contains("first paint") { print(line) }
                let (second, interruption) = try await Self.browse(test, agent: "receptionist", part: "interrupt")
                #expect(second == 0, "\(interruption)")
            })
    }

    @Test(
        "in Chromium: an operator takes a call over with the microphone, is heard by the caller, and hands it back",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func takeover() async throws {
        try await ServiceUnderTest.run(engines: LightEngines(unreadable: "words of a voice")) { test in
            // Somebody who answers whatever is said, for as long as it takes.
            let heard = Lock([Int16]())
            let caller = TestCaller(
                saying: Array(repeating: "what is the temperature", count: 500), on: test.loop,
                ear: { frame in
                    heard.withLock { heard in
                        for index in frame.indices { heard.append(MuLaw.decode(frame[index])) }
                    }
                })
            caller.dial(try await test.announce("CA1"))
            let (status, report) = try await Self.browse(test, agent: "thermostat", part: "takeover")
            #expect(status == 0, "\(report)")
            // The agent here hums in two values; speech from a microphone has all of them.
            let hum = Set([UInt8(0x20), 0xA0, 0xFF, 0x7F].map(MuLaw.decode))
            let speech = heard.withLock { $0.filter { !hum.contains($0) && $0.magnitude > 500 } }
            #expect(Set(speech).count > 60 && speech.count > 4000, "\(Set(speech).count) values in \(speech.count)")
        }
    }

    @Test(
        "in Chromium: a campaign is started and paused, what agents want to do is decided, an agent is rolled back",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func office() async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in
                configuration.campaigns.directory = Self.root.appending(path: "config/campaigns").path
            }
        ) { test in
            try AgentTrialTests.writeScript(for: test)
            try await CampaignAPITests.fill(test)
            for (tool, arguments) in [
                ("refund", #"{"amount":"40 dollars","customer":"Anna Smith"}"#),
                ("send_email", #"{"subject":"Your visit on Tuesday","to":"anna@example.com"}"#),
            ] {
                _ = try await test.service.store.file(
                    ReviewDraft(
                        idempotencyKey: tool, callID: "c4amap928mcc12hs5", agent: "support", agentVersion: "v",
                        contact: "+15550100", tool: tool, arguments: arguments,
                        reason: "the agent's policy wants a person's approval", expiresAt: Date() + 3600))
            }
            let office = VersionOffice(test.service.configuration, store: test.service.store) {
                test.service.catalogue.definitions
            }
            var bundle = try office.file(of: "thermostat")
            _ = try await office.publish(bundle, by: "ann", note: "as it was")
            let text = String(decoding: bundle.source, as: UTF8.self)
            bundle.source = Data(text.replacing("Hello, this is the thermostat.", with: "Good day.").utf8)
            _ = try await office.publish(bundle, by: "ann")
            let (status, report) = try await Self.browse(test, agent: "thermostat", part: "office")
            #expect(status == 0, "\(report)")
        }
    }

    @Test(
        "in Chromium: a campaign is made, filled from a file, rehearsed and started",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func making() async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in
                configuration.campaigns.directory = Self.root.appending(path: "config/campaigns").path
            }
        ) { test in
            let (status, report) = try await Self.browse(test, agent: "thermostat", part: "making")
            #expect(status == 0, "\(report)")
            let campaign = try await test.service.store.campaign(named: "winter-checkups")
            #expect(campaign.state == .running)
            let people = try await test.service.store.contacts(campaign: campaign.id)
            #expect(people.count == 42 && people.first?.variables == ["kunde": "José Smith"])
        }
    }

    @Test(
        "in Chromium: a document is put in, what an agent would be given is seen, and it is changed and taken out",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func knowledge() async throws {
        try await ServiceUnderTest.run { test in
            let (status, report) = try await TestPeers.run(
                "python",
                [
                    Self.root.appending(path: "Tests/ServiceTests/peers/console.py").path,
                    "http://127.0.0.1:\(test.privatePort)", Self.root.appending(path: "audio-fixtures").path,
                    "thermostat", ProcessInfo.processInfo.environment["PARLEY_PICTURES"] ?? "-", "knowledge",
                ])
            #expect(status == 0, "\(report)")
            #expect(try await test.service.store.documents().map(\.path) == ["delivery.csv", "returns.md"])
        }
    }

    @Test(
        "in Chromium: each number of the analytics leads to as many calls as it says",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"),
        .enabled(if: hasBrowser, "there is no /usr/bin/chromium with its driver"))
    func analytics() async throws {
        try await ServiceUnderTest.run { test in
            try await test.service.store.apply(
                PastCalls.writes(before: Date()).enumerated().map {
                    RevisedWrite(revision: $0.offset + 1, write: $0.element)
                })
            try await PastCalls.score(in: test.service.store)
            try await PastCalls.analyze(in: test.service.store)
            let (status, report) = try await Self.browse(test, agent: "thermostat", part: "analytics")
            #expect(status == 0, "\(report)")
        }
    }

    /// Recorded callers who talk to the receptionist meanwhile, and stay on the line.
    private func company(_ test: ServiceUnderTest) async throws -> [TestCaller] {
        let scripts = [
            ["015-booking", "030-name", "067-confirm"], ["060-message", "139-name", "010-phone"],
            ["168-hours", "201-move", "210-name"],
        ]
        var callers: [TestCaller] = []
        for (index, lines) in scripts.enumerated() {
            let caller = TestCaller(
                saying: lines, on: test.loop, mayAnswer: { $0 < lines.count },
                speak: { name in
                    let file = Self.root.appending(path: "audio-fixtures/clean/\(name).wav")
                    return (try? CallerClip(path: file.path)) ?? SpokenClip.saying(name)
                })
            caller.dial(try await test.announce("CA\(index)", from: "+1555010\(index)"))
            callers.append(caller)
        }
        return callers
    }

    @Test(
        "schemathesis finds no answer that the document does not promise",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func schemathesis() async throws {
        try await FilledTenant.run { tenants, filled in
            let test = tenants.north
            let spares = try await filled.spares(test)
            defer { withExtendedLifetime(spares) {} }
            let things = test.directory.appending(path: "things.json")
            try filled.things(spares.tenants).write(to: things)
            var rounds = SchemaRounds(test, things: things)
            try await rounds.askForTheRest()
            try await rounds.ask(only: SchemaRounds.endings)
            try await rounds.ask(only: SchemaRounds.stops)
            // Whatever operators were made to do on them, the calls decide the same when their journals are run again.
            try await test.waitUntil("the calls are over and stored", within: .seconds(30)) {
                let live = try await test.api("GET", "/api/v1/live", headers: filled.headers).object["calls"]
                guard (live as? [Any])?.isEmpty == true else { return false }
                for call in try await test.service.store.calls(limit: 200).calls {
                    guard try await !test.service.store.isSettling(call: call.id) else { return false }
                }
                return true
            }
            try await ServiceUnderTest.checkReplays(test.service.store)
            try await rounds.ask(only: SchemaRounds.erasures)
            // Or all of this would have been about answers of 404. A flow takes no whispers, and who listens to a call on the
            // line gets an answer without an end.
            let named = try DocumentedOperation.all().filter(\.namesThing)
            let missed = named.filter { !rounds.wasDone($0) }.map(\.id).sorted()
            let statuses = rounds.statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            print(
                "schemathesis: \(named.count - missed.count) of \(named.count) operations on one thing were done, not",
                missed.joined(separator: ", ") + "; answers:", statuses.joined(separator: ", "))
            #expect(named.count - missed.count >= 48, "not done: \(missed)")
            // Nothing it sent took the service down or was its fault.
            #expect(try await test.ask("/readyz").status == 200)
            let faults = tenants.lines.withLock { $0.filter { $0.contains("a request failed") } }
            #expect(faults.isEmpty, "\(faults)")
        }
    }
}
