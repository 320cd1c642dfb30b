import Agent
import CallSession
import Foundation
import GRDB
import Store
import Testing

@testable import Service

@Suite("What is remembered of a call")
struct CallMemoryTests {
    @Test("its transcript tells where a row of its journal is damaged")
    func damaged() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-memory-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "parley.db").path
        let store = try Store(path: path)
        let call = CallRecord(
            id: "c1", carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550199", agent: "a",
            agentVersion: "v", startedAt: Date(timeIntervalSince1970: 1_800_000_000))
        let turn = TurnRecord(
            callID: "c1", number: 1, speaker: .caller, started: 0, text: "half past ten", confidence: 0.9)
        let entry = JournalRecord(callID: "c1", sequence: 0, position: 0, kind: "settings", payload: Data("{}".utf8))
        let writes: [StoreWrite] = [.call(call), .turn(turn), .journal(entry)]
        try await store.apply(writes.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: $0.element) })
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "UPDATE journal SET payload = x'01c80909'") }
        try queue.close()
        let expected: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))),
            .input(.callerSaid(CallerTurn(number: 1, text: "half past ten", confidence: 0.9))),
        ]
        #expect(try await CallMemory.load(call, from: store) == expected)
        try store.close()
    }

    @Test("the journal tells what was asked, said and called, under the id of the call")
    func journal() {
        let call = ToolCall(id: "t1", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#)
        let events: [ConversationEvent] = [
            .mediaStarted, .replySaid(generation: 1, text: "Good day."), .toolStarted(generation: 1, call),
            .replySaid(generation: 0, text: "Of a reply that is no more."),
        ]
        let inputs = events.enumerated().map { index, event in
            CallReplay.Input(sequence: index + 1, position: index * 160, event: event, decisions: nil)
        }
        let replay = CallReplay(call: "c1", settings: ConversationSettings(), inputs: inputs)
        let invocation = ToolInvocation(id: "t1", name: "calendar_find_slots", arguments: ["date": "2026-12-01"])
        #expect(
            CallMemory.events(of: replay) == [
                .input(.callStarted(CallFacts(callID: "c1"))), .said("Good day."), .tool(invocation, nil),
            ])
    }
}
