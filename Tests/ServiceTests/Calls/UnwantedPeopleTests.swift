import Emulators
import Foundation
import Logging
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("People for whom nobody waits any more")
struct UnwantedPeopleTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let number = "+493012345678"
    private static let callerID = "+15550199"

    @Test(
        "what rings is cancelled, what talks is hung up on, what is over is done with, and what is missing is looked for again"
    )
    func steps() {
        for status in [CarrierCall.Status.queued, .initiated, .ringing] {
            #expect(UnwantedPeople.Step(Self.call(status), tries: 1) == .cancel("CA1"))
        }
        #expect(UnwantedPeople.Step(Self.call(.inProgress), tries: 9) == .hangUp("CA1"))
        for status in [CarrierCall.Status.completed, .busy, .failed, .noAnswer, .canceled] {
            #expect(UnwantedPeople.Step(Self.call(status), tries: 1) == .settle(.over))
        }
        #expect(UnwantedPeople.Step(nil, tries: 1) == .lookAgain)
        #expect(UnwantedPeople.Step(nil, tries: UnwantedPeople.leastLooks) == .settle(.unknown))
    }

    private static func call(_ status: CarrierCall.Status) -> CarrierCall {
        CarrierCall(id: "CA1", to: number, from: callerID, status: status)
    }

    /// A carrier at which it rings for a while, and a store.
    private static func run(
        as kind: ParleyConfiguration.CallingCarrier, ringing: Duration = .seconds(2),
        _ body: (SandboxCarrier, CallControl, Store, UnwantedPeople) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-unwanted-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var setup = SandboxCarrierConfiguration()
        (setup.account, setup.authToken) = (CampaignUnderTest.account, CampaignUnderTest.token)
        setup.dialect = try CampaignUnderTest.dialect(kind, folder)
        setup.ringing = ringing
        setup.callee = { _, _ in .noAnswer }
        let sandbox = SandboxCarrier(setup, logger: logger)
        let url = try await sandbox.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
        var configuration = ParleyConfiguration()
        CampaignUnderTest.open(kind, folder, at: url, in: &configuration.carriers)
        let account = try #require(try CallingAccount(configuration, of: kind))
        let store = try Store(path: folder.appending(path: "parley.db").path)
        let people = UnwantedPeople(
            store: store,
            carriers: PersonCarriers(configuration, client: client, rates: CallRates(), logger: logger), node: "own",
            pace: .milliseconds(50), logger: logger)
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { await sandbox.run() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(
                    try await body(sandbox, CallControl(client: client, account.dialect), store, people))
            } catch { outcome = .failure(error) }
            await sandbox.shutdown()
            group.cancelAll()
            return outcome
        }
        await client.shutdown()
        try store.close()
        try outcome.get()
    }

    private static func place(_ control: CallControl) async throws -> CarrierCall? {
        try await control.place(
            OutboundCallRequest(
                to: number, from: callerID, answerURL: "http://127.0.0.1:1/answer",
                statusURL: "http://127.0.0.1:1/status"))
    }

    private static func leg(
        _ id: String, on node: String, of kind: ParleyConfiguration.CallingCarrier, _ carrierCall: String?
    ) -> PersonLegRecord {
        PersonLegRecord(
            id: id, callID: "c-\(id)", node: node, carrier: kind.rawValue, carrierCallID: carrierCall, number: number,
            callerID: callerID, askedAt: Date())
    }

    /// Looks until nothing is left to be done.
    private static func finish(_ people: UnwantedPeople, _ store: Store, leaving ids: [String] = []) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await store.personLegs().map(\.id) != ids, ContinuousClock.now < end {
            await people.look()
            try await Task.sleep(for: .milliseconds(400))
        }
    }

    private static func samples(_ people: UnwantedPeople) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: people.samples.map { ($0.dimensions.first?.1 ?? "", $0.value) })
    }

    @Test(
        "a call of a node that is no more is ended at every carrier, whose news of it reach nobody, and counted once")
    func ends() async {
        await ParleyConfiguration.CallingCarrier.overEach { try await Self.ends(over: $0) }
    }

    private static func ends(over kind: ParleyConfiguration.CallingCarrier) async throws {
        try await Self.run(as: kind) { sandbox, control, store, people in
            let placed = try await Self.place(control)
            let id = try #require(placed?.id ?? sandbox.calls.first?.id, "\(kind)")
            try await store.add(Self.leg("p1", on: "dead", of: kind, id))
            try await Self.finish(people, store)
            #expect(try await store.personLegs().isEmpty, "\(kind)")
            #expect(sandbox.calls.first?.isEndWanted == true, "\(kind)")
            #expect(sandbox.calls.count == 1 && sandbox.calls.first?.answered == nil, "\(kind)")
            #expect(Self.samples(people) == ["over": 1, "unknown": 0, "failed": 0], "\(kind)")
        }
    }

    @Test("one that the carrier had not named yet is found in its list; another one between the same numbers rings on")
    func unnamed() async throws {
        try await Self.run(as: .twilio) { sandbox, control, store, people in
            let wanted = try #require(try await Self.place(control))
            let unwanted = try #require(try await Self.place(control))
            try await store.add(Self.leg("p1", on: "own", of: .twilio, wanted.id))
            try await store.add(Self.leg("p2", on: "dead", of: .twilio, nil))
            await people.look()
            #expect(sandbox.calls.filter(\.isEndWanted).map(\.id) == [unwanted.id])
            try await Self.finish(people, store, leaving: ["p1"])
            #expect(try await store.personLegs().map(\.id) == ["p1"])
            #expect(sandbox.calls.filter(\.isEndWanted).map(\.id) == [unwanted.id])
            #expect(Self.samples(people) == ["over": 1, "unknown": 0, "failed": 0])
        }
    }

    @Test(
        "two that have no name are both ended, unless another call is between the same numbers or somebody waits for one",
        arguments: [0, 1, 2])
    func twoUnnamed(hindrance: Int) async throws {
        try await Self.run(as: .twilio, ringing: .seconds(20)) { sandbox, control, store, people in
            for _ in 0..<(hindrance == 1 ? 3 : 2) { _ = try #require(try await Self.place(control)) }
            for id in ["p1", "p2"] { try await store.add(Self.leg(id, on: "dead", of: .twilio, nil)) }
            // Of this node, which still waits to hear its name.
            if hindrance == 2 { try await store.add(Self.leg("p3", on: "own", of: .twilio, nil)) }
            await people.look()
            #expect(sandbox.calls.map(\.isEndWanted) == sandbox.calls.map { _ in hindrance == 0 })
            let names = try await store.personLegs().compactMap(\.carrierCallID)
            #expect(Set(names) == (hindrance == 0 ? Set(sandbox.calls.map(\.id)) : []))
        }
    }

    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static func asked(
        _ id: String, at second: Double, tries: Int = 1, from callerID: String = "+15550199"
    ) -> PersonLegRecord {
        PersonLegRecord(
            id: id, callID: "c-\(id)", node: "own", carrier: "twilio", number: number, callerID: callerID,
            askedAt: start + second, tries: tries)
    }

    private static func begun(_ id: String, at second: Double, _ status: CarrierCall.Status = .ringing) -> CarrierCall {
        CarrierCall(id: id, to: number, from: callerID, status: status, created: start + second)
    }

    /// The calls of legs.
    private static func found(_ legs: [PersonLegRecord], _ calls: [CarrierCall]) -> [String?] {
        legs.map { UnnamedLegs.call(of: $0, among: legs, in: calls)?.id }
    }

    @Test(
        "a call is a leg's where all that the carrier lists between the numbers can be those of legs nobody waits for")
    func assignment() {
        let two = [Self.asked("a", at: 0), Self.asked("b", at: 30)]
        #expect(Self.found([Self.asked("a", at: 0)], [Self.begun("1", at: 1)]) == ["1"])
        #expect(Self.found([Self.asked("a", at: 0)], [Self.begun("1", at: 1), Self.begun("2", at: 2)]) == [nil])
        #expect(Self.found([Self.asked("a", at: 0)], [Self.begun("1", at: 61)]) == [nil])
        #expect(Self.found([Self.asked("a", at: 0)], [Self.begun("1", at: -6)]) == [nil])
        // Both in the window of the first, the later one alone in that of the second.
        #expect(Self.found(two, [Self.begun("2", at: 31), Self.begun("1", at: 1)]) == ["1", "2"])
        // One was never placed, or is over.
        #expect(Self.found(two, [Self.begun("1", at: 1)]) == ["1", nil])
        #expect(Self.found(two, [Self.begun("2", at: 70)]) == [nil, "2"])
        #expect(Self.found(two, [Self.begun("1", at: 1, .completed), Self.begun("2", at: 70)]) == [nil, "2"])
        // A third one is somebody else's; which one is not to be told where it fits both.
        let three = [Self.begun("1", at: 1), Self.begun("2", at: 31), Self.begun("3", at: 32)]
        #expect(Self.found(two, three) == [nil, nil])
        // It fits the second leg alone; but then that one's may be the first one's, and the first call somebody else's.
        let far = [Self.asked("a", at: 0), Self.asked("b", at: 50)]
        let chain = [Self.begun("1", at: 1), Self.begun("2", at: 51), Self.begun("3", at: 100)]
        #expect(Self.found(far, chain) == [nil, nil])
        // Nothing leads from there to the first.
        let apart = [Self.asked("a", at: 0), Self.asked("b", at: 200)]
        let calls = [Self.begun("1", at: 1), Self.begun("2", at: 201), Self.begun("3", at: 202)]
        #expect(Self.found(apart, calls) == ["1", nil])
        // Somebody waits for one of them.
        #expect(
            Self.found(
                [Self.asked("a", at: 0), Self.asked("b", at: 1, tries: 0)],
                [Self.begun("1", at: 1), Self.begun("2", at: 2)])[0] == nil)
        // Another number is shown for it: it is on another list.
        #expect(
            Self.found(
                [Self.asked("a", at: 0), Self.asked("b", at: 1, tries: 0, from: "+15550198")], [Self.begun("1", at: 1)])[
                    0] == "1")
    }

    @Test("one that was asked for long ago is none of those that ring between the same numbers now")
    func longAgo() async throws {
        try await Self.run(as: .twilio, ringing: .seconds(20)) { sandbox, control, store, people in
            _ = try #require(try await Self.place(control))
            var leg = Self.leg("p1", on: "dead", of: .twilio, nil)
            leg.askedAt -= 3600
            try await store.add(leg)
            for _ in 0..<UnwantedPeople.leastLooks { await people.look() }
            #expect(try await store.personLegs().isEmpty)
            #expect(sandbox.calls.map(\.isEndWanted) == [false])
            #expect(Self.samples(people) == ["over": 0, "unknown": 1, "failed": 0])
        }
    }

    @Test("one that was never placed is forgotten after some looks, and one without an account is given up after many")
    func givenUp() async throws {
        try await Self.run(as: .twilio) { sandbox, _, store, people in
            try await store.add(Self.leg("p1", on: "dead", of: .twilio, nil))
            try await store.add(Self.leg("p2", on: "dead", of: .plivo, "x"))
            for _ in 0..<UnwantedPeople.leastLooks { await people.look() }
            #expect(try await store.personLegs().map(\.id) == ["p2"])
            for _ in UnwantedPeople.leastLooks..<UnwantedPeople.mostTries { await people.look() }
            #expect(try await store.personLegs().isEmpty)
            #expect(sandbox.calls.isEmpty)
            #expect(Self.samples(people) == ["over": 0, "unknown": 1, "failed": 1])
        }
    }

    // MARK: A whole service

    @Test("whom a service calls that is killed is not rung on, once it is started again")
    func killed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-killed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var setup = SandboxCarrierConfiguration()
        (setup.account, setup.authToken) = (CampaignUnderTest.account, CampaignUnderTest.token)
        // Until the second service has begun, which takes its time under a sanitizer.
        setup.ringing = .seconds(30)
        setup.callee = { _, _ in .talks([]) }
        let sandbox = SandboxCarrier(setup, logger: Self.logger)
        let url = try await sandbox.start()
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { await sandbox.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await Self.killed(sandbox, at: url, in: folder)) } catch {
                outcome = .failure(error)
            }
            await sandbox.shutdown()
            group.cancelAll()
            return outcome
        }
        try outcome.get()
    }

    private static func killed(_ sandbox: SandboxCarrier, at url: String, in folder: URL) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.path as String, url = url as String] in
            try await UnwantedPeopleTests.serveUntilKilled(in: path, carrier: url)
        }
        let ringing = try #require(sandbox.calls.first)
        #expect(sandbox.calls.count == 1 && ringing.to == WarmTransferUnderTest.person && !ringing.isEndWanted)
        let warm = WarmTransferUnderTest(.noAnswer)
        try await ServiceUnderTest.run(engines: warm.engines) { configuration, directory in
            warm.set(&configuration, directory, at: url, in: folder)
            configuration.store.path = folder.appending(path: "parley.db").path
            // A call that is asked for its end rings on at this carrier, and is looked at 20 times at most.
            configuration.node.beat = .seconds(2)
        } _: { test in
            try await test.waitUntil("the person's call is over", within: .seconds(120)) {
                try await test.service.store.personLegs().isEmpty
            }
            let call = try #require(sandbox.calls.first)
            #expect(call.isEndWanted && call.status == .canceled && call.answered == nil)
            let metrics = try await test.ask("/metrics").text
            #expect(metrics.contains("parley_people_called_off_total{result=\"over\"} 1"))
        }
    }

    /// The child: a service that is killed while it rings at a person.
    static func serveUntilKilled(in path: String, carrier url: String) async throws {
        let folder = URL(fileURLWithPath: path)
        let warm = WarmTransferUnderTest(.noAnswer)
        try await ServiceUnderTest.run(engines: warm.engines) { configuration, directory in
            warm.set(&configuration, directory, at: url, in: folder)
            configuration.store.path = folder.appending(path: "parley.db").path
        } _: { test in
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 })
            caller.dial(try await WarmTransferTests.announce(test, "CA1"))
            try await test.waitUntil("it rings", within: .seconds(60)) {
                try await test.service.store.personLegs().first?.carrierCallID != nil
            }
            kill(getpid(), SIGKILL)
        }
    }
}
