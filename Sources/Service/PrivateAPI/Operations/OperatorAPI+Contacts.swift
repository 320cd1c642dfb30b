import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// Contacts of a campaign: what a file would make, taking it, and fetching what was left out; what `parley campaign import` does.
extension OperatorAPI {
    /// Bytes of a file's beginning that a preview looks at, and of rows as JSON, which are in memory.
    static let largestRows = 1_048_576
    /// Columns that may be mapped.
    private static let mostPairs = 200

    var contactRoutes: [APIRoute] {
        [
            APIRoute(.post, "/campaigns/{name}/contacts/preview", preview),
            APIRoute(.post, "/campaigns/{name}/contacts", scope: .builder, uploads: uploads, take),
            APIRoute(.get, "/campaigns/{name}/imports/{id}/rejected", scope: .operator, isAudited: true, rejected),
        ]
    }

    private func preview(_ request: Request, _ context: APIContext) async throws -> Response {
        guard Self.type(request) == "text/csv" else { throw Self.wrongType("text/csv") }
        let isPartial = try request.query.flag("partial") ?? false
        let encoding = try request.query.word("encoding", as: CSVDialect.Encoding.self)
        let pairs = try Self.pairs(request)
        var request = request
        let body = try await request.wholeBody(upTo: Self.largestRows)
        return try await named(context) { _, name in
            let record = try await store.campaign(named: name)
            do {
                return .json(
                    try ContactPreview(
                        of: Array(body.readableBytesView), isPartial: isPartial,
                        in: try CampaignDefinition(stored: record.definition), pairs: pairs, encoding: encoding))
            } catch let error as CampaignError { throw Self.unusable(error) }
        }
    }

    private func take(_ request: Request, _ context: APIContext) async throws -> Response {
        let type = Self.type(request)
        guard ["text/csv", "application/json"].contains(type) else {
            throw Self.wrongType("text/csv\" or \"application/json")
        }
        let encoding = try request.query.word("encoding", as: CSVDialect.Encoding.self)
        let pairs = try Self.pairs(request)
        guard let upload = context.upload else { throw Problem.unavailable("The body was not received.") }
        return try await named(context) { office, name in
            // Before anything is read: the name becomes part of a file's.
            _ = try await store.campaign(named: name)
            let id = CallID.new()
            guard let rejectedPath = imports.rejected(campaign: name, id: id) else {
                throw Problem.notFound("There is no campaign \"\(name)\".")
            }
            let report: ContactImport.Report
            do {
                let source =
                    type == "text/csv"
                    ? ContactImport.Source.file(path: upload.path, label: "line") : .rows(try Self.rows(upload))
                report = try await ContactImport(
                    office: office, source: source, rejectedPath: rejectedPath,
                    mapping: try ColumnMapping(pairs ?? []), encoding: encoding
                ).run(campaign: name)
            } catch let error as CampaignError { throw Self.unusable(error) }
            note("import contacts", campaign: name, context: context)
            return .json(ImportView(report, id: id, campaign: name), status: .created)
        }
    }

    private func rejected(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        return try await named(context) { _, name in
            _ = try await store.campaign(named: name)
            guard let path = imports.rejected(campaign: name, id: id), let file = FileHandle(forReadingAtPath: path)
            else {
                throw Problem.notFound(
                    "There are no rows left out of this import; they are kept for a day, on the node that took it.")
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                    .contentDisposition: AttachmentName.header("\(name).rejected.csv"),
                ],
                body: ResponseBody { writer in
                    defer { try? file.close() }
                    while let piece = try file.read(upToCount: 65_536), !piece.isEmpty {
                        try await writer.write(ByteBuffer(bytes: piece))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    // MARK: What is sent

    private struct Rows: Decodable {
        let contacts: [[String: String]]
    }

    private static func rows(_ upload: ReceivedUpload) throws -> [[String: String]] {
        guard upload.size <= largestRows else {
            throw Problem(
                status: .contentTooLarge, code: "too_large",
                detail: "Contacts as JSON may have \(largestRows) bytes; send more as text/csv, or in parts.")
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: upload.path))
        return try Request.decode(Rows.self, from: bytes).contacts
    }

    static func type(_ request: Request) -> String {
        request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
    }

    static func wrongType(_ right: String) -> Problem {
        Problem(
            status: .unsupportedMediaType, code: "unsupported_media_type",
            detail: "The body must be a file or rows, with \"Content-Type: \(right)\".")
    }

    /// What columns are to be read as; nil where nothing was said.
    private static func pairs(_ request: Request) throws -> [String]? {
        let pairs = request.uri.queryParameters.getAll("map")
        guard pairs.count <= mostPairs else { throw Problem.invalid("\"map\" may be there \(mostPairs) times.") }
        return pairs.isEmpty ? nil : pairs
    }

    /// Contacts that cannot be read at all.
    private static func unusable(_ error: CampaignError) -> Problem {
        switch error.code {
        case .notFound: .notFound("\(error).")
        case .wrongState: .conflict("\(error).")
        case .badFile, .badDefinition:
            Problem(status: .unprocessableContent, code: "faulty_contacts", detail: "\(error).")
        }
    }
}
