/// Base64 (RFC 4648 §4) of audio, straight between buffers.
enum Base64 {
    enum Fault: Error { case invalid, tooLong }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each character, or 0xFF.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Replaces `bytes` by what `text[range]` encodes, with or without padding; at most `limit` bytes.
    static func decode(
        _ text: Span<UInt8>, _ range: Range<Int>, into bytes: inout [UInt8], limit: Int
    ) throws(Fault) {
        var end = range.upperBound
        if range.count % 4 == 0 {
            // Padding only completes a group of four, by one or two characters.
            for _ in 0..<2 where end > range.lowerBound && text[end - 1] == padding { end -= 1 }
        }
        let groups = (end - range.lowerBound) / 4
        let rest = (end - range.lowerBound) % 4
        let count = groups * 3 + max(rest - 1, 0)
        guard rest != 1 else { throw .invalid }
        guard count <= limit else { throw .tooLong }

        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: repeatElement(0, count: count))
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        let values = values
        let table = values.span
        var target = bytes.mutableSpan
        var position = range.lowerBound
        var written = 0
        // Values are below 0x40: any bit above marks a character outside the alphabet.
        var seen: UInt8 = 0
        for _ in 0..<groups {
            // SAFETY: `groups` times four characters lie in `range`, which the caller took from `text`; the table has an
            // entry for every byte; `count` bytes of room were made.
            let a = unsafe table[unchecked: Int(text[unchecked: position])]
            let b = unsafe table[unchecked: Int(text[unchecked: position + 1])]
            let c = unsafe table[unchecked: Int(text[unchecked: position + 2])]
            let d = unsafe table[unchecked: Int(text[unchecked: position + 3])]
            seen |= a | b | c | d
            unsafe target[unchecked: written] = a << 2 | b >> 4
            unsafe target[unchecked: written + 1] = b << 4 | c >> 2
            unsafe target[unchecked: written + 2] = c << 6 | d
            position += 4
            written += 3
        }
        if rest >= 2 {
            let a = table[Int(text[position])]
            let b = table[Int(text[position + 1])]
            let c = rest == 3 ? table[Int(text[position + 2])] : 0
            seen |= a | b | c
            target[written] = a << 2 | b >> 4
            if rest == 3 { target[written + 1] = b << 4 | c >> 2 }
        }
        guard seen < 0x40 else { throw .invalid }
    }

    /// Appends the padded encoding of `bytes` to `text`.
    static func encode(_ bytes: Span<UInt8>, appendingTo text: inout [UInt8]) {
        let start = text.count
        let groups = bytes.count / 3
        let rest = bytes.count % 3
        text.append(contentsOf: repeatElement(padding, count: groups * 4 + (rest > 0 ? 4 : 0)))
        let alphabet = alphabet
        let table = alphabet.span
        var target = text.mutableSpan
        var position = 0
        var written = start
        for _ in 0..<groups {
            // SAFETY: `groups` times three bytes are there, room for four characters each was made, and six bits never
            // leave the alphabet.
            let a = unsafe bytes[unchecked: position]
            let b = unsafe bytes[unchecked: position + 1]
            let c = unsafe bytes[unchecked: position + 2]
            unsafe target[unchecked: written] = table[unchecked: Int(a >> 2)]
            unsafe target[unchecked: written + 1] = table[unchecked: Int((a << 4 | b >> 4) & 0x3F)]
            unsafe target[unchecked: written + 2] = table[unchecked: Int((b << 2 | c >> 6) & 0x3F)]
            unsafe target[unchecked: written + 3] = table[unchecked: Int(c & 0x3F)]
            position += 3
            written += 4
        }
        if rest > 0 {
            let a = bytes[position]
            let b = rest == 2 ? bytes[position + 1] : 0
            target[written] = table[Int(a >> 2)]
            target[written + 1] = table[Int((a << 4 | b >> 4) & 0x3F)]
            if rest == 2 { target[written + 2] = table[Int(b << 2 & 0x3F)] }
        }
    }
}
