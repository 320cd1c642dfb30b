/// A mark in the playout of one generation of speech.
///
/// A carrier echoes marks when they were played and also when they were cleared, without telling which. The generation
/// tells: after a clear, echoes of older generations prove nothing.
package struct PlayoutMark: Sendable, Hashable, CustomStringConvertible {
    /// The utterance, counting from 1.
    package let generation: UInt32
    /// The mark within the stream, counting from 1.
    package let sequence: UInt32

    package init(generation: UInt32, sequence: UInt32) {
        self.generation = generation
        self.sequence = sequence
    }

    /// Reads a name that ``description`` made; nil for any other, since other parties of a call may set marks too.
    package init?(_ name: some StringProtocol) {
        let bytes = name.utf8
        guard bytes.first == UInt8(ascii: "g"), bytes.count <= 22, let dot = bytes.firstIndex(of: UInt8(ascii: ".")),
            let generation = Self.number(bytes[bytes.index(after: bytes.startIndex)..<dot]),
            let sequence = Self.number(bytes[bytes.index(after: dot)...])
        else { return nil }
        self.init(generation: generation, sequence: sequence)
    }

    /// The name on the wire: "g3.12".
    package var description: String { "g\(generation).\(sequence)" }

    /// Appends the name to a message without making a string.
    func appendName(to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "g"))
        Self.append(generation, to: &buffer)
        buffer.append(UInt8(ascii: "."))
        Self.append(sequence, to: &buffer)
    }

    private static func append(_ number: UInt32, to buffer: inout [UInt8]) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func number(_ digits: some Collection<UInt8>) -> UInt32? {
        guard let first = digits.first, digits.count <= 10, first != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var value: UInt64 = 0
        for digit in digits {
            guard case let digit = digit &- UInt8(ascii: "0"), digit < 10 else { return nil }
            value = value * 10 + UInt64(digit)
        }
        return UInt32(exactly: value)
    }
}
