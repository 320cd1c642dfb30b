import Agent
import Campaigns
package import Foundation
package import Logging
import Networking
package import Store

/// Measures what a campaign's contacts, its decisions and a call's rows cost: an import, decisions about those that were
/// imported, and calls through the writer, one after the other, with the code that does it in the service.
///
/// It fills the database that it is given, so that must be an empty one. Nobody is called: the campaign is never started, for
/// what is left in the database is contacts whom a service on it would call.
package struct ScaleRun: Sendable {
    package struct Options: Sendable {
        /// Of the file, 1...10,000,000. One in ten has a number that came before.
        package var rows = 1_000_000
        package var decisions = 5_000
        package var calls = 500
        /// For the file and what is left out of it; made and removed.
        package var directory: URL

        package init(directory: URL) { self.directory = directory }
    }

    /// A Wednesday, at noon in New York, where all numbers are.
    private static let noon = Date(timeIntervalSince1970: 1_796_230_800)
    private static let campaignName = "scale"
    /// Calls at a time.
    private static let callsAtOnce = 100

    private let office: CampaignOffice
    private let definition: CampaignDefinition
    private let options: Options
    private let logger: Logger

    /// - Parameter store: without campaigns and calls.
    package init(_ configuration: ParleyConfiguration, store: Store, options: Options, logger: Logger) throws {
        let agents = try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory)).agents
        self.init(
            office: CampaignOffice(
                store: store, rules: try CallingRules(directory: configuration.campaigns.directory), agents: agents,
                now: { Self.noon }),
            definition: try CampaignFile.read(path: "\(configuration.campaigns.directory)/reminder.yaml"),
            options: options, logger: logger)
    }

    init(office: CampaignOffice, definition: CampaignDefinition, options: Options, logger: Logger) {
        self.office = office
        self.options = options
        self.logger = logger
        var definition = definition
        definition.name = Self.campaignName
        definition.callsPerCallerID = .max
        self.definition = definition
    }

    /// - Parameter progress: told what is done now.
    package func run(progress: (String) -> Void = { _ in }) async throws -> ScaleReport {
        guard let lock = try await DialerLock.take(of: office.store) else {
            throw CampaignError(.wrongState, office.store.path, "another process places the calls of this database")
        }
        // Nobody places calls of a database that is being filled.
        defer { withExtendedLifetime(lock) {} }
        guard try await office.store.campaigns().isEmpty,
            try await office.store.count(ofTable: "calls", where: [:]) == 0
        else {
            throw CampaignError(
                .wrongState, office.store.path,
                "there are campaigns or calls in it; this fills a database, so name an empty one")
        }
        try FileManager.default.createDirectory(at: options.directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: options.directory) }
        var report = ScaleReport()
        report.engine = office.store.isShared ? "postgres" : "sqlite"
        _ = try await office.create(definition)
        try await importContacts(&report, progress)
        progress("\(options.decisions) decisions")
        try await decide(&report)
        progress("\(options.calls) calls")
        try await storeCalls(&report)
        return report
    }

    // MARK: Contacts

    private func importContacts(_ report: inout ScaleReport, _ progress: (String) -> Void) async throws {
        progress("writing \(options.rows) rows")
        let path = options.directory.appending(path: "contacts.csv").path
        try writeFile(path)
        let size = try await office.store.size()
        ProcessShare.beginPeak()
        report.memoryBefore = ProcessShare.memory
        let cpu = ProcessShare.cpu
        let (waits, done) = (Lock<[Duration]>([]), Lock(false))
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            // What a call must store at once waits for the import as long as this one does.
            group.addTask { [store = office.store] in
                while !done.withLock({ $0 }) {
                    let begun = ContinuousClock.now
                    try await store.proveWritable()
                    waits.withLock { $0.append(ContinuousClock.now - begun) }
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { done.withLock { $0 = true } }
            return try await ContactImport(office: office, path: path, rejectedPath: path + ".rejected").run(
                campaign: definition.name
            ) { if $0.isMultiple(of: 100_000) { progress("\($0) rows imported") } }
        }
        report.rows = result.rows
        report.added = result.added
        report.duplicates = result.duplicates
        report.rejected = result.rejected
        report.rowsPerSecond = Double(result.rows) / result.seconds
        report.importCPUMicrosecondsPerRow = (ProcessShare.cpu - cpu) / Double(result.rows) * 1e6
        report.importPeakMemory = ProcessShare.peakMemory
        let sorted = waits.withLock { $0.sorted() }
        report.longestWriteDuringImport = (sorted.last ?? .zero) / .milliseconds(1)
        report.medianWriteDuringImport = (sorted.isEmpty ? .zero : sorted[sorted.count / 2]) / .milliseconds(1)
        report.bytesPerContact = (try await office.store.size() - size) / max(result.added, 1)
    }

    /// Numbers that are given out, in New York.
    private func writeFile(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CampaignError(.badFile, path, "cannot be written") }
        defer { try? file.close() }
        var text = "phone,name,day,time,consent,consent_date,consent_source\n"
        for row in 0..<options.rows {
            // Exchanges from 200 on in nine area codes of the city and the state, 7,200,000 numbers in all.
            let index = row % 10 == 9 ? row - 9 : row
            let area = [212, 315, 347, 516, 518, 585, 607, 631, 646][index / 800_000 % 9]
            let number = (area * 1000 + 200 + index % 800_000 / 1000) * 10_000 + index % 1000
            text += "+1\(number),Anna Smith \(row),2026-12-01,10:00,express,2026-10-01,form \(row)\n"
            if text.utf8.count > 1 << 20 {
                try file.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try file.write(contentsOf: Data(text.utf8))
    }

    // MARK: Decisions

    /// As the runner decides about a campaign that runs: facts, the gate, and the intent on the disk.
    private func decide(_ report: inout ScaleReport) async throws {
        let record = try await office.store.campaign(named: definition.name)
        var use: [String: Int] = [:]
        let (begun, cpu) = (ContinuousClock.now, ProcessShare.cpu)
        while report.decisions < options.decisions {
            let campaign = try CampaignDefinition(stored: record.definition)
            let due = try await office.store.dueContacts(
                campaign: record.id, now: Self.noon + 1, limit: CampaignRunner.batch)
            guard !due.isEmpty else { break }
            let verdicts = try await office.verdicts(
                on: due, of: record, campaign, use: use, abandonment: try await office.abandonment(of: record),
                limit: options.decisions - report.decisions)
            use = verdicts.use
            try await office.store.postpone(verdicts.postponements, at: Self.noon)
            report.decisions += try await office.store.intend(verdicts.calls.map(\.attempt)).count
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        report.decisionsPerSecond = Double(report.decisions) / seconds
        report.decisionCPUMicroseconds = (ProcessShare.cpu - cpu) / Double(max(report.decisions, 1)) * 1e6
    }

    // MARK: Calls

    private func storeCalls(_ report: inout ScaleReport) async throws {
        let writer = try StoreWriter(
            store: office.store,
            options: StoreWriterOptions(
                linger: .zero, spillPath: options.directory.appending(path: "spill.jsonl").path),
            logger: logger)
        let size = try await office.store.size()
        var (seconds, cpu) = (0.0, 0.0)
        await withDiscardingTaskGroup { group in
            group.addTask { await writer.run() }
            for first in stride(from: 0, to: options.calls, by: Self.callsAtOnce) {
                let count = min(Self.callsAtOnce, options.calls - first)
                let calls = (first..<first + count).map {
                    ScaleCall(begun: Self.noon + Double($0), node: "n000000000000000").portions()
                }
                report.writesPerCall = calls[0].reduce(0) { $0 + $1.count }
                report.calls += count
                // Making them up is no part of what they cost.
                let (begun, cpuBefore) = (ContinuousClock.now, ProcessShare.cpu)
                // As calls that are held at the same time: a little of each in turn. What is said in 50 s is handed over at
                // once; a flush stands where the writer would have stored what waits.
                for portion in calls[0].indices {
                    for index in calls[0][portion].indices {
                        for call in calls { writer.enqueue(call[portion][index]) }
                    }
                    await writer.flush()
                }
                seconds += (ContinuousClock.now - begun) / .seconds(1)
                cpu += ProcessShare.cpu - cpuBefore
            }
            await writer.close()
        }
        report.droppedWrites = writer.metrics.dropped
        report.writesPerSecond = Double(writer.metrics.written) / seconds
        report.callCPUMilliseconds = cpu / Double(max(report.calls, 1)) * 1000
        report.bytesPerCall = (try await office.store.size() - size) / max(report.calls, 1)
    }
}
