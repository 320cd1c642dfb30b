import Foundation

/// Text of a request with values in it: `/contacts/{id}`, `SELECT Id FROM Lead WHERE Email = '{email|soql}'`.
///
/// A value is escaped for the place it stands in, so that no argument can end a path segment, a query, a quotation or a
/// header line.
struct ToolTemplate: Sendable, Equatable {
    /// How a value is made safe.
    enum Escape: String, Sendable, CaseIterable {
        /// As it is; for JSON bodies, where the encoder escapes.
        case raw
        /// Percent-encoded, slashes too.
        case url
        /// Within a quotation of Salesforce's query language.
        case soql
        /// Within one line of a message's header: no line breaks, encoded words where it is not ASCII.
        case header
    }

    struct Reference: Sendable, Equatable {
        /// `contact.id` as `["contact", "id"]`.
        var path: [String]
        var escape: Escape
        /// The member or parameter is left out when there is no value.
        var isOptional: Bool
    }

    private enum Segment: Sendable, Equatable {
        case text(String)
        case value(Reference)
    }

    struct Fault: Error, Equatable {
        var reason: String
    }

    private let segments: [Segment]

    /// - Parameter standard: the escape of values that name none.
    init(_ source: String, standard: Escape) throws(Fault) {
        var segments: [Segment] = []
        var text = ""
        var rest = source[...]
        while let character = rest.popFirst() {
            guard character == "{" else {
                text.append(character)
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw Fault(reason: "a { without }; write {name} to insert a value")
            }
            var inner = rest[..<end]
            rest = rest[rest.index(after: end)...]
            let isOptional = inner.hasSuffix("?")
            if isOptional { inner.removeLast() }
            let parts = inner.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let path = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, path.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNamePart) }) else {
                throw Fault(reason: "{\(inner)} is no value; write {name}, {name.member}, {name|escape} or {name?}")
            }
            var escape = standard
            if parts.count == 2 {
                guard let named = Escape(rawValue: parts[1]) else {
                    let known = Escape.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Fault(reason: "unknown escape \(parts[1]); known are: \(known)")
                }
                escape = named
            }
            if !text.isEmpty { segments.append(.text(text)) }
            text = ""
            segments.append(.value(Reference(path: path, escape: escape, isOptional: isOptional)))
        }
        if !text.isEmpty { segments.append(.text(text)) }
        self.segments = segments
    }

    var references: [Reference] {
        segments.compactMap { if case .value(let reference) = $0 { reference } else { nil } }
    }

    /// The text; nil when an optional value is missing.
    func text(_ value: ([String]) -> JSONValue?) -> String? {
        var result = ""
        for segment in segments {
            switch segment {
            case .text(let text): result += text
            case .value(let reference):
                let found = value(reference.path) ?? .null
                if found == .null, reference.isOptional { return nil }
                result += Self.escape(found, reference.escape)
            }
        }
        return result
    }

    /// The value itself where the template is nothing but one, else the text; nil when an optional value is missing.
    func value(_ value: ([String]) -> JSONValue?) -> JSONValue? {
        if segments.count == 1, case .value(let reference) = segments[0], reference.escape == .raw {
            let found = value(reference.path) ?? .null
            // Not `nil : found`: a JSON value takes `nil` for its null.
            if found == .null, reference.isOptional { return JSONValue?.none }
            return found
        }
        return text(value).map(JSONValue.string)
    }

    private static func escape(_ value: JSONValue, _ escape: Escape) -> String {
        let text = value == .null ? "" : value.string ?? value.text
        switch escape {
        case .raw: return text
        case .url: return percentEncoded(text)
        case .soql:
            return text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n").replacing("\r", with: "\\r")
        case .header:
            let line = text.split(whereSeparator: { $0.isNewline || $0 == "\0" }).joined(separator: " ")
            guard line.unicodeScalars.contains(where: { !$0.isASCII }) else { return line }
            // RFC 2047: an encoded word has at most 75 characters.
            return line.chunked(utf8: 42).map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }
                .joined(separator: " ")
        }
    }

    /// Every character that is not unreserved by RFC 3986 encoded.
    static func percentEncoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

extension String {
    /// Pieces of whole characters with at most so many bytes of UTF-8.
    fileprivate func chunked(utf8 limit: Int) -> [String] {
        var pieces: [String] = [""]
        for character in self {
            if pieces[pieces.count - 1].utf8.count + character.utf8.count > limit { pieces.append("") }
            pieces[pieces.count - 1].append(character)
        }
        return pieces
    }
}

extension ToolTemplate {
    /// No text at all.
    static let empty = ToolTemplate()

    private init() { segments = [] }
}
