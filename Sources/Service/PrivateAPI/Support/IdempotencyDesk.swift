import Agent
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// Lets a client repeat a request that acts, without its being done twice (draft-ietf-httpapi-idempotency-key-header): the
/// first answer to a key is kept for a day, and is the answer to every repeat.
struct IdempotencyDesk: Sendable {
    static let lifetime: TimeInterval = 86_400
    /// A request that is older was cut off by the end of a process.
    private static let longest: TimeInterval = 60
    /// As ``longest``, of one whose body was received as a file: there is much to do with it.
    private static let longestWithUpload: TimeInterval = 3600

    let store: Store
    let now: @Sendable () -> Date
    let logger: Logger

    /// Answers a request that may carry a key.
    func answer(
        _ request: Request, _ context: APIContext, by handler: APIRoute.Handler
    ) async throws -> Response {
        guard let key = try Self.key(request) else { return try await handler(request, context) }
        var request = request
        let fingerprint: Data
        if let upload = context.upload {
            fingerprint = Self.fingerprint(
                request.method.rawValue, request.uri.string, Data(upload.digest.base64EncodedString().utf8))
        } else {
            let body = try await request.wholeBody(upTo: APIRoute.largestBody)
            fingerprint = Self.fingerprint(
                request.method.rawValue, request.uri.string, Data(body.readableBytesView))
        }
        let owner = context.identity?.keyID ?? ""
        let claim = try await store.claim(
            idempotencyKey: key, of: owner, fingerprint: fingerprint, now: now(),
            forgettingBefore: now() - Self.lifetime)
        switch claim {
        case .mine: return try await work(request, context, key, owner, handler)
        case .answered(let answer): return Self.response(answer)
        case .another:
            throw Problem(
                status: .unprocessableContent, code: "idempotency_key_reused",
                detail:
                    "This Idempotency-Key came with another request in the last 24 h; take a new key for a new request."
            )
        case .underWay(let since):
            let longest = context.upload == nil ? Self.longest : Self.longestWithUpload
            let isLost = now().timeIntervalSince(since) > longest
            throw Problem.conflict(
                isLost
                    ? "The service was stopped while it worked on the request with this Idempotency-Key, and nobody knows "
                        + "whether it was done. Look, and take a new key if it was not."
                    : "The request with this Idempotency-Key is being worked on; ask again in a second.")
        }
    }

    /// What makes two requests the same; the order of a JSON object's members is no difference.
    static func fingerprint(_ method: String, _ address: String, _ body: Data) -> Data {
        let text = String(decoding: body, as: UTF8.self)
        let content = (try? JSONValue(parsing: text))?.text ?? text
        return Data(SHA256.hash(data: Data("\(method) \(address)\n\(content)".utf8)))
    }

    private func work(
        _ request: Request, _ context: APIContext, _ key: String, _ owner: String, _ handler: APIRoute.Handler
    ) async throws -> Response {
        let response: Response
        do {
            response = try await handler(request, context)
        } catch {
            // What is not answered with success has done nothing, so the next try is a first one.
            try? await store.release(idempotencyKey: key, of: owner)
            throw error
        }
        let bytes = CollectedBody()
        try await response.body.write(CollectingWriter(into: bytes))
        let answer = StoredAnswer(
            status: response.status.code, type: response.headers[.contentType],
            location: response.headers[.location], body: await bytes.data)
        do { try await store.settle(idempotencyKey: key, of: owner, answer: answer) } catch {
            // It is done; a repeat will be told that nobody knows.
            logger.error("an answer is not kept for repeats", metadata: ["reason": "\(error)"])
        }
        var first = Self.response(answer)
        first.headers = response.headers
        return first
    }

    private static func response(_ answer: StoredAnswer) -> Response {
        var headers: HTTPFields = [.idempotencyReplayed: "true"]
        headers[.contentType] = answer.type
        headers[.location] = answer.location
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    /// The key of a request, with or without the quotes that the draft puts round it.
    private static func key(_ request: Request) throws -> String? {
        guard var key = request.headers[.idempotencyKey].map({ Substring($0) }) else { return nil }
        if key.hasPrefix("\"") { key.removeFirst() }
        if key.hasSuffix("\"") { key.removeLast() }
        let isKey = key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._~:-".contains($0)) }
        guard isKey, (1...255).contains(key.utf8.count) else {
            throw Problem.invalid(
                "\"Idempotency-Key\" must have 1 to 255 letters, digits or . _ ~ : - such as a UUID.")
        }
        return String(key)
    }
}

/// What a response writes.
private actor CollectedBody {
    private(set) var data = Data()

    func add(_ bytes: ByteBuffer) { data.append(contentsOf: bytes.readableBytesView) }
}

private struct CollectingWriter: ResponseBodyWriter {
    let body: CollectedBody

    init(into body: CollectedBody) { self.body = body }

    mutating func write(_ buffer: ByteBuffer) async throws { await body.add(buffer) }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    static let idempotencyReplayed = Self("Idempotency-Replayed")!
}
