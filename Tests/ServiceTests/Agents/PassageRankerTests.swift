import Agent
import Emulators
import Foundation
import Logging
import Networking
import Store
import Testing

@testable import Service

@Suite("Passages in the order of their meaning", .timeLimit(.minutes(1)))
struct PassageRankerTests {
    private static let question = "delivery delivery delivery of a table"

    /// Found by words, the one with both words in its heading first; by meaning the one about delivery.
    private static let document = """
        # Table care after delivery

        A table is a table. Wipe the table. Oil the table. The table likes oil, and the table lasts.

        # How things come to you

        Delivery takes two days. Delivery of a bed or a table is by two people, delivery is free.
        """

    private struct Rig {
        let tool: KnowledgeTool
        let fleet: EmulatorFleet
        let registry: PrometheusRegistry
        let store: Store

        func headings() async throws -> [String] {
            let found = try await tool.call(
                ["question": .string(PassageRankerTests.question)],
                context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
            return (found["passages"]?.array ?? []).compactMap { $0["heading"]?.string }
        }

        func count(_ outcome: String) -> Bool {
            registry.page().contains("parley_knowledge_rankings_total{outcome=\"\(outcome)\"} 1")
        }
    }

    private func withRig(
        _ faults: [SpeechEmulatorConfiguration.Fault] = [], apiKey: String = "emulated",
        deadline: Duration = .milliseconds(300), _ body: (Rig) async throws -> Void
    ) async throws {
        var configuration = EmulatorFleet.Configuration()
        configuration.embeddings = SpeechEmulatorConfiguration(faults: faults)
        let logger = Logger(label: "test")
        let fleet = EmulatorFleet(configuration, logger: logger)
        let addresses = try await fleet.start()
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-rank-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        let store = try Store(path: path.appending(path: "parley.sqlite").path)
        let document = Document(text: Self.document, kind: "md", path: "house.md")
        try await store.add(document: "house.md", title: "House", hash: "1", passages: document.passages)
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
        let registry = PrometheusRegistry()
        let ranker = PassageRanker(
            EmbeddingClient(baseURL: addresses.openAI, model: "m", apiKey: apiKey, client: client),
            deadline: deadline, logger: logger, factory: PrometheusMetricsFactory(registry: registry))
        try await body(
            Rig(tool: KnowledgeTool(store: store, ranker: ranker), fleet: fleet, registry: registry, store: store))
        await client.shutdown()
        await fleet.shutdown()
        try store.close()
    }

    private static let byWords = ["Table care after delivery", "How things come to you"]

    @Test("come first where they are nearest, and are asked for once")
    func ranked() async throws {
        try await withRig { rig in
            let tool = KnowledgeTool(store: rig.store)
            let plain = Rig(tool: tool, fleet: rig.fleet, registry: rig.registry, store: rig.store)
            let words = try await plain.headings()
            #expect(words == Self.byWords)
            let meaning = try await rig.headings()
            #expect(meaning == Self.byWords.reversed())
            #expect(rig.count("ranked"))
            // Every vector is known by now.
            _ = try await rig.headings()
            #expect(rig.fleet.embeddings.counts.requests.count == 1)
            #expect(rig.fleet.embeddings.counts.refusals.count == 0)
        }
    }

    @Test(
        "stay in the order of their words when the model is late, refuses, breaks off or answers nonsense",
        arguments: [
            (.delay(.seconds(5)), "late"), (.stall(afterChunks: 0), "late"),
            (.refuse(status: 500, code: "server_error"), "failed"), (.refuse(status: 429, code: "rate"), "failed"),
            (.cut(afterChunks: 0), "failed"), (.garbage, "failed"), (.empty, "failed"),
        ] as [(SpeechEmulatorConfiguration.Fault, String)])
    func failures(fault: SpeechEmulatorConfiguration.Fault, outcome: String) async throws {
        try await withRig([fault]) { rig in
            let start = ContinuousClock.now
            let first = try await rig.headings()
            #expect(first == Self.byWords)
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(rig.count(outcome), "\(rig.registry.page())")
            // The next question is asked again.
            let next = try await rig.headings()
            #expect(next == Self.byWords.reversed())
        }
    }

    @Test("stay so with a key that is refused")
    func key() async throws {
        try await withRig(apiKey: "wrong") { rig in
            let found = try await rig.headings()
            #expect(found == Self.byWords)
            #expect(rig.count("failed"))
        }
    }

    @Test("are put into order by the cosine alone, equal ones as they were")
    func order() throws {
        let passages = ["a", "b", "c", "d"].map { Passage(source: $0, title: "", heading: "", text: $0) }
        let vectors = [[1.0, 0], [-1, 0], [0, 2], [3, 3], [0, 1]].compactMap(EmbeddingVector.init)
        #expect(PassageRanker.rank(passages, by: vectors)?.map(\.passage.text) == ["c", "b", "d", "a"])
        #expect(EmbeddingVector([]) == nil && EmbeddingVector([0, 0]) == nil && EmbeddingVector([.nan]) == nil)
        let other = try #require(EmbeddingVector([1, 1, 1]))
        #expect(vectors[0].cosine(to: other) == nil)
        var cache = EmbeddingCache(capacity: 2)
        for text in ["x", "y", "z"] { cache.keep(vectors[0], of: text) }
        #expect(cache["x"] == nil && cache["y"] != nil && cache["z"] != nil)
    }
}
