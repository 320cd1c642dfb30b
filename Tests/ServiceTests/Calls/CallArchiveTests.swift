import Agent
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

    @Test("a line is free when the caller has gone; the record waits for its recording")
    func over() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        let writer = try StoreWriter(store: store, logger: Logger(label: "test"))
        let seen = Lock<[String]>([])
        let archive = CallArchive(
            writer: writer, over: { id in seen.withLock { $0.append("over \(id)") } },
            closed: { id in seen.withLock { $0.append("closed \(id)") } })
        for id in ["a", "b"] {
            archive.open(
                CallFile(
                    call: CallRecord(
                        id: id, carrier: "twilio", carrierCallID: id, direction: .inbound, from: "", to: "", agent: "a",
                        agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)), actingTools: [],
                    clock: { Date(timeIntervalSince1970: 1) }))
            archive.record(.note(position: 10, .ended(reason: "caller hung up", samples: 10)), callID: id)
        }
        archive.record(
            .finished(CallSummary(reason: "caller hung up", samples: 10, underruns: 0, echoes: 0)), callID: "a")
        archive.close()
        async let writing: Void = writer.run()
        await archive.run()
        await writer.close()
        await writing
        #expect(seen.withLock(\.self) == ["over a", "over b", "closed a"])
        try store.close()
    }

    @Test("a model that answers when its call is over leaves its span all the same")
    func late() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        let writer = try StoreWriter(store: store, logger: Logger(label: "test"))
        var configuration = ParleyConfiguration()
        configuration.telemetry.url = "http://127.0.0.1:4318"
        let traces = try #require(CallTraces(configuration, node: "n1", logger: Logger(label: "test")))
        let archive = CallArchive(writer: writer, traces: traces) { _ in }
        archive.open(
            CallFile(
                call: CallRecord(
                    id: "a", carrier: "twilio", carrierCallID: "a", direction: .inbound, from: "", to: "", agent: "a",
                    agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)), actingTools: [],
                clock: { Date(timeIntervalSince1970: 1) }))
        let request = ModelRequest(instructions: "", messages: [])
        let answer = ModelCall(request, of: "mind", at: Date(timeIntervalSince1970: 0.5))
        archive.record(
            .finished(CallSummary(reason: "caller hung up", samples: 8000, underruns: 0, echoes: 0)), callID: "a")
        archive.record(answer.over(error: CancellationError(), at: Date(timeIntervalSince1970: 2)), callID: "a")
        archive.close()
        async let writing: Void = writer.run()
        await archive.run()
        await writer.close()
        await writing
        let spans = traces.exporter.queue.first(10)
        #expect(spans.map(\.name) == ["call", "chat"])
        #expect(spans.last?.parent == spans.first?.id)
        try store.close()
    }

    @Test("people are told when a thing happened, not when it had waited to be folded")
    func moments() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        let writer = try StoreWriter(store: store, logger: Logger(label: "test"))
        let board = CallBoard()
        let archive = CallArchive(writer: writer, board: board) { _ in }
        let before = Int(Date().timeIntervalSince1970 * 1000)
        archive.open(
            CallFile(
                call: CallRecord(
                    id: "a", carrier: "twilio", carrierCallID: "a", direction: .inbound, from: "", to: "", agent: "a",
                    agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)), actingTools: [],
                clock: { Date(timeIntervalSince1970: 1) }))
        archive.record(.note(position: 10, .incident(kind: "k", detail: "")), callID: "a")
        archive.record(
            .finished(CallSummary(reason: "caller hung up", samples: 10, underruns: 0, echoes: 0)), callID: "a")
        let after = Int(Date().timeIntervalSince1970 * 1000) + 1
        archive.close()
        // Nobody folds yet.
        try await Task.sleep(for: .milliseconds(50))
        async let writing: Void = writer.run()
        await archive.run()
        await writer.close()
        await writing
        let events = board.feed.read(after: 0).events
        #expect(events.map(\.kind) == ["call.started", "call.incident", "call.ended"])
        for event in events {
            let told = try #require(try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])
            let at = try #require(told["at"] as? Int)
            #expect(before <= at && at <= after, "\(event.kind): \(before), \(at), \(after)")
            // Beside what the event tells anyway.
            #expect(told["id"] as? String == "a" || told["callID"] as? String == "a")
        }
        try store.close()
    }
}
