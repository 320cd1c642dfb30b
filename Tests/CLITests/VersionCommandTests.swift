import Foundation
import GRDB
import Store
import Testing

@Suite("Versions of agents at the command line")
struct VersionCommandTests {
    private let folder: TemporaryFolder
    private let file: URL

    init() throws {
        folder = try TemporaryFolder()
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let agents = folder.url.appending(path: "agents")
        try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
        file = agents.appending(path: "thermostat.yaml")
        try FileManager.default.copyItem(at: root.appending(path: "config/agents/thermostat.yaml"), to: file)
    }

    private func parley(_ arguments: String...) async throws -> Command.Outcome {
        let environment = [
            "PARLEY_STORE_PATH": folder.url.appending(path: "parley.sqlite").path,
            "PARLEY_AGENTS_DIRECTORY": file.deletingLastPathComponent().path, "PARLEY_AGENTS_DEFAULT": "thermostat",
        ]
        return try await Command(["agent"] + arguments, in: folder.url, environment: environment).ended()
    }

    private func replace(_ old: String, with new: String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacing(old, with: new).utf8).write(to: file)
    }

    @Test("are published, listed, compared, tried on some calls and rolled back")
    func whole() async throws {
        #expect(try await parley("versions", "thermostat").output.contains("its file takes the calls"))
        let first = try await parley("publish", "thermostat", "--note", "as it was", "--by", "ann")
        #expect(first.status == 0 && first.output.hasPrefix("thermostat: version 1 ("), "\(first)")
        #expect(try await parley("diff", "thermostat").output == "version 1 and the file are the same.\n")
        try replace("Hello, this is the thermostat.", with: "Good day.")
        let diff = try await parley("diff", "thermostat")
        #expect(
            diff.output.hasPrefix("--- thermostat.yaml (version 1)\n+++ thermostat.yaml (the file)\n@@ -"), "\(diff)")
        #expect(diff.output.contains("-greeting: \"Hello, this is the thermostat.\"\n+greeting: \"Good day.\"\n"))
        #expect(
            try await parley("publish", "thermostat", "--percent", "10").output.contains("takes 10 of 100 new calls"))
        let list = try await parley("versions", "thermostat").output.split(separator: "\n")
        #expect(list.count == 2 && list[0].contains("trial 10 %") && list[1].contains("live 90 %"), "\(list)")
        #expect(list[1].contains("ann") && list[1].contains("0 calls") && list[1].contains("\"as it was\""), "\(list)")
        #expect(try await parley("split", "thermostat", "2", "100").output == "thermostat: version 2 takes new calls\n")
        #expect(try await parley("rollback", "thermostat").output == "thermostat: version 1 takes new calls\n")
        let none = try await parley("rollback", "thermostat")
        #expect(none.status == 1 && none.complaints.contains("no version before 1"), "\(none)")
        let json = try await parley("versions", "thermostat", "--json").output
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["live"] as? Int == 1 && (object["acts"] as? [Any])?.count == 4)
        #expect(try await parley("unpublish", "thermostat").output == "thermostat: the file takes new calls\n")
        // All of it is in the audit log, and what failed is not.
        let store = try Store(path: folder.url.appending(path: "parley.sqlite").path)
        let acts = try await store.audit(limit: 100).reversed().map { "\($0.act) \($0.detail["version"] ?? "")" }
        #expect(
            acts == [
                "agent publish 1", "agent publish 2", "agent split 2", "agent rollback ", "agent unpublish ",
            ], "\(acts)")
        #expect(try await store.verifyAudit().fault == nil)
        try store.close()
    }

    @Test("take calls although the audit log takes no row, which is said")
    func unwritten() async throws {
        #expect(try await parley("publish", "thermostat").status == 0)
        let database = try DatabaseQueue(path: folder.url.appending(path: "parley.sqlite").path)
        try await database.write {
            try $0.execute(
                sql: "CREATE TRIGGER audit_log_full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        try database.close()
        try replace("Hello, this is the thermostat.", with: "Good day.")
        let published = try await parley("publish", "thermostat")
        #expect(published.status == 0 && published.output.hasSuffix(" takes new calls\n"), "\(published)")
        #expect(published.complaints.contains("done, but not in the audit log: agent publish: "), "\(published)")
    }

    @Test("a faulty file is refused with its line, as a share that cannot be is, and nothing is kept")
    func refused() async throws {
        try replace("max_reasks: 2", with: "max_reasks: twelve")
        let fault = try await parley("publish", "thermostat")
        #expect(fault.status == 1 && fault.complaints.contains("thermostat.yaml:12:"), "\(fault)")
        #expect(try await parley("publish", "nobody").complaints.contains("nobody"))
        #expect(try await parley("publish", "thermostat", "--percent", "0").status == 64)
        #expect(try await parley("versions", "thermostat").output.contains("No version"))
        let store = try Store(path: folder.url.appending(path: "parley.sqlite").path)
        #expect(try await store.versions(of: "thermostat").isEmpty)
        try store.close()
    }
}
