import Agent
import Campaigns
import Foundation
import Store

/// The results of a campaign, a contact at a time, also while it runs.
package struct CampaignExport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case csv
        /// One JSON object a line.
        case jsonl
    }

    private struct Line: Encodable {
        var number: String
        var state: String
        var outcome: String?
        var attempts: Int
        var nextAt: Date?
        var lastAttemptAt: Date?
        var answeredAt: Date?
        var answerer: String?
        var carrierCallID: String?
        var callID: String?
        /// Of the last attempt's call, and of all of them; decimal numbers.
        var cost: String?
        var costOfAll: String?
        var currency: String?
        var detail: String?
        var variables: [String: String]
        /// What is written down of the last attempt's call.
        var disposition: String?
        var summary: String?
        var extracted: [String: JSONValue]?
        /// Where the private plane has that call's recording.
        var recording: String?
    }

    private let office: CampaignOffice
    private let format: Format

    package init(office: CampaignOffice, format: Format) {
        self.office = office
        self.format = format
    }

    /// - Parameter write: given one line at a time, without its end.
    package func run(campaign name: String, write: (String) throws -> Void) async throws {
        let record = try await office.store.campaign(named: name)
        let fields = fields(of: record)
        if let header = self.header(fields) { try write(header) }
        var last = 0
        while let page = try await page(of: record.id, fields, after: last) {
            for line in page.lines { try write(line) }
            last = page.last
        }
    }

    /// What the campaign's agent has taken from its calls, each a column.
    func fields(of campaign: CampaignRecord) -> [String] {
        guard let definition = try? CampaignDefinition(stored: campaign.definition) else { return [] }
        return office.agents[definition.agent]?.afterCall?.fields.map(\.name) ?? []
    }

    /// The first line, where the format has one.
    func header(_ fields: [String]) -> String? {
        guard format == .csv else { return nil }
        return
            "number,state,outcome,attempts,next_at,last_attempt_at,answered_at,answerer,carrier_call_id,call_id,cost,cost_of_all,currency,detail,variables,disposition,summary,recording"
            + fields.map { ",extracted_\($0)" }.joined()
    }

    /// The lines of the next contacts.
    ///
    /// - Parameters:
    ///   - fields: those of ``fields(of:)``.
    ///   - last: the last contact of the page before; 0 for the first page.
    /// - Returns: nil when there are no more.
    func page(of campaign: String, _ fields: [String], after last: Int) async throws -> (lines: [String], last: Int)? {
        let page = try await office.store.contacts(campaign: campaign, after: last)
        guard let end = page.last else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        var lines: [String] = []
        for contact in page {
            let attempts = try await office.store.attempts(contact: contact.id)
            let attempt = attempts.last
            let costs = try await office.store.costs(ofCalls: attempts.compactMap(\.callID))
            // Prices may have been in another currency before.
            let last = attempt?.callID.flatMap { costs[$0] }
            let currency = last?.currency ?? costs.values.compactMap(\.currency).first
            let call = attempt?.callID
            let analyses = try await office.store.analyses(ofCalls: [call].compactMap(\.self))
            let written = call.flatMap { analyses[$0] }
            let found = written?.found
            let recorded = try await office.store.recorded(ofCalls: [call].compactMap(\.self))
            let amounts = costs.values.filter { $0.currency == currency }.compactMap(\.total)
            let line = Line(
                number: contact.number, state: contact.state.rawValue, outcome: contact.outcome,
                attempts: contact.attempts, nextAt: contact.state == .waiting ? contact.nextAt : nil,
                lastAttemptAt: attempt?.askedAt, answeredAt: attempt?.answeredAt,
                answerer: attempt?.answerer, carrierCallID: attempt?.carrierCallID, callID: attempt?.callID,
                cost: last?.total.map { "\($0)" },
                costOfAll: amounts.isEmpty ? nil : "\(amounts.reduce(0, +))",
                currency: amounts.isEmpty ? nil : currency,
                detail: attempt?.detail,
                variables: contact.variables, disposition: written?.disposition, summary: found?.summary,
                extracted: found?.values,
                recording: call.flatMap {
                    recorded.contains($0) ? "\(ProblemMiddleware.prefix)/calls/\($0)/recording" : nil
                })
            lines.append(try text(line, fields, encoder))
        }
        return (lines, end.id)
    }

    private func text(_ line: Line, _ fields: [String], _ encoder: JSONEncoder) throws -> String {
        if format == .jsonl { return String(decoding: try encoder.encode(line), as: UTF8.self) }
        func time(_ date: Date?) -> String { date.map { $0.ISO8601Format() } ?? "" }
        func plain(_ value: JSONValue?) -> String { value.map { $0.string ?? $0.text } ?? "" }
        let cells = [
            line.number, line.state, line.outcome ?? "", "\(line.attempts)", time(line.nextAt),
            time(line.lastAttemptAt), time(line.answeredAt), line.answerer ?? "", line.carrierCallID ?? "",
            line.callID ?? "", line.cost ?? "", line.costOfAll ?? "", line.currency ?? "",
            line.detail ?? "", String(decoding: try encoder.encode(line.variables), as: UTF8.self),
            line.disposition ?? "", line.summary ?? "", line.recording ?? "",
        ]
        return CSVText.line(cells + fields.map { plain(line.extracted?[$0]) })
    }
}
