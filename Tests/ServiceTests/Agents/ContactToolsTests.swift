import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("Facts about contacts as tools")
struct ContactToolsTests {
    @Test("are noted and told for whoever is on the line, and for nobody else")
    func facts() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-facts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.sqlite").path)
        let tools = Dictionary(uniqueKeysWithValues: ContactTools.all(store).map { ($0.definition.name, $0) })
        let (ask, note) = (try #require(tools["contact_facts"]), try #require(tools["contact_note"]))
        func context(_ number: String) -> ToolContext {
            ToolContext(call: CallFacts(callID: "call-7", callerNumber: number), idempotencyKey: "k")
        }
        for value in ["German", "English"] {
            let noted = try await note.call(
                ["name": "language", "value": .string(value)], context: context("+15550101"))
            #expect(noted == ["noted": "language"])
        }
        let facts = try await ask.call([:], context: context("+15550101"))
        // The newest stands, with who said so and when.
        #expect(facts["facts"]?.array?.count == 1)
        #expect(facts["facts"]?[0]?["value"] == "English" && facts["facts"]?[0]?["source"] == "call call-7")
        #expect(facts["facts"]?[0]?["noted"]?.string?.hasSuffix("Z") == true)
        #expect(try await ask.call([:], context: context("+15550102")) == ["facts": []])
        await #expect(throws: ToolError.self) { _ = try await ask.call([:], context: context("")) }
        #expect(ask.definition.risk == .read && note.definition.risk == .reversible)
        try store.close()
    }

    @Test("what callers prove themselves with is not taken from a call")
    func proofs() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-facts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.sqlite").path)
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/examples/verified/account.yaml")
        let agent = try AgentDefinition(yaml: Data(contentsOf: file), file: "account.yaml") { _ in Data() }
        let note = try #require(
            ContactTools.all(store, agents: { ["account": agent] }).first { $0.definition.name == "contact_note" })
        let context = ToolContext(
            call: CallFacts(callID: "call-7", callerNumber: "+15550101"), idempotencyKey: "k")
        do {
            _ = try await note.call(["name": "pin", "value": "1234"], context: context)
            Issue.record("the caller set their own PIN")
        } catch {
            #expect(error.code == .conflict)
        }
        #expect(try await store.facts(of: "+15550101").isEmpty)
        #expect(try await note.call(["name": "language", "value": "German"], context: context)["noted"] != nil)
        try store.close()
    }
}
