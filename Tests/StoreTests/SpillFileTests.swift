import Foundation
import Synchronization
import Testing

@testable import Store

@Suite("The spill file")
struct SpillFileTests {
    let directory: TemporaryDirectory
    let counters = WriterCounters()
    var path: String { directory.file("spill.jsonl") }

    init() throws { directory = try TemporaryDirectory() }

    func file(capacity: Int = 1 << 20) throws -> SpillFile {
        try SpillFile(path: path, capacity: capacity, counters: counters)
    }

    func writes(_ range: Range<Int>) -> [RevisedWrite] {
        range.map { RevisedWrite(revision: $0, write: .call(.sample("\($0)", second: $0))) }
    }

    /// All records, read in portions of `size` bytes.
    func all(_ file: SpillFile, size: Int = 1 << 20) async throws -> (writes: [RevisedWrite], damaged: Int, end: Int) {
        var result: (writes: [RevisedWrite], damaged: Int, end: Int) = ([], 0, 0)
        while let portion = try await file.portion(at: result.end, size: size) {
            result = (result.writes + portion.writes, result.damaged + portion.damaged, portion.next)
        }
        return result
    }

    @Test("gives back what was put in, in order, whatever the portion", arguments: [10, 1000, 1 << 20])
    func roundTrip(size: Int) async throws {
        let file = try file()
        #expect(await file.isEmpty)
        #expect(await file.append(writes(0..<5)) == SpillFile.Receipt(spilled: 5, dropped: 0))
        #expect(await file.append(writes(5..<9)) == SpillFile.Receipt(spilled: 4, dropped: 0))
        #expect(try await all(file, size: size).writes == writes(0..<9))
    }

    @Test("a turn that was spilled before turns had parts is read as the first part")
    func turnWithoutPart() throws {
        let old =
            #"{"callID":"a","number":1,"speaker":"agent","started":1,"text":"x","entities":{},"interrupted":false}"#
        let turn = try JSONDecoder().decode(TurnRecord.self, from: Data(old.utf8))
        #expect(turn == TurnRecord(callID: "a", number: 1, speaker: .agent, part: 0, started: 1, text: "x"))
    }

    @Test("every kind of record survives the way through it")
    func kinds() async throws {
        let file = try file()
        let date = Date(timeIntervalSince1970: 1_790_000_000.125)
        let kinds: [StoreWrite] = [
            .call(.sample("a")),
            .announcedCall(
                .sample("b"),
                [
                    WebhookDraft(
                        id: "m", endpoint: "crm", event: "call.ended", stream: "b", subject: "b", happenedAt: date)
                ]),
            .turn(
                TurnRecord(
                    callID: "a", number: 1, speaker: .agent, started: 1, text: "line\nbreak \u{0} \"quote\"",
                    entities: ["a": "b"],
                    latency: TurnLatency(
                        endOfTurnWait: 1, recognition: 2, understanding: 3, synthesis: 4, own: 5, total: 6))),
            .tool(ToolRecord(callID: "a", turn: 1, invocationID: "t", name: "n", arguments: "{}", started: 3)),
            .journal(JournalRecord(callID: "a", sequence: 1, position: 2, kind: "k", payload: Data([0, 10, 255]))),
            .recording(RecordingRecord(callID: "a", path: "/p", format: "wav", callerSamples: 1, agentSamples: 1)),
            .incident(IncidentRecord(id: "i", happenedAt: date, kind: "k", detail: "d")),
        ]
        _ = await file.append(kinds.enumerated().map { RevisedWrite(revision: $0.offset, write: $0.element) })
        #expect(try await all(file).writes.map(\.write) == kinds)
    }

    @Test("keeps its lines from one opening to the next")
    func reopens() async throws {
        do {
            let file = try file()
            _ = await file.append(writes(0..<3))
        }
        let file = try file()
        #expect(counters.spillSize.load(ordering: .relaxed) > 0)
        _ = await file.append(writes(3..<4))
        #expect(try await all(file).writes == writes(0..<4))
    }

    @Test("takes off a line that was cut short")
    func torn() async throws {
        do {
            let file = try file()
            _ = await file.append(writes(0..<3))
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let end = try #require(bytes.firstIndex(of: 0))
        for index in end - 5..<end { bytes[index] = 0 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let file = try file()
        _ = await file.append(writes(7..<8))
        let found = try await all(file)
        #expect(found.writes == writes(0..<2) + writes(7..<8))
        #expect(found.damaged == 0)
    }

    @Test("counts lines that are no record and goes on")
    func garbage() async throws {
        try Data("nonsense\n{\"revision\":1}\n".utf8).write(to: URL(fileURLWithPath: path))
        let file = try file()
        _ = await file.append(writes(0..<1))
        let found = try await all(file)
        #expect(found.writes == writes(0..<1))
        #expect(found.damaged == 2)
    }

    @Test("reserves its space ahead and never grows beyond it; what does not fit is dropped and counted")
    func bounded() async throws {
        let file = try file(capacity: 2000)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(size == 2000)
        let receipt = await file.append(writes(0..<100))
        #expect(receipt.spilled > 0)
        #expect(receipt.dropped > 0)
        #expect(receipt.spilled + receipt.dropped == 100)
        #expect(try await all(file).writes.count == receipt.spilled)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == 2000)
    }

    @Test("is cleared only if nothing was added meanwhile, and can be filled again")
    func clears() async throws {
        let file = try file()
        _ = await file.append(writes(0..<3))
        let end = try await all(file).end
        _ = await file.append(writes(3..<4))
        #expect(try await !file.clear(ifEndIs: end))
        let newEnd = try await all(file).end
        #expect(try await file.clear(ifEndIs: newEnd))
        #expect(await file.isEmpty)
        #expect(counters.spillSize.load(ordering: .relaxed) == 0)
        _ = await file.append(writes(4..<5))
        #expect(try await all(file).writes == writes(4..<5))
    }

    @Test("belongs to one opener at a time")
    func exclusive() throws {
        let first = try file()
        let error = #expect(throws: StoreError.self) { try file() }
        #expect(error?.code == .locked)
        withExtendedLifetime(first) {}
    }

    @Test("a place where no file can be is an error at start")
    func nowhere() {
        let error = #expect(throws: StoreError.self) {
            try SpillFile(path: directory.file("no/such/directory"), capacity: 4096, counters: counters)
        }
        #expect(error?.code == .notWritable)
    }

    @Test("nobody else on the machine may read it")
    func permissions() throws {
        _ = try file()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
