import Campaigns
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Keeping what the configuration says")
struct RetentionRunTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static func call(_ id: String, daysAgo days: Double) -> CallRecord {
        let began = start.addingTimeInterval(-86_400 * days)
        return CallRecord(
            id: id, carrier: "twilio", carrierCallID: id, direction: .inbound, from: "", to: "", agent: "a",
            agentVersion: "1", startedAt: began, endedAt: began)
    }

    @Test("recordings and calls have days of their own; both are looked at again every day, until the service stops")
    func daily() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-retention-\(UUID().uuidString)")
        let recordings = folder.appending(path: "recordings")
        try FileManager.default.createDirectory(at: recordings, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        for (id, days) in [("a", 3.0), ("b", 9.5), ("c", 11.0)] {
            let path = recordings.appending(path: "\(id).wav").path
            try Data([1]).write(to: URL(fileURLWithPath: path))
            let recording = RecordingRecord(callID: id, path: path, format: "wav", callerSamples: 1, agentSamples: 1)
            try await store.apply([
                RevisedWrite(revision: 1, write: .call(Self.call(id, daysAgo: days))),
                RevisedWrite(revision: 2, write: .recording(recording)),
            ])
        }
        var configuration = ParleyConfiguration()
        configuration.recordings.retentionDays = 5
        configuration.recordings.directory = recordings.path
        configuration.store.retentionDays = 10
        let log = LogCollector()
        let retention = Retention(configuration, store: store, logger: log.logger) { [] }

        let day = Lock(0)
        let left = Lock<[[String]]>([])
        await retention.run(now: { Self.start.addingTimeInterval(86_400 * Double(day.withLock(\.self))) }) {
            let calls = try await store.calls().calls.map(\.id).sorted()
            let files = try FileManager.default.contentsOfDirectory(atPath: recordings.path).sorted()
            left.withLock { $0.append(calls + files) }
            if day.withLock(\.self) == 3 { throw CancellationError() }
            day.withLock { $0 += 1 }
        }
        #expect(
            left.withLock(\.self) == [["a", "b", "a.wav"], ["a", "a.wav"], ["a", "a.wav"], ["a"]])
        #expect(log.contains("old records deleted", "what=recordings", "files=1"))
    }

    @Test("a recording of no call goes when a call's would; one that is new, live, a call's, or somebody else's stays")
    func strays() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-retention-\(UUID().uuidString)")
        let recordings = folder.appending(path: "recordings")
        try FileManager.default.createDirectory(at: recordings, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        let (known, live, stray, fresh) = (
            "c0000000000000001", "c0000000000000002", "c0000000000000003", "c0000000000000004"
        )
        // The call is young, whatever its file says.
        try await store.apply([RevisedWrite(revision: 1, write: .call(Self.call(known, daysAgo: 1)))])
        let names = [known, live, stray, fresh, "music"].map { "\($0).wav" } + ["\(stray).sealed", "\(stray).txt"]
        for name in names {
            let file = recordings.appending(path: name).path
            try Data([1]).write(to: URL(fileURLWithPath: file))
            let age = name.hasPrefix(fresh) ? 86_400.0 : 9 * 86_400
            try FileManager.default.setAttributes([.modificationDate: Self.start - age], ofItemAtPath: file)
        }
        func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: recordings.path).sorted() }
        var configuration = ParleyConfiguration()
        configuration.recordings.directory = recordings.path
        let log = LogCollector()
        // Kept for ever, as calls are.
        await Retention(configuration, store: store, logger: log.logger) { Set([live]) }.sweep(now: Self.start)
        #expect(try left() == names.sorted())
        configuration.recordings.retentionDays = 5
        let retention = Retention(configuration, store: store, logger: log.logger) { Set([live]) }
        await retention.sweep(now: Self.start)
        #expect(try left() == ["\(known).wav", "\(live).wav", "\(stray).txt", "\(fresh).wav", "music.wav"])
        #expect(log.contains("recordings of no call deleted", "files=2"))
    }

    @Test("answers kept for repeated requests go after a day, although nobody sends another key")
    func answers() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-retention-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        _ = try await store.claim(
            idempotencyKey: "k", of: "a", fingerprint: Data([1]), now: Self.start, forgettingBefore: Self.start)
        var configuration = ParleyConfiguration()
        configuration.recordings.directory = folder.path
        configuration.campaigns.imports = folder.appending(path: "imports").path
        let retention = Retention(configuration, store: store, logger: LogCollector().logger) { [] }
        for (later, answers) in [(86_400.0, 1), (86_401, 0)] {
            await retention.sweep(now: Self.start + later)
            #expect(try await store.count(ofTable: "idempotency", where: ["owner": "a"]) == answers)
        }
    }

    @Test("contacts of a finished campaign are kept for their days, then all of them go, however many")
    func contacts() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-retention-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        try await store.createCampaign(CampaignRecord(id: "c", name: "old", definition: "{}", createdAt: Self.start))
        let numbers = (0..<1200).map { NewContact(number: "+1212736\(1000 + $0)") }
        _ = try await store.addContacts(numbers, toCampaign: "c", at: Self.start)
        _ = try await store.moveCampaign(id: "c", from: [.created], to: .running, at: Self.start)
        _ = try await store.moveCampaign(id: "c", from: [.running], to: .finished, at: Self.start)
        var configuration = ParleyConfiguration()
        configuration.campaigns.imports = folder.appending(path: "imports").path
        let log = LogCollector()
        await Retention(configuration, store: store, logger: log.logger) { [] }.sweep(now: Self.start + 9_999 * 86_400)
        #expect(try await store.contacts(campaign: "c", limit: 2000).count == 1200)
        configuration.campaigns.retentionDays = 40
        let retention = Retention(configuration, store: store, logger: log.logger) { [] }
        await retention.sweep(now: Self.start + 40 * 86_400)
        #expect(try await store.contacts(campaign: "c", limit: 2000).count == 1200)
        // Another campaign asks for conversations of the last 60 days, as long as it may call.
        var other = CampaignDefinition()
        other.frequency.quietDays = 60
        let definition = String(decoding: try JSONEncoder().encode(other), as: UTF8.self)
        try await store.createCampaign(
            CampaignRecord(id: "d", name: "other", definition: definition, createdAt: Self.start))
        await retention.sweep(now: Self.start + 60 * 86_400)
        #expect(try await store.contacts(campaign: "c", limit: 2000).count == 1200)
        _ = try await store.moveCampaign(id: "d", from: [.created], to: .finished, at: Self.start)
        await retention.sweep(now: Self.start + 40 * 86_400 + 1)
        #expect(try await store.contacts(campaign: "c").isEmpty)
        #expect(log.contains("contacts of finished campaigns deleted", "contacts=1200"))
    }

    @Test("what cannot be deleted is said, and stops nothing")
    func failure() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-retention-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        var call = Self.call("a", daysAgo: 3)
        // Even root cannot delete this one.
        call.recordingPath = "/proc/self/status"
        try await store.apply([RevisedWrite(revision: 1, write: .call(call))])
        var configuration = ParleyConfiguration()
        configuration.store.retentionDays = 1
        configuration.recordings.directory = folder.path
        let log = LogCollector()
        await Retention(configuration, store: store, logger: log.logger) { [] }.sweep(now: Self.start)
        #expect(log.contains("old records could not be deleted", "what=calls"))
        #expect(try await store.calls().calls.map(\.id) == ["a"])
    }
}
