import Agent
import Campaigns
import Foundation
import Store

/// The results of a campaign, a contact or an attempt at a time, also while it runs.
package struct CampaignExport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case csv
        /// One JSON object a line.
        case jsonl
    }

    /// What has a line.
    package enum Rows: Sendable {
        /// Each contact, with the last attempt.
        case contacts
        case attempts
    }

    /// The last row of a page, behind which the next one begins.
    enum Place: Sendable {
        /// By id.
        case contact(Int)
        /// When it was intended, and its id.
        case attempt(Date, String)
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

    let office: CampaignOffice
    let format: Format
    private let rows: Rows

    package init(office: CampaignOffice, format: Format, of rows: Rows = .contacts) {
        self.office = office
        self.format = format
        self.rows = rows
    }

    /// - Parameter write: given one line at a time, without its end.
    package func run(campaign name: String, write: (String) throws -> Void) async throws {
        let record = try await office.store.campaign(named: name)
        let fields = fields(of: record)
        if let header = self.header(fields) { try write(header) }
        var last: Place?
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
        let columns =
            switch rows {
            case .contacts: Self.contactColumns
            case .attempts: Self.attemptColumns
            }
        return columns + fields.map { ",extracted_\($0)" }.joined()
    }

    /// Without what an agent's file adds.
    private static let contactColumns =
        "number,state,outcome,attempts,next_at,last_attempt_at,answered_at,answerer,carrier_call_id,call_id,cost,cost_of_all,currency,detail,variables,disposition,summary,recording"

    /// The lines of the next contacts or attempts.
    ///
    /// - Parameters:
    ///   - fields: those of ``fields(of:)``.
    ///   - last: of the page before; nil for the first page.
    /// - Returns: nil when there are no more; a page has a line at least.
    func page(
        of campaign: String, _ fields: [String], after last: Place?
    ) async throws -> (lines: [String], last: Place)? {
        switch (rows, last) {
        case (.contacts, .contact(let id)?): try await contactPage(of: campaign, fields, after: id)
        case (.contacts, _): try await contactPage(of: campaign, fields, after: 0)
        case (.attempts, .attempt(let moment, let id)?):
            try await attemptPage(of: campaign, fields, after: (intendedAt: moment, id: id))
        case (.attempts, _): try await attemptPage(of: campaign, fields, after: nil)
        }
    }

    private func contactPage(
        of campaign: String, _ fields: [String], after last: Int
    ) async throws -> (lines: [String], last: Place)? {
        let page = try await office.store.contacts(campaign: campaign, after: last)
        guard let end = page.last else { return nil }
        let encoder = Self.encoder()
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
                recording: recording(ofCall: call, among: recorded))
            lines.append(try text(line, fields, encoder))
        }
        return (lines, .contact(end.id))
    }

    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    /// Where the private plane has a call's recording, if that is one of those which have one.
    func recording(ofCall id: String?, among recorded: Set<String>) -> String? {
        guard let id, recorded.contains(id) else { return nil }
        return "\(ProblemMiddleware.prefix)/calls/\(id)/recording"
    }

    static func time(_ date: Date?) -> String { date.map { $0.ISO8601Format() } ?? "" }
    static func plain(_ value: JSONValue?) -> String { value.map { $0.string ?? $0.text } ?? "" }

    private func text(_ line: Line, _ fields: [String], _ encoder: JSONEncoder) throws -> String {
        if format == .jsonl { return String(decoding: try encoder.encode(line), as: UTF8.self) }
        let cells = [
            line.number, line.state, line.outcome ?? "", "\(line.attempts)", Self.time(line.nextAt),
            Self.time(line.lastAttemptAt), Self.time(line.answeredAt), line.answerer ?? "",
            line.carrierCallID ?? "", line.callID ?? "", line.cost ?? "", line.costOfAll ?? "",
            line.currency ?? "", line.detail ?? "", String(decoding: try encoder.encode(line.variables), as: UTF8.self),
            line.disposition ?? "", line.summary ?? "", line.recording ?? "",
        ]
        return CSVText.line(cells + fields.map { Self.plain(line.extracted?[$0]) })
    }
}
