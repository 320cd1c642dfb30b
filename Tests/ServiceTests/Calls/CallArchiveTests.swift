import Foundation
import Logging
import Networking
import Store
import Testing

@testable import CallSession
@testable import Service

@Suite("The archive of calls")
struct CallArchiveTests {
    @Test("a full queue drops what was said and counts it, and still frees the line of every call")
    func overflow() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        let writer = try StoreWriter(store: store, logger: Logger(label: "test"))
        let freed = Lock<[String]>([])
        let archive = CallArchive(writer: writer, capacity: 3) { id in freed.withLock { $0.append(id) } }
        // Nobody folds yet.
        for id in ["a", "b"] {
            archive.open(
                CallFile(
                    call: CallRecord(
                        id: id, carrier: "twilio", carrierCallID: id, direction: .inbound, from: "", to: "", agent: "a",
                        agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)), actingTools: [],
                    clock: { Date(timeIntervalSince1970: 1) }))
        }
        for index in 0..<10 {
            archive.record(.note(position: index, .incident(kind: "k\(index)", detail: "")), callID: "a")
        }
        for id in ["a", "b"] {
            archive.record(
                .finished(
                    CallSummary(reason: "caller hung up", samples: 10, underruns: 0, echoes: 0)),
                callID: id)
        }
        archive.close()
        async let writing: Void = writer.run()
        await archive.run()
        await writer.close()
        await writing
        #expect(freed.withLock(\.self) == ["a", "b"])
        #expect(archive.droppedCount == 9)
        let calls = try await store.calls().calls
        #expect(calls.map(\.endReason) == ["caller hung up", "caller hung up"])
        #expect(try await store.story(ofCall: "a").incidents.map(\.kind) == ["k0"])
        try store.close()
    }
}
