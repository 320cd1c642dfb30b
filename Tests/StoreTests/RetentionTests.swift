import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Deleting old calls", .onBothEngines)
struct RetentionTests {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    /// A call of `second` with one of everything and a recording on disk.
    func place(_ id: String, second: Int, ended: Bool = true) async throws {
        var call = CallRecord.sample(id, second: second)
        call.endedAt = ended ? call.startedAt : nil
        let path = directory.file("\(id).wav")
        call.recordingPath = path
        try Data([1]).write(to: URL(fileURLWithPath: path))
        try await store.apply([
            .call(call), .turn(TurnRecord(callID: id, number: 1, speaker: .caller, started: 0, text: "hello")),
            .tool(ToolRecord(callID: id, turn: 1, invocationID: "t", name: "n", arguments: "{}", started: 0)),
            .journal(StoreWrite.entry(0, of: id)),
            .recording(RecordingRecord(callID: id, path: path, format: "wav", callerSamples: 1, agentSamples: 1)),
            .incident(IncidentRecord(callID: id, happenedAt: call.startedAt, kind: "k", detail: "d")),
        ])
    }

    func exists(_ id: String) -> Bool { FileManager.default.fileExists(atPath: directory.file("\(id).wav")) }

    @Test("takes what ended long ago, with its files, and leaves the rest")
    func deletes() async throws {
        for old in 0..<120 { try await place("old\(old)", second: old) }
        try await place("running", second: 5, ended: false)
        try await place("crashed", second: 6, ended: false)
        try await place("new", second: 1000)
        try FileManager.default.removeItem(atPath: directory.file("old7.wav"))

        let moment = CallRecord.sample("", second: 500).startedAt
        let removal = try await store.deleteCalls(before: moment, except: ["running"])
        #expect(removal == Store.Removal(calls: 121, files: 120, incidents: 122))
        #expect(try await store.calls(limit: 1000).calls.map(\.id) == ["new", "running"])
        #expect(!exists("old1"))
        #expect(exists("new"))
        #expect(exists("running"))
        let orphans = try await store.read("count", "") { db in
            try ["turns", "tools", "journal", "recordings"].map {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0) WHERE call_id LIKE 'old%'") ?? -1
            }
        }
        #expect(orphans == [0, 0, 0, 0])
        #expect(try await store.story(ofCall: "new").incidents.count == 1)
        #expect(try await store.deleteCalls(before: moment, except: ["running"]).isNothing)
    }

    @Test("of recordings alone leaves the calls, and finds the file of a call that never came to an end")
    func recordings() async throws {
        for old in 0..<110 { try await place("old\(old)", second: old) }
        try await place("new", second: 1000)
        try await place("running", second: 5, ended: false)
        var crashed = CallRecord.sample("crashed", second: 7)
        crashed.endedAt = nil
        crashed.recordingPath = nil
        try await store.apply([.call(crashed)])
        try Data([1]).write(to: URL(fileURLWithPath: directory.file("crashed.wav")))

        let moment = CallRecord.sample("", second: 500).startedAt
        let removal = try await store.deleteRecordings(before: moment, except: ["running"], recordings: directory.path)
        #expect(removal == Store.Removal(files: 111))
        #expect(!exists("old1") && !exists("crashed") && exists("new") && exists("running"))
        let story = try await store.story(ofCall: "old1")
        #expect(story.call.recordingPath == nil && story.recordings.isEmpty)
        #expect(story.turns.count == 1 && story.incidents.count == 1 && story.tools.count == 1)
        #expect(try await store.calls(limit: 1000).calls.count == 113)
        #expect(
            try await store.deleteRecordings(before: moment, except: ["running"], recordings: directory.path).isNothing)
    }

    @Test("keeps the record of a call whose file it cannot delete")
    func undeletable() async throws {
        try await place("a", second: 0)
        // Even root cannot delete this one.
        var call = CallRecord.sample("a")
        call.endedAt = call.startedAt
        call.recordingPath = "/proc/self/status"
        try await store.apply([.call(call)], firstRevision: 100)
        let error = await #expect(throws: StoreError.self) {
            try await store.deleteCalls(before: CallRecord.sample("", second: 9).startedAt)
        }
        #expect(error?.code == .notWritable)
        #expect(try await store.calls().calls.map(\.id) == ["a"])
    }
}
