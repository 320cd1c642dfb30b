import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// The documents that agents may look things up in, and what they would find there.
extension OperatorAPI {
    private static let longestQuestion = 400
    private static let documentTypes = ["text/markdown", "text/plain", "text/csv", "text/html"]

    var documentRoutes: [APIRoute] {
        [
            APIRoute(.get, "/documents") { request, _ in
                let limit = try request.query.integer("limit", in: 1...1000) ?? 100
                let cursor = try request.uri.queryParameters.get("after").map { text in
                    guard let cursor = DocumentCursor(text) else {
                        throw Problem.invalid("\"after\" must be the \"next\" of the page before.")
                    }
                    return cursor
                }
                return .json(try await knowledge.list(limit: limit, after: cursor))
            },
            APIRoute(.get, "/documents/{name}") { _, context in
                let name = try Self.documentName(context)
                let found = try await aboutDocument(name) { try await knowledge.document(name) }
                return Self.tagged(.json(found), found.document)
            },
            APIRoute(.put, "/documents/{name}", scope: .builder, putDocument),
            APIRoute(.delete, "/documents/{name}", scope: .builder) { request, context in
                let name = try Self.documentName(context)
                try await aboutDocument(name) { try await knowledge.remove(name, if: Self.condition(request)) }
                note("remove a document", document: name, context: context)
                return Response(status: .noContent)
            },
            APIRoute(.post, "/documents/search") { request, _ in
                let question = try await request.object(QuestionWish.self).question
                guard (1...Self.longestQuestion).contains(question.unicodeScalars.count) else {
                    throw Problem.unprocessable("\"question\" must have 1 to \(Self.longestQuestion) characters.")
                }
                return .json(try await knowledge.passages(about: question))
            },
        ]
    }

    private struct QuestionWish: Decodable {
        let question: String
    }

    private func putDocument(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try Self.documentName(context)
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard Self.documentTypes.contains(type) else {
            throw Problem(
                status: .unsupportedMediaType, code: "unsupported_media_type",
                detail: "The body must be the document, with \"Content-Type\" one of "
                    + "\(Self.documentTypes.joined(separator: ", ")).")
        }
        let condition = Self.condition(request)
        var request = request
        let body = try await request.wholeBody(upTo: KnowledgeDesk.largest)
        let put = try await aboutDocument(name) {
            try await knowledge.put(Data(body.readableBytesView), as: name, if: condition)
        }
        note("put a document", document: name, context: context)
        return Self.tagged(.json(put.document, status: put.isNew ? .created : .ok), put.document)
    }

    private static func condition(_ request: Request) -> DocumentCondition {
        DocumentCondition(match: request.headers[.ifMatch], noneMatch: request.headers[.ifNoneMatch])
    }

    private static func tagged(_ response: Response, _ document: DocumentView) -> Response {
        var response = response
        response.headers[.eTag] = document.tag
        return response
    }

    /// The router leaves names as the address has them.
    private static func documentName(_ context: APIContext) throws -> String {
        let raw = try context.parameters.require("name")
        guard let name = raw.removingPercentEncoding, name.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            throw noDocument
        }
        return name
    }

    private static var noDocument: Problem {
        .notFound("There is no such document; GET /api/v1/documents lists those there are.")
    }

    private func note(_ act: String, document: String, context: APIContext) {
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "document": "\(document)", "key": "\(context.identity?.keyID ?? "none")"])
    }

    private func aboutDocument<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let refusal as KnowledgeDesk.Refusal {
            switch refusal {
            case .unknown: throw Self.noDocument
            case .changed:
                throw Problem(
                    status: .preconditionFailed, code: "precondition_failed",
                    detail:
                        "\"\(name)\" is not what the request takes it for: somebody has changed, removed or made it. "
                        + "Read it again, and send its \"digest\" in \"If-Match\".")
            case .name:
                throw Self.faulty(
                    "A document's name has letters, digits, spaces and . _ - (100 at most), begins with a letter or a "
                        + "digit, and ends in .md, .markdown, .txt, .csv, .html or .htm. PDF files are put into the "
                        + "folder that \"tools.documents\" names.")
            case .full:
                throw Self.faulty(
                    "There are \(KnowledgeDesk.most) documents already; remove one, or put this one's text into another."
                )
            case .notText: throw Self.faulty("The document is not UTF-8.")
            case .empty: throw Self.faulty("The document says nothing that could be looked up.")
            case .tooLarge: throw Self.faulty("The document is too large: \(Document.tooLarge).")
            case .folder(let words):
                throw Problem.unavailable(
                    "The folder that \"tools.documents\" names does not take it: \(words) May the service write there?")
            }
        }
    }

    private static func faulty(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, code: "faulty_document", detail: detail)
    }
}
