import Foundation
import Logging
import Networking
import Testing

@Suite("parley serve and bodies that do not end")
struct BodyFloodTests {
    private static let size = 100 << 20
    /// More than any operation takes, so that whatever is kept of a body of 100 MB is kept of one of these too.
    private static let warmUpSize = 4 << 20
    /// How much more memory may be resident at the worst moment than before, where bodies come one after the other [KiB].
    ///
    /// Of one body there is in memory, at the same time, at most 1 MiB that an operation collects, half of that again while the
    /// buffer grows, and some 14 reads of 64 KiB that the framework takes ahead of it: 2.5 MiB. The allocator may keep as much
    /// for each of the few threads that do this by turns. It is less than was sent in any single body by far, and one that kept
    /// 1 MiB of each would be beyond it.
    private static let mostInTurn = 16 << 10
    /// The same, where ``atOnce`` bodies come at the same time: of two of them, whose operations collect 1 MiB, 2.5 MiB as above,
    /// of nine, of which less is collected or nothing, 1 MiB of reads, of those who ask first nothing; and as much again for the
    /// allocator. A third of one body.
    private static let mostAtOnce = 32 << 10
    private static let atOnce = 16

    private typealias Target = (path: String, type: String, port: Int)

    /// Sends bodies as each of the targets takes them, in turn; every framing, and some that go on after the answer.
    private static func uploads(_ size: Int, _ targets: [Target]) -> [LargeUpload] {
        targets.enumerated().flatMap { index, target in
            LargeUpload.Framing.allCases.map { framing in
                LargeUpload(
                    size: size, path: target.path, type: target.type, port: target.port, framing: framing,
                    heeds: framing == .asksFirst || index % 4 != 0)
            }
        }
    }

    private static func check(_ answer: LargeUpload.Outcome, to upload: LargeUpload) {
        let place = "\(upload.path), \(upload.framing): \(answer)"
        switch upload.framing {
        // The line may be cut with the answer still on its way; a service without campaigns says that first.
        case .chunked: #expect([413, 503, nil].contains(answer.status), "\(place)")
        case .length: #expect([413, nil].contains(answer.status), "\(place)")
        case .asksFirst: #expect(answer.status == 413 && answer.sent == 0, "\(place)")
        }
        if upload.heeds { #expect(answer.sent < upload.size, "\(place): taken to its end") }
    }

    @Test(
        "100 MB are refused wherever a body is taken, with their length or without, one by one and many at once, in memory that does not grow"
    )
    func refused() async throws {
        let folder = try TemporaryFolder()
        try ServeTests.prepare(folder.url)
        let serve = try Command(["serve", "--config", "parley.yaml"], in: folder.url)
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let outcome: Result<Void, any Error>
        do {
            try await ServeTests.waitUntil("it listens") {
                ServeTests.logged("listening", "port", in: serve.complaints) != nil
            }
            let open = try #require(ServeTests.logged("listening", "port", in: serve.complaints))
            let port = try #require(
                ServeTests.logged("the private plane is listening", "port", in: serve.complaints))
            let targets: [Target] = [
                ("/api/v1/agents/validate", "application/json", port), ("/api/v1/keys", "application/json", port),
                ("/api/v1/session", "application/json", port), ("/api/v1/calls", "application/json", port),
                ("/api/v1/do-not-call", "application/json", port), ("/api/v1/campaigns", "application/yaml", port),
                ("/api/v1/campaigns/none/contacts/preview", "text/csv", port),
                ("/twilio/voice", "application/x-www-form-urlencoded", open),
            ]
            // What requests need for themselves, however large they are, is not counted: the same is sent before, in small.
            for upload in Self.uploads(Self.warmUpSize, targets) { _ = await upload.send() }
            _ = await Self.sendAtOnce(Self.uploads(Self.warmUpSize, targets))

            var memory = try ResidentMemory(of: serve.processID)
            for upload in Self.uploads(Self.size, targets) {
                Self.check(await upload.send(), to: upload)
                try memory.look()
            }
            print("bodies of 100 MB one after the other: \(memory)")
            #expect(memory.growth < Self.mostInTurn, "\(memory)")

            memory = try ResidentMemory(of: serve.processID)
            for _ in 0..<2 {
                for (upload, answer) in await Self.sendAtOnce(Self.uploads(Self.size, targets)) {
                    Self.check(answer, to: upload)
                }
                try memory.look()
            }
            print("bodies of 100 MB, \(Self.atOnce) at once: \(memory)")
            #expect(memory.growth < Self.mostAtOnce, "\(memory)")

            // One that says its length is refused before any of it is sent, and the next request is answered.
            let said = try await client.send(
                HTTPClientRequest(
                    method: "POST", url: "http://127.0.0.1:\(port)/api/v1/live/hangup",
                    headers: [("Content-Type", "application/json")], body: [UInt8](repeating: 0x20, count: 2 << 20)))
            #expect(said.status == 413)
            let health = try await client.send(
                HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(port)/api/v1/health"))
            #expect(health.status == 200)
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await client.shutdown()
        serve.terminate()
        _ = try await serve.ended()
        try outcome.get()
    }

    /// Sends them all, ``atOnce`` at a time.
    private static func sendAtOnce(_ uploads: [LargeUpload]) async -> [(LargeUpload, LargeUpload.Outcome)] {
        await withTaskGroup(of: (LargeUpload, LargeUpload.Outcome).self) { group in
            var answers: [(LargeUpload, LargeUpload.Outcome)] = []
            for (index, upload) in uploads.enumerated() {
                if index >= atOnce, let answer = await group.next() { answers.append(answer) }
                group.addTask { (upload, await upload.send()) }
            }
            for await answer in group { answers.append(answer) }
            return answers
        }
    }
}
