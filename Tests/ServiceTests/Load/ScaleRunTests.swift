import Campaigns
import Foundation
import Logging
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("What campaigns and the store cost", .serialized)
struct ScaleRunTests {
    @Test("rows, decisions and calls are counted as they were made, on both engines", arguments: [false, true])
    func figures(onServer: Bool) async throws {
        try await OfficeUnderTest.run { test in
            let store = onServer ? try Store(postgres: TestServer.shared.get().location()) : test.office.store
            var options = ScaleRun.Options(directory: test.directory.appending(path: "files"))
            (options.rows, options.decisions, options.calls) = (400, 250, 3)
            let run = ScaleRun(
                office: CampaignOffice(
                    store: store, rules: test.office.rules, agents: test.office.agents, now: { OfficeUnderTest.noon }),
                definition: try CampaignFile.read(
                    path: OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path),
                options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let report = try await run.run()
            #expect(report.engine == (onServer ? "postgres" : "sqlite"))
            #expect(report.rows == 400 && report.added == 360 && report.duplicates == 40 && report.rejected == 0)
            #expect(report.decisions == 250 && report.calls == 3)
            #expect(report.droppedWrites == 0 && report.writesPerCall == 199)
            #expect(report.rowsPerSecond > 0 && report.decisionsPerSecond > 0 && report.importPeakMemory > 0)
            // What it says was stored is there, and nobody was called.
            let record = try await store.campaign(named: "scale")
            #expect(try await store.openAttemptCounts() == [record.id: 250])
            #expect(try await store.attemptCounts(campaign: record.id) == [nil: 250])
            // A service that is started on it calls nobody.
            #expect(try await store.campaigns(in: .running).isEmpty)
            for call in try await store.calls().calls {
                let journal = try await store.journal(ofCall: call.id)
                #expect(journal.map(\.sequence) == Array(0..<181))
                // As replays read them.
                #expect(throws: Never.self) { try CallReplay(call: call.id, journal: journal) }
            }
            #expect(try await store.count(ofTable: "turns", where: [:]) == 3 * 13)
            #expect(!FileManager.default.fileExists(atPath: options.directory.path))
            // A database with something in it is not filled.
            await #expect(throws: CampaignError.self) { try await run.run() }
            if onServer { try store.close() }
        }
    }

    @Test("a database whose calls another process places is not filled")
    func locked() async throws {
        try await OfficeUnderTest.run { test in
            let lock = try #require(try await DialerLock.take(of: test.office.store))
            let run = ScaleRun(
                office: test.office,
                definition: try CampaignFile.read(
                    path: OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path),
                options: ScaleRun.Options(directory: test.directory.appending(path: "files")),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            await #expect(throws: CampaignError.self) { try await run.run() }
            #expect(try await test.office.store.campaigns().isEmpty)
            #expect(await lock.isHeld())
        }
    }
}
