import Agent
import CallSession
import Foundation
import GRDB
import Networking
import Store
import Testing

@testable import Service

/// A card's number is said, read back, given to a tool and repeated in an error: nowhere is it kept.
@Suite("A card's number on a call")
struct MaskedCallTests {
    static let lines = [
        "my card is 4111 1111 1111 1111", "four one one one one one one one one one one one one one one one", "bye",
    ]
    /// What must be in no file and no message.
    static let traces = ["4111 1111", "41111111", "1111 1111", "one one one one", "1111-1111"]

    @Test("is in no row, journal, log line, live event or webhook, and the agent has heard it; the call replays")
    func everywhere() async throws {
        let receiver = try HookReceiver()
        let heard = Heard()
        try await ServiceUnderTest.run(
            configure: { configuration, _ in WebhookServiceTests.tell(receiver, &configuration) },
            dialogue: { _, _, _, _ in CardTaker(heard: heard) }
        ) { test in
            let id = try await test.finishedCall(saying: Self.lines)
            #expect(heard.turns == Self.lines)
            try await test.waitUntil("both events arrived") { receiver.requests.count == 2 }
            #expect(receiver.requests.allSatisfy { request in !Self.traces.contains(where: request.body.contains) })
            #expect(receiver.requests[1].body.contains("•••• ••••"))
            let events = test.log.lines.joined(separator: "\n")
            #expect(!Self.traces.contains(where: events.contains), "\(events)")
            let story = try await test.service.store.story(ofCall: id)
            #expect(story.turns.contains { $0.text == "my card is •••• •••• •••• ••••" })
            #expect(story.turns.contains { $0.speaker == .agent && $0.heard?.contains("••••-••••") == true })
            #expect(story.tools.first?.arguments.contains("••••") == true)
            #expect(try await test.service.store.calls(matching: CallFilter(text: "4111")).calls.isEmpty)
            let journal = try await test.api("GET", "/api/v1/calls/\(id)/journal?limit=2000")
            let told = String(decoding: journal.body, as: UTF8.self)
            #expect(told.contains("••••"))
            for trace in Self.traces {
                #expect(told.range(of: trace).map { told[$0.lowerBound...].prefix(80) } == nil)
            }
            #expect(try Self.traces(in: test.directory).isEmpty)
        } afterwards: { store, _ in
            let call = try #require(try await store.calls().calls.first)
            let report = try await CallReplay(call: call.id, store: store).run()
            #expect(report.masked > 0 && report.maskedFrom == nil && report.isExact, "\(report)")
        }
    }

    @Test("is not in the file of what cannot be stored just now")
    func spilled() async throws {
        try await ServiceUnderTest.run(dialogue: { _, _, _, _ in CardTaker(heard: Heard()) }) { test in
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(
                path: test.directory.appending(path: "parley.db").path, configuration: configuration)
            let call = try await test.announce("CA1")
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            _ = await TestCaller(saying: Self.lines, on: test.loop).hold(call)
            try await test.waitUntil("rows are spilled", within: .seconds(30)) {
                try Self.files(in: test.directory).contains {
                    $0.key.contains("spill") && $0.value.range(of: Data("I have • •".utf8)) != nil
                }
            }
            #expect(try Self.traces(in: test.directory).isEmpty)
            try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        }
    }

    @Test("is kept where nothing is to be masked, so the tests above can fail")
    func unmasked() async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in configuration.privacy.masked.kinds = [] },
            dialogue: { _, _, _, _ in CardTaker(heard: Heard()) }
        ) { test in
            _ = try await test.finishedCall(saying: Self.lines)
            #expect(try Set(Self.traces(in: test.directory)).count == Self.traces.count)
        }
    }

    /// Every file but the recording, which nobody masks.
    private static func files(in directory: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        let names = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.isRegularFileKey])
        while let file = names?.nextObject() as? URL {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                file.pathExtension != "wav"
            else { continue }
            files[file.lastPathComponent] = try Data(contentsOf: file)
        }
        return files
    }

    private static func traces(in directory: URL) throws -> [String] {
        let files = try files(in: directory)
        return traces.filter { trace in files.values.contains { $0.range(of: Data(trace.utf8)) != nil } }
    }
}

/// What the agent was given.
private final class Heard: Sendable {
    private let kept = Lock<[String]>([])
    var turns: [String] { kept.withLock { $0 } }
    func add(_ text: String) { kept.withLock { $0.append(text) } }
}

/// Reads back what it hears, gives it to a tool, and says it in an error.
private struct CardTaker: Dialogue {
    let language = DialogueLanguage()
    let heard: Heard

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            switch input {
            case .callerSaid(let turn) where turn.text == "bye":
                heard.add(turn.text)
                outputs.yield(.say("Goodbye."))
                outputs.yield(.hangUp(reason: "paid with 4111111111111111"))
            case .callerSaid(let turn):
                heard.add(turn.text)
                outputs.yield(
                    .understood(Understanding(intent: "pay", entities: ["card": "4111111111111111"], confidence: 1)))
                outputs.yield(.say("I have \(turn.text)."))
                outputs.yield(.say("That is 4111-1111-1111-1111."))
                let call = ToolInvocation(
                    id: "t\(turn.number)", name: "pay", arguments: ["card": "4111 1111 1111 1111"])
                outputs.yield(.toolStarted(call))
                outputs.yield(.toolFinished(call, .result(["charged": "4111111111111111"])))
            default: outputs.yield(.say("Good day."))
            }
            outputs.finish()
        }
    }

    func cutLastReply(toHeard heard: String) {}
}
