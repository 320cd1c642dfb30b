import Agent
import Foundation
import Networking

/// Asks an OpenAI-compatible `/embeddings` for vectors.
struct EmbeddingClient: Sendable {
    struct Failure: Error, Sendable, CustomStringConvertible {
        var isLate: Bool
        var description: String
    }

    let baseURL: String
    let model: String
    let apiKey: String
    let client: HTTPClient

    /// Bytes of an answer: some two dozen vectors of 3,072 numbers, written out.
    private static let largestAnswer = 4 << 20

    /// The vectors of `texts`, in their order.
    func vectors(of texts: [String], within deadline: Duration) async throws(Failure) -> [EmbeddingVector] {
        let body: JSONValue = [
            "model": .string(model), "input": .array(texts.map(JSONValue.string)), "encoding_format": "float",
        ]
        var headers = [("content-type", "application/json"), ("accept", "application/json")]
        if !apiKey.isEmpty { headers.append(("authorization", "Bearer \(apiKey)")) }
        var request = HTTPClientRequest(
            method: "POST", url: baseURL + "/embeddings", headers: headers, body: Array(body.text.utf8))
        request.deadlines = HTTPClientRequest.Deadlines(
            connect: deadline, firstByte: deadline, betweenChunks: deadline, total: deadline)
        let answer: JSONValue
        do throws(NetworkError) {
            let response = try await client.send(request)
            let bytes = try await response.body.collect(upTo: Self.largestAnswer)
            guard response.status == 200 else {
                throw NetworkError(
                    .refused, operation: "POST", subject: baseURL, detail: "embeddings", status: response.status)
            }
            answer = (try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self))) ?? .null
        } catch {
            throw Failure(isLate: error.code == .deadlineExceeded, description: "\(error)")
        }
        // In the order of `index`, which need not be the list's.
        var vectors: [Int: EmbeddingVector] = [:]
        for (place, element) in (answer["data"]?.array ?? []).enumerated() {
            let numbers = element["embedding"]?.array?.compactMap(\.double) ?? []
            vectors[element["index"]?.integer ?? place] = EmbeddingVector(numbers)
        }
        let found = texts.indices.compactMap { vectors[$0] }
        guard found.count == texts.count else {
            throw Failure(
                isLate: false, description: "\(baseURL) answered with \(found.count) vectors for \(texts.count) texts")
        }
        return found
    }
}
