/// Walks over one JSON text without building anything.
///
/// It checks strings fully (escapes, control characters, UTF-8) and brackets for balance; inside values that nobody reads
/// it does not check where commas and colons stand.
struct JSONScanner {
    /// Deeper nesting than this is refused.
    static let depthLimit = 32

    private(set) var position = 0

    /// The next byte that is not white space, without taking it.
    @inline(__always)
    mutating func peek(_ text: Span<UInt8>) throws(MediaError) -> UInt8 {
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: position += 1
            default: return byte
            }
        }
        throw fault("the message ends too early")
    }

    /// Takes `byte` if it is next.
    @inline(__always)
    mutating func take(_ byte: UInt8, _ text: Span<UInt8>) throws(MediaError) -> Bool {
        guard try peek(text) == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8, _ text: Span<UInt8>) throws(MediaError) {
        guard try take(byte, text) else { throw missing(byte) }
    }

    /// Makes sure that only white space follows.
    mutating func expectEnd(_ text: Span<UInt8>) throws(MediaError) {
        while position < text.count {
            guard text[position] <= UInt8(ascii: " ") else { throw fault("something follows the message's end") }
            position += 1
        }
    }

    /// Takes a value of any kind. `null` counts as absent.
    mutating func value(_ text: Span<UInt8>) throws(MediaError) -> JSONField {
        switch try peek(text) {
        case UInt8(ascii: "\""): return try string(text)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try container(text)
        default: return try literal(text)
        }
    }

    /// Takes a string with its quotes.
    mutating func string(_ text: Span<UInt8>) throws(MediaError) -> JSONField {
        try expect(UInt8(ascii: "\""), text)
        let start = position
        var kind = JSONField.Kind.string
        while true {
            skipPlain(text)
            guard position < text.count else { throw fault("a string does not end") }
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return JSONField(kind, start..<position - 1)
            } else if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                try escape(text)
            } else if byte < 0x20 {
                throw fault("a string holds a control character at byte \(position)")
            } else {
                try multibyte(text)
            }
        }
    }

    /// Moves on to the next quote, backslash, control character or byte outside ASCII, eight bytes at a time.
    @inline(__always)
    private mutating func skipPlain(_ text: Span<UInt8>) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let bytes = unsafe text.bytes
        while position + 8 <= text.count {
            // SAFETY: eight bytes from `position` on lie within the text.
            let raw = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
            let word = UInt64(littleEndian: raw)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // Each term has the top bit of the first byte that is zero, or below 0x20, and none before it.
            let zeroes = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            let found = (zeroes | ((word &- ones &* 0x20) & ~word) | word) & tops
            guard found == 0 else {
                position += found.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
        while position < text.count, case let byte = text[position],
            byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C
        {
            position += 1
        }
    }

    private mutating func escape(_ text: Span<UInt8>) throws(MediaError) {
        guard position + 1 < text.count else { throw fault("a string does not end") }
        switch text[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard position + 6 <= text.count else { throw fault("a string does not end") }
            for index in position + 2..<position + 6 {
                switch text[index] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    continue
                default: throw fault("an escape at byte \(position) lacks its four hexadecimal digits")
                }
            }
            position += 6
        default: throw fault("an unknown escape at byte \(position)")
        }
    }

    /// Takes one character of two to four bytes, by table 3-7 of the Unicode standard.
    private mutating func multibyte(_ text: Span<UInt8>) throws(MediaError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch text[position] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw textFault()
        }
        guard position + length <= text.count, second.contains(text[position + 1]) else { throw textFault() }
        for index in position + 2..<max(position + length, position + 2) where text[index] & 0xC0 != 0x80 {
            throw textFault()
        }
        position += length
    }

    private mutating func literal(_ text: Span<UInt8>) throws(MediaError) -> JSONField {
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
                UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
                position += 1
                continue
            default: break
            }
            break
        }
        guard position > start else { throw fault("a value was expected at byte \(start)") }
        let range = start..<position
        return text.matches("null", in: range) ? JSONField() : JSONField(.literal, range)
    }

    /// Takes an object or array as a whole.
    private mutating func container(_ text: Span<UInt8>) throws(MediaError) -> JSONField {
        let start = position
        var depth = 0
        // One bit a level: 1 for an object.
        var kinds: UInt32 = 0
        repeat {
            let byte = try peek(text)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < Self.depthLimit else { throw fault("it nests deeper than \(Self.depthLimit) levels") }
                kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard kinds & 1 == (byte == UInt8(ascii: "}") ? 1 : 0) else {
                    throw fault("a bracket at byte \(position) closes nothing")
                }
                kinds >>= 1
                depth -= 1
                position += 1
            case UInt8(ascii: "\""): _ = try string(text)
            case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            default: _ = try literal(text)
            }
        } while depth > 0
        return JSONField(.container, start..<position)
    }

    @inline(never)
    private func missing(_ byte: UInt8) -> MediaError {
        fault("\"\(Character(Unicode.Scalar(byte)))\" was expected at byte \(position)")
    }

    @inline(never)
    private func fault(_ reason: String) -> MediaError {
        MediaError(.malformedMessage, subject: "a message", reason: reason)
    }

    private func textFault() -> MediaError {
        MediaError(.malformedText, subject: "a message", reason: "byte \(position) is not UTF-8")
    }
}

extension JSONScanner {
    /// Walks over the members of the object or array within `field` that is known to be balanced.
    init(at position: Int) { self.position = position }

    /// Takes an object, handing each key to `member`, which takes the value.
    mutating func object(
        _ text: Span<UInt8>, member: (inout JSONScanner, JSONField) throws(MediaError) -> Void
    ) throws(MediaError) {
        try expect(UInt8(ascii: "{"), text)
        if try take(UInt8(ascii: "}"), text) { return }
        repeat {
            let key = try string(text)
            try expect(UInt8(ascii: ":"), text)
            try member(&self, key)
        } while try take(UInt8(ascii: ","), text)
        try expect(UInt8(ascii: "}"), text)
    }
}
