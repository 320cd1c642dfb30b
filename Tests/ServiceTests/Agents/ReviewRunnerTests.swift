import Agent
import Foundation
import Networking
import Service
import Store
import Synchronization
import Testing

@Suite("What a person approved")
struct ReviewRunnerTests {
    /// Writes each act of it to a file, as a vendor would keep it.
    private struct Vendor: Tool {
        let file: String
        var dies = false
        var answer: ToolError.Code?
        let definition = ToolDefinition(
            name: "send", summary: "Sends.", parameters: ["type": "object"], risk: .irreversible)

        /// As the contract of tools asks: once for a key.
        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            if let answer { throw ToolError(answer, tool: "send", detail: "as the test says") }
            let done = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            if !done.contains("\(context.idempotencyKey)\n") {
                try? Data((done + context.idempotencyKey + "\n").utf8).write(to: URL(fileURLWithPath: file))
            }
            if dies { kill(getpid(), SIGKILL) }
            return ["sent": arguments]
        }
    }

    private static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "parley-review-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    static func file(_ store: Store, key: String = "c1/1/send", expires: Double = 3600) async throws -> ReviewRecord {
        try await store.file(
            ReviewDraft(
                idempotencyKey: key, callID: "c1", agent: "sdr", agentVersion: "v", contact: "", tool: "send",
                arguments: #"{"to":"ann"}"#, reason: "policy", expiresAt: Date(timeIntervalSinceNow: expires)))
    }

    @Test("is done once, although the process is killed between the act and the note of it")
    func killed() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            let store = try Store(path: folder + "/parley.db")
            let review = try await ReviewRunnerTests.file(store)
            _ = try await store.decide(review: review.id, .approved, by: "eve")
            let vendor = Vendor(file: folder + "/sent", dies: true)
            _ = try await ReviewRunner(store: store, tools: { [vendor] }, lease: .milliseconds(1)).runOnce()
        }
        #expect(try String(contentsOfFile: folder + "/sent", encoding: .utf8) == "review/1\n")
        let store = try Store(path: folder + "/parley.db")
        #expect(try await store.review(id: 1).state == .running)
        let runner = ReviewRunner(
            store: store, tools: { [Vendor(file: folder + "/sent")] }, now: { Date(timeIntervalSinceNow: 10) })
        let done = try await runner.runOnce()
        #expect(done.map(\.state) == [.done] && done.first?.attempts == 2)
        #expect(try String(contentsOfFile: folder + "/sent", encoding: .utf8) == "review/1\n")
        #expect(try await runner.runOnce() == [])
    }

    @Test(
        "ends as what came of it",
        arguments: [
            (ToolError.Code.unavailable, ReviewRecord.State.failed), (.invalidArguments, .failed),
            (.deadlineExceeded, .unclear),
        ])
    func outcome(code: ToolError.Code, state: ReviewRecord.State) async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/parley.db")
        let review = try await Self.file(store)
        _ = try await store.decide(review: review.id, .approved, by: "eve")
        let runner = ReviewRunner(store: store, tools: { [Vendor(file: folder + "/sent", answer: code)] })
        #expect(try await runner.runOnce().map(\.state) == [state])
        // What is unclear is for a person to look at, and what failed for one to file again.
        #expect(try await runner.runOnce() == [])
    }

    @Test("keeps what is masked everywhere else only as long as it waits for a person or is being done")
    func masked() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/parley.db")
        let card = "4012888888881881"
        func file(_ key: String, expires: Double = 3600) async throws -> Int {
            try await store.file(
                ReviewDraft(
                    idempotencyKey: key, callID: "c1", agent: "sdr", agentVersion: "v", contact: "", tool: "send",
                    arguments: #"{"card":"\#(card)"}"#, reason: "asks for \(card)",
                    expiresAt: Date(timeIntervalSinceNow: expires))
            ).id
        }
        let mask = PersonalDataMask()
        let (done, rejected, pending) = (try await file("a"), try await file("b"), try await file("c"))
        let late = try await file("d", expires: -1)
        _ = try await store.decide(review: done, .approved, by: "eve", masking: { mask.maskJSON($0) })
        #expect(try await store.review(id: done).arguments.contains(card))
        let told = try await store.decide(review: rejected, .rejected, by: "eve", masking: { mask.maskJSON($0) })
        #expect(!told.arguments.contains(card) && told.arguments.contains("•"))
        let runner = ReviewRunner(store: store, tools: { [Vendor(file: folder + "/sent")] }, mask: mask)
        let results = try await runner.runOnce().map(\.result)
        #expect(results.count == 1 && results.first??.contains("•") == true)
        for id in [done, rejected, late] {
            let review = try await store.review(id: id)
            #expect(!"\(review)".contains(card), "\(review)")
        }
        // Somebody has to see what they approve.
        let waiting = try await store.review(id: pending)
        #expect(waiting.arguments.contains(card) && waiting.reason.contains(card))
    }

    @Test("is part of the trace of the call that it was asked for on")
    func traced() async throws {
        struct Told: Tool {
            let traceparent: @Sendable (String?) -> Void
            let definition = ToolDefinition(
                name: "send", summary: "Sends.", parameters: ["type": "object"], risk: .irreversible)

            func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
                traceparent(context.call.traceparent)
                return [:]
            }
        }
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/parley.db")
        let review = try await Self.file(store)
        _ = try await store.decide(review: review.id, .approved, by: "eve")
        let told = Lock<[String?]>([])
        let tool = Told { trace in told.withLock { $0.append(trace) } }
        try await ReviewRunner(store: store, tools: { [tool] }, traceparent: { "00-\($0)" }).runOnce()
        #expect(told.withLock { $0 } == ["00-c1"])
    }

    @Test("is not done when it was rejected, expired, or nobody decided")
    func notApproved() async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/parley.db")
        let rejected = try await Self.file(store, key: "a")
        _ = try await store.decide(review: rejected.id, .rejected, by: "eve")
        let late = try await Self.file(store, key: "b", expires: -1)
        _ = try await Self.file(store, key: "c")
        let runner = ReviewRunner(store: store, tools: { [Vendor(file: folder + "/sent")] })
        #expect(try await runner.runOnce() == [])
        #expect(!FileManager.default.fileExists(atPath: folder + "/sent"))
        #expect(try await store.review(id: late.id).state == .expired)
    }
}
