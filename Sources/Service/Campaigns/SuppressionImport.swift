import Campaigns
package import Foundation
package import Store

/// Reads a list of people not to call: one number a line, or the first column of a CSV file.
package struct SuppressionImport: Sendable {
    package struct Report: Sendable, Equatable, Encodable {
        package var list: String
        package var numbers = 0
        /// Lines without a number that can be called; the first of them.
        package var unreadable: [String] = []
        package var unreadableCount = 0
        package var version: CalendarDay?
    }

    private let store: Store
    private let now: @Sendable () -> Date

    package init(store: Store, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.now = now
    }

    /// - Parameters:
    ///   - list: ``SuppressionRecord/internalList`` or ``SuppressionRecord/nationalList``.
    ///   - version: the day a registry's copy was made; it counts only when all of the file was read, and a number was in it.
    ///   - country: of numbers without a country code.
    package func run(
        path: String, list: String, version: CalendarDay?, country: String, reason: String
    ) async throws -> Report {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CampaignError(.badFile, path, "cannot be opened; is it there, and may it be read?")
        }
        defer { try? file.close() }
        var report = Report(list: list, version: version)
        var piece = try file.read(upToCount: 65_536) ?? Data()
        var parser = CSVParser(CSVDialect(detecting: Array(piece)))
        var batch: [SuppressionRecord] = []
        while !piece.isEmpty {
            for record in parser.parse(Array(piece)[...]) { take(record, list, country, reason, &batch, &report) }
            if batch.count >= 1000 {
                try await store.suppress(batch)
                batch.removeAll(keepingCapacity: true)
            }
            piece = try file.read(upToCount: 65_536) ?? Data()
        }
        if let last = parser.finish() { take(last, list, country, reason, &batch, &report) }
        try await store.suppress(batch)
        // A file without any number is no copy of a registry: with its day, everybody on the registry could be called.
        if report.numbers == 0 { report.version = nil }
        if let version = report.version { try await store.setListVersion(list, version, at: now()) }
        return report
    }

    private func take(
        _ record: CSVParser.Record, _ list: String, _ country: String, _ reason: String,
        _ batch: inout [SuppressionRecord], _ report: inout Report
    ) {
        let fault: String
        switch record {
        case .fault(let line, let reason, _): fault = "line \(line): \(reason)"
        case .row(let line, let fields):
            do {
                let number = try PhoneNumber(fields[0], country: country)
                batch.append(SuppressionRecord(list: list, number: number.e164, reason: reason, addedAt: now()))
                report.numbers += 1
                return
            } catch {
                // The first line may name the column. With a digit it is somebody's number, who would be called.
                if line == 1, !fields[0].contains(where: \.isNumber) { return }
                fault = "line \(line): \(error.rawValue)"
            }
        }
        report.unreadableCount += 1
        if report.unreadable.count < 20 { report.unreadable.append(fault) }
    }
}
