import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("A hand-over between steps of a team")
struct TeamHandOverTests {
    @Test("a report that a person approved goes on with its values, of which its review keeps no second copy")
    func handedOver() async throws {
        let folder = try TeamUnderTest.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/parley.db")
        let card = "4012888888881881"
        let review = try await store.file(
            ReviewDraft(
                idempotencyKey: "k", callID: "team-r-draft", agent: "crew", agentVersion: "v", contact: "",
                tool: TeamHandOver.name,
                arguments: JSONValue.object(["run": "r", "step": "draft", "report": .string(card)]).text,
                reason: "r", expiresAt: Date() + 60))
        _ = try await store.decide(review: review.id, .approved, by: "eve")
        try await ReviewRunner(store: store, tools: { [TeamHandOver()] }).runOnce()
        let done = try await store.review(id: review.id)
        #expect(done.state == .done && done.result?.contains(card) == true)
        #expect(!done.arguments.contains(card) && done.arguments.contains("•"))
        try store.close()
    }
}
