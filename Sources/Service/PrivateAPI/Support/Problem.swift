import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// What went wrong with a request, as RFC 9457 has it: `application/problem+json`.
struct Problem: Error, Sendable, Equatable {
    let status: HTTPResponse.Status
    /// For programs: a word that stays.
    let code: String
    /// For people: what is wrong, and what to do about it.
    let detail: String
    var headers: HTTPFields = [:]
    /// What is wrong with a definition, one by one; empty where there is none.
    var faults: [ProblemFault] = []

    static func invalid(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: "invalid_request", detail: detail)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(status: .notFound, code: "not_found", detail: detail)
    }

    /// What the store has no call of.
    static func noCall(_ error: StoreError) -> Problem {
        .notFound("There is no call \"\(error.subject)\"; GET /api/v1/calls lists those there are.")
    }

    static func conflict(_ detail: String) -> Problem {
        Problem(status: .conflict, code: "conflict", detail: detail)
    }

    /// Understood, and nothing that this thing can do.
    static func unprocessable(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, code: "not_supported", detail: detail)
    }

    static func unavailable(_ detail: String) -> Problem {
        Problem(status: .serviceUnavailable, code: "unavailable", detail: detail)
    }

    /// A body of which nothing is kept. Who sends it need not go on: the line is not used again.
    ///
    /// - Parameter size: bytes that the operation takes at most.
    static func tooLarge(_ size: Int) -> Problem {
        Problem(
            status: .contentTooLarge, code: "too_large",
            detail: "The body is larger than the \(size) bytes that this operation takes at most.",
            headers: [.connection: "close"])
    }

    var response: Response {
        struct Body: Encodable {
            var type = "about:blank"
            let title: String
            let status: Int
            let code: String
            let detail: String
            let faults: [ProblemFault]?
        }
        let body = Body(
            title: status.reasonPhrase, status: status.code, code: code, detail: detail,
            faults: faults.isEmpty ? nil : faults)
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: APIJSON.encode(body))))
    }
}
