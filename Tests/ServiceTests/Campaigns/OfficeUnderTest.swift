import Agent
import Campaigns
import Foundation
import Store

@testable import Service

/// An office over a database of its own, with the tables and the agents that Parley ships, at a moment of its own.
struct OfficeUnderTest {
    /// Wednesday, 12:00 in New York.
    static let noon = Date(timeIntervalSince1970: 1_796_230_800)

    let office: CampaignOffice
    let directory: URL

    /// Read once: their intents are learned each time.
    private static let agents = Result { try AgentLibrary.load(directory: ServiceUnderTest.shippedAgents).agents }

    static var configurationFolder: URL { ServiceUnderTest.shippedAgents.deletingLastPathComponent() }

    static func run(_ body: (OfficeUnderTest) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-office-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try Store(path: directory.appending(path: "parley.db").path)
        let office = CampaignOffice(
            store: store, rules: try CallingRules(directory: configurationFolder.appending(path: "campaigns").path),
            agents: try agents.get(), now: { noon })
        try await body(OfficeUnderTest(office: office, directory: directory))
        try store.close()
    }

    func write(_ text: String, to name: String) throws -> String {
        let path = directory.appending(path: name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func importing(_ path: String, to campaign: String = "reminder") async throws -> ContactImport.Report {
        try await ContactImport(office: office, path: path, rejectedPath: path + ".rejected.csv").run(
            campaign: campaign)
    }
}
