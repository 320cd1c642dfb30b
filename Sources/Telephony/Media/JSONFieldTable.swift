/// The fields of a dialect's messages by where they stand: "event", "media.payload", "start.media_format.encoding".
///
/// Made once a dialect; plain numbers inside, so that looking a key up costs no allocation and no counting.
struct JSONFieldTable<Field: RawRepresentable & Sendable>: Sendable where Field.RawValue == Int {
    private struct Node {
        /// The node of the object it stands in; -1 for the message itself.
        var parent: Int32
        var keyStart: Int32
        var keyCount: Int32
        /// The field that stands here; -1 if only its members are wanted.
        var field: Int32
        var hasMembers: Bool
    }

    private var keys: [UInt8] = []
    private var nodes: [Node] = []
    /// The fields' numbers are below this.
    static var capacity: Int { 24 }

    init(_ paths: KeyValuePairs<Field, String>) {
        for (field, path) in paths {
            precondition((0..<Self.capacity).contains(field.rawValue), "a dialect has at most \(Self.capacity) fields")
            var parent: Int32 = -1
            let parts = path.split(separator: ".")
            for (index, part) in parts.enumerated() {
                let node = node(Array(part.utf8), in: parent)
                if index == parts.count - 1 {
                    nodes[Int(node)].field = Int32(field.rawValue)
                } else {
                    nodes[Int(node)].hasMembers = true
                }
                parent = node
            }
        }
    }

    private mutating func node(_ key: [UInt8], in parent: Int32) -> Int32 {
        for (index, node) in nodes.enumerated() where node.parent == parent {
            if keys[Int(node.keyStart)..<Int(node.keyStart + node.keyCount)].elementsEqual(key) { return Int32(index) }
        }
        nodes.append(
            Node(
                parent: parent, keyStart: Int32(keys.count), keyCount: Int32(key.count), field: -1, hasMembers: false))
        keys += key
        return Int32(nodes.count - 1)
    }

    /// Where `key` within the object `parent` leads: its node, its field, and whether members of it are wanted.
    func find(_ key: JSONField, in parent: Int32, _ text: Span<UInt8>) -> (node: Int32, field: Int, hasMembers: Bool)? {
        guard key.kind == .string else { return nil }
        let (range, nodes, keys) = (key.range, nodes.span, keys.span)
        for index in nodes.indices where nodes[index].parent == parent && Int(nodes[index].keyCount) == range.count {
            let start = Int(nodes[index].keyStart)
            var offset = 0
            while offset < range.count, keys[start + offset] == text[range.lowerBound + offset] { offset += 1 }
            if offset == range.count { return (Int32(index), Int(nodes[index].field), nodes[index].hasMembers) }
        }
        return nil
    }
}

/// The fields of one JSON message that a dialect reads, found in one walk and in any order; everything else is stepped over.
struct JSONFields<Field: RawRepresentable & Sendable> where Field.RawValue == Int {
    private var fields = InlineArray<24, JSONField>(repeating: JSONField())

    /// A longer message is refused before it is read.
    static var limit: Int { 131_072 }

    init(scanning text: Span<UInt8>, _ table: JSONFieldTable<Field>) throws(MediaError) {
        guard text.count <= Self.limit else {
            throw MediaError(
                .tooLarge, subject: "a message", reason: "it has \(text.count) bytes, the limit is \(Self.limit)")
        }
        var scanner = JSONScanner(at: 0)
        try scan(&scanner, text, table, in: -1)
        try scanner.expectEnd(text)
    }

    subscript(field: Field) -> JSONField { fields[field.rawValue] }

    private mutating func scan(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>, _ table: JSONFieldTable<Field>, in parent: Int32
    ) throws(MediaError) {
        try scanner.expect(UInt8(ascii: "{"), text)
        if try scanner.take(UInt8(ascii: "}"), text) { return }
        repeat {
            let key = try scanner.string(text)
            try scanner.expect(UInt8(ascii: ":"), text)
            let place = table.find(key, in: parent, text)
            if let place, place.hasMembers, place.field < 0, try scanner.peek(text) == UInt8(ascii: "{") {
                // As deep as the table, which the program wrote.
                try scan(&scanner, text, table, in: place.node)
            } else {
                let value = try scanner.value(text)
                if let place, place.field >= 0 { fields[place.field] = value }
            }
        } while try scanner.take(UInt8(ascii: ","), text)
        try scanner.expect(UInt8(ascii: "}"), text)
    }
}

extension JSONField {
    /// The string of a field that must be there.
    func required(_ name: String, _ text: Span<UInt8>) throws(MediaError) -> String {
        guard let value = string(in: text), !value.isEmpty else {
            throw MediaError(.missingField, subject: "\"\(name)\"", reason: "it is absent, empty or not a string")
        }
        return value
    }

    /// Makes sure that a message which names its stream names this one. One that matches costs no allocation.
    ///
    /// - Parameter id: what the stream's start called it.
    func requireStream(_ id: String, _ name: String, _ text: Span<UInt8>) throws(MediaError) {
        guard isPresent, !holds(id, in: text) else { return }
        throw MediaError(.wrongStream, subject: "\"\(name)\"", reason: "it names another stream")
    }

    /// A number, or a string that holds one; absent is allowed, nonsense is not.
    func number(_ name: String, _ text: Span<UInt8>) throws(MediaError) -> Int? {
        guard isPresent else { return nil }
        guard let value = integer(in: text) else {
            throw MediaError(.malformedMessage, subject: "\"\(name)\"", reason: "it is not a decimal number")
        }
        return value
    }

    /// A telephone key.
    func key(_ name: String, _ text: Span<UInt8>) throws(MediaError) -> Character {
        if kind == .string || kind == .literal, range.count == 1,
            case let byte = text[range.lowerBound], "0123456789ABCD*#".utf8.contains(byte)
        {
            return Character(Unicode.Scalar(byte))
        }
        throw MediaError(.missingField, subject: "\"\(name)\"", reason: "it is not one of 0-9, A-D, * and #")
    }

    /// Replaces `audio` by what a base64 string holds.
    ///
    /// - Parameter width: bytes a sample; the audio must be whole samples.
    func audio(
        _ name: String, _ text: Span<UInt8>, width: Int, into audio: inout MediaPayload
    ) throws(MediaError) {
        guard isString else {
            throw MediaError(.missingField, subject: "\"\(name)\"", reason: "it is absent or not a string")
        }
        do throws(Base64.Fault) {
            if kind == .string {
                try Base64.decode(text, range, into: &audio.bytes, limit: audio.limit)
            } else {
                // Some writers escape "/" or "+", both of which base64 uses.
                var plain: [UInt8] = []
                appendBytes(of: text, to: &plain)
                try Base64.decode(plain.span, 0..<plain.count, into: &audio.bytes, limit: audio.limit)
            }
        } catch {
            switch error {
            case .invalid: throw MediaError(.malformedAudio, subject: "\"\(name)\"", reason: "it is not base64")
            case .tooLong:
                throw MediaError(
                    .tooLarge, subject: "\"\(name)\"", reason: "it holds more than \(audio.limit) bytes of audio")
            }
        }
        guard audio.bytes.count % width == 0 else {
            throw MediaError(.malformedAudio, subject: "\"\(name)\"", reason: "it does not hold whole samples")
        }
    }

    /// The members of an object whose values are strings or numbers, as text; empty when absent.
    func parameters(_ name: String, _ text: Span<UInt8>) throws(MediaError) -> [String: String] {
        var result: [String: String] = [:]
        guard isPresent else { return result }
        guard kind == .container, text[range.lowerBound] == UInt8(ascii: "{") else {
            throw MediaError(.malformedMessage, subject: "\"\(name)\"", reason: "it is not an object")
        }
        var scanner = JSONScanner(at: range.lowerBound)
        try scanner.object(text) { (scanner, key) throws(MediaError) in
            let value = try scanner.value(text)
            guard let key = key.string(in: text), result.count < 64 else {
                throw MediaError(.malformedMessage, subject: "\"\(name)\"", reason: "it has more than 64 members")
            }
            switch value.kind {
            case .string, .escapedString: result[key] = value.string(in: text)
            case .literal:
                result[key] = String(decoding: value.range.map { text[$0] }, as: UTF8.self)
            case .absent, .container: break
            }
        }
        return result
    }
}
