import Foundation

/// Entries of a journal as the bytes of one row.
///
/// The first byte says how the rest is written: 0 as it is, 1 compressed with ``JournalDictionary/first``, behind its length. The
/// rest is, of each entry: its position less that of the one before, then the lengths and bytes of its kind, its payload and its
/// decisions, whose length is counted from 1, as 0 is for those that are not there. Numbers are of seven bits a byte, the low ones
/// first (LEB128), positions zigzag.
enum JournalPacking {
    private enum Form: UInt8 {
        case plain = 0
        case deflated = 1
    }

    /// Less is left as it is: it would not get shorter by what reading it back costs.
    private static let leastCompressed = 64
    /// More is left as it is: a length that was damaged must not ask for all memory.
    private static let longest = 1 << 24

    /// What is wrong with bytes that should be a part of a journal.
    struct Damage: Error, Equatable {
        var detail: String
    }

    /// - Parameter entries: of one call, each with the sequence number after that of the one before.
    static func pack(_ entries: [JournalRecord], with deflater: Deflater) -> Data {
        var body: [UInt8] = []
        body.reserveCapacity(entries.reduce(0) { $0 + $1.size + 16 })
        var position = 0
        for entry in entries {
            let step = entry.position &- position
            position = entry.position
            append(UInt64(bitPattern: Int64((step << 1) ^ (step >> (Int.bitWidth - 1)))), to: &body)
            append(text: entry.kind, to: &body)
            append(UInt64(entry.payload.count), to: &body)
            body += entry.payload
            guard let decisions = entry.decisions else {
                append(0, to: &body)
                continue
            }
            append(UInt64(decisions.utf8.count + 1), to: &body)
            body += decisions.utf8
        }
        guard body.count >= leastCompressed, body.count <= longest,
            let short = deflater.compressed(body, dictionary: JournalDictionary.first)
        else { return Data([Form.plain.rawValue] + body) }
        var packed = [Form.deflated.rawValue]
        append(UInt64(body.count), to: &packed)
        return Data(packed + short)
    }

    /// - Parameters:
    ///   - first: the sequence number of the first entry.
    ///   - count: how many there are.
    static func unpack(
        _ data: Data, call: String, first: Int, count: Int, with inflater: Inflater
    ) throws(Damage) -> [JournalRecord] {
        var reader = Reader(bytes: Array(data))
        switch Form(rawValue: try reader.byte()) {
        case .plain: break
        case .deflated:
            let length = try reader.number()
            guard length <= longest,
                let body = inflater.text(
                    of: reader.rest, length: Int(length), dictionary: JournalDictionary.first)
            else { throw Damage(detail: "what is compressed in it cannot be read") }
            reader = Reader(bytes: body)
        case nil: throw Damage(detail: "it is written in a way that is not known here")
        }
        var entries: [JournalRecord] = []
        var position = 0
        while entries.count < count {
            let step = try reader.number()
            position &+= Int(truncatingIfNeeded: step >> 1) ^ -Int(truncatingIfNeeded: step & 1)
            let kind = try reader.bytes(Int(clamping: try reader.number()))
            let payload = try reader.bytes(Int(clamping: try reader.number()))
            let length = Int(clamping: try reader.number())
            let decisions = length == 0 ? nil : String(decoding: try reader.bytes(length - 1), as: UTF8.self)
            entries.append(
                JournalRecord(
                    callID: call, sequence: first + entries.count, position: position,
                    kind: String(decoding: kind, as: UTF8.self), payload: Data(payload), decisions: decisions))
        }
        guard reader.rest.isEmpty else { throw Damage(detail: "there is more in it than its \(count) entries") }
        return entries
    }

    private static func append(text: String, to bytes: inout [UInt8]) {
        append(UInt64(text.utf8.count), to: &bytes)
        bytes += text.utf8
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private struct Reader {
        let bytes: [UInt8]
        var offset = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var rest: [UInt8] { Array(bytes[offset...]) }

        mutating func byte() throws(Damage) -> UInt8 {
            guard offset < bytes.count else { throw Damage(detail: "it ends too early") }
            defer { offset += 1 }
            return bytes[offset]
        }

        mutating func number() throws(Damage) -> UInt64 {
            var number: UInt64 = 0
            for shift in stride(from: 0, to: 64, by: 7) {
                let byte = try self.byte()
                number |= UInt64(byte & 0x7F) << UInt64(shift)
                if byte < 0x80 { return number }
            }
            throw Damage(detail: "it holds a number that is none")
        }

        mutating func bytes(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
            guard count <= bytes.count - offset else { throw Damage(detail: "it ends too early") }
            defer { offset += count }
            return bytes[offset..<offset + count]
        }
    }
}

extension JournalRecord {
    /// Bytes of what it holds, before it is packed.
    var size: Int { payload.count + kind.utf8.count + (decisions?.utf8.count ?? 0) }
}
