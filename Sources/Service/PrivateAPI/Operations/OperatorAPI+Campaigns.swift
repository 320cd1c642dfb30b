import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// Campaigns: how they go, and stopping and starting them.
extension OperatorAPI {
    /// How far back the pace of a campaign is told, seconds.
    private static let paceSpan: TimeInterval = 7 * 86_400

    var campaignRoutes: [APIRoute] {
        [
            APIRoute(.get, "/campaigns") { request, _ in
                let wish = try request.query.page()
                let found = try await office().list(
                    limit: wish.asked, after: wish.after, includesDials: try request.query.flag("dials") ?? false)
                let page = ListPage(found, wish) { ListCursor(id: $0.name) }
                return .json(CampaignListView(campaigns: page.records, next: page.next))
            },
            APIRoute(.get, "/campaigns/{name}") { _, context in
                try await named(context) { office, name in .json(try await view(name, office)) }
            },
            APIRoute(.get, "/campaigns/{name}/export", scope: .operator, isAudited: true, export),
            APIRoute(.post, "/campaigns/{name}/pause", scope: .operator) { request, context in
                let reason = try await request.object(PauseWish.self).reason ?? "by hand"
                guard (1...200).contains(reason.count) else {
                    throw Problem.invalid("\"reason\" must have 1 to 200 characters.")
                }
                return try await named(context) { office, name in
                    _ = try await office.pause(name, reason: reason)
                    note("pause a campaign", campaign: name, context: context)
                    return .json(try await view(name, office))
                }
            },
            APIRoute(.post, "/campaigns/{name}/resume", scope: .operator) { _, context in
                try await named(context) { office, name in
                    _ = try await office.start(name)
                    note("resume a campaign", campaign: name, context: context)
                    return .json(try await view(name, office))
                }
            },
        ]
    }

    private struct PauseWish: Decodable {
        let reason: String?
    }

    /// Does something with the campaign that the address names.
    func named(
        _ context: APIContext, _ body: (CampaignOffice, String) async throws -> Response
    ) async throws -> Response {
        let name = try context.parameters.require("name")
        do { return try await body(try office(), name) } catch let error as StoreError where error.code == .notFound {
            throw Problem.notFound(
                "There is no campaign \"\(name)\"; GET /api/v1/campaigns lists those there are.")
        } catch let error as CampaignError { throw Problem(error) }
    }

    func view(_ name: String, _ office: CampaignOffice) async throws -> CampaignView {
        let record = try await store.campaign(named: name)
        func contacts(_ outcomes: [AttemptOutcome]) async throws -> Int {
            try await store.contactCount(campaign: record.id, withAttempts: outcomes.map(\.rawValue))
        }
        let status = try await office.status(name)
        return CampaignView(
            status: status, definition: CampaignView.Definition(try CampaignDefinition(stored: record.definition)),
            funnel: CampaignView.Funnel(
                contacts: status.contacts, called: try await contacts(AttemptOutcome.allCases.filter(\.counts)),
                answered: try await contacts(AttemptOutcome.allCases.filter(\.isLive)),
                reached: try await contacts([.reached])),
            pace: try await store.attemptPace(
                campaign: record.id, since: now() - Self.paceSpan,
                live: AttemptOutcome.allCases.filter(\.isLive).map(\.rawValue)
            ).map { CampaignView.Hour(begins: $0.begins, attempts: $0.attempts, answered: $0.answered) })
    }

    /// The results, a contact or an attempt a line, while they are read: a whole of millions would not fit into memory.
    private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let format = try request.query.word("format", as: CampaignExport.Format.self) ?? .csv
        let ofAttempts = try request.query.flag("attempts") ?? false
        return try await named(context) { office, name in
            let record = try await store.campaign(named: name)
            let export = CampaignExport(office: office, format: format, of: ofAttempts ? .attempts : .contacts)
            let file = "\(name)\(ofAttempts ? "-attempts" : "").\(format.rawValue)"
            let fields = export.fields(of: record)
            let type = format == .csv ? "text/csv; charset=utf-8" : "application/jsonl"
            return Response(
                status: .ok,
                headers: [
                    .contentType: type, .contentDisposition: AttachmentName.header(file),
                ],
                body: ResponseBody { writer in
                    if let header = export.header(fields) { try await writer.write(ByteBuffer(string: header + "\n")) }
                    var last: CampaignExport.Place?
                    while let page = try await export.page(of: record.id, fields, after: last) {
                        try await writer.write(ByteBuffer(string: page.lines.joined(separator: "\n") + "\n"))
                        last = page.last
                    }
                    try await writer.finish(nil)
                })
        }
    }

    /// Leaves a trace of who did what to a campaign.
    func note(_ act: String, campaign: String, context: APIContext) {
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "campaign": "\(campaign)", "key": "\(context.identity?.keyID ?? "none")"])
    }
}
