import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The parameters of a request, read strictly: what cannot be understood is refused, with what is allowed.
struct Query {
    let request: Request

    func text(_ name: String, upTo length: Int = 200) throws -> String? {
        guard let value = request.uri.queryParameters.get(name), !value.isEmpty else { return nil }
        guard value.count <= length else {
            throw Problem.invalid("\"\(name)\" has \(value.count) characters; \(length) at most.")
        }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = request.uri.queryParameters.get(name) else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw Problem.invalid("\"\(name)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool? {
        guard let value = request.uri.queryParameters.get(name) else { return nil }
        guard value == "true" || value == "false" else {
            throw Problem.invalid("\"\(name)\" must be true or false.")
        }
        return value == "true"
    }

    func word<Word: RawRepresentable & CaseIterable>(_ name: String, as type: Word.Type) throws -> Word?
    where Word.RawValue == String {
        guard let value = request.uri.queryParameters.get(name) else { return nil }
        guard let word = Word(rawValue: value) else {
            let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw Problem.invalid("\"\(name)\" must be one of \(words).")
        }
        return word
    }

    /// Milliseconds since 1970.
    func moment(_ name: String) throws -> Date? {
        try integer(name, in: 0...4_102_444_800_000).map { Date(timeIntervalSince1970: Double($0) / 1000) }
    }
}

extension Request {
    var query: Query { Query(request: self) }

    /// The JSON object in the body.
    ///
    /// - Parameter size: bytes at most.
    func object<Body: Decodable>(_ type: Body.Type, upTo size: Int = 16_384) async throws -> Body {
        guard headers[.contentType]?.split(separator: ";").first?.lowercased() == "application/json" else {
            throw Problem(
                status: .unsupportedMediaType, code: "unsupported_media_type",
                detail: "The body must be JSON, with \"Content-Type: application/json\".")
        }
        var request = self
        let body = try await request.wholeBody(upTo: size)
        return try Self.decode(type, from: Data(body.readableBytesView))
    }

    /// The body, kept in memory, and for whoever asks for it again. One that says itself that it is too large is refused before
    /// any of it is read, any other as soon as it is.
    ///
    /// - Parameter size: bytes at most.
    mutating func wholeBody(upTo size: Int) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > size { throw Problem.tooLarge(size) }
        do { return try await collectBody(upTo: size) } catch is NIOTooManyBytesError { throw Problem.tooLarge(size) }
    }

    /// A value of a body's JSON.
    static func decode<Body: Decodable>(_ type: Body.Type, from bytes: Data) throws -> Body {
        do {
            return try JSONDecoder().decode(type, from: bytes)
        } catch let error as DecodingError {
            throw Problem.invalid("The body is not what this operation takes: \(error.words).")
        }
    }
}

extension DecodingError {
    /// What is wrong and where, without the body's own content.
    fileprivate var words: String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "the body" : "\"\(path.map(\.stringValue).joined(separator: "."))\""
        }
        return switch self {
        case .keyNotFound(let key, let context):
            "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(let type, let context):
            "\(place(context.codingPath)) must be \(type == String.self ? "a text" : type == Bool.self ? "true or false" : type == Int.self ? "a whole number" : "an object")"
        case .valueNotFound(_, let context): "\(place(context.codingPath)) must not be null"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is no valid JSON" : "\(place(context.codingPath)) is none of the words that it may be"
        @unknown default: "it cannot be decoded"
        }
    }
}
