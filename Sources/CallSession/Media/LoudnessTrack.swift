import Codecs
import Glibc

/// The loudness of the last 1.28 s of a signal on the call's clock, in pieces of 10 ms at 8 kHz.
struct LoudnessTrack: Sendable {
    /// A piece above this can be heard. The logarithm (base 10) of mean squares of 16-bit samples.
    static let audible = 4.5
    /// What is quieter counts as this: the noise of a quiet line.
    private static let floor = 1000.0

    private static let size = 128
    private var squares = InlineArray<128, Float>(repeating: 0)
    /// The piece after the newest one.
    private var end = 0

    /// Puts linear samples in the place of what was there from `position` on.
    mutating func put(_ samples: Span<Int16>, at position: Int) {
        put(samples.count, at: position) { range in
            var sum: Float = 0
            for index in range { sum += Float(samples[index]) * Float(samples[index]) }
            return sum
        }
    }

    /// Puts µ-law codes in the place of what was there from `position` on.
    mutating func put(_ codes: Span<UInt8>, at position: Int) {
        put(codes.count, at: position) { range in
            var sum: Float = 0
            for index in range {
                let sample = Float(MuLaw.decode(codes[index]))
                sum += sample * sample
            }
            return sum
        }
    }

    private mutating func put(_ count: Int, at position: Int, squaresOf: (Range<Int>) -> Float) {
        forget(from: position)
        var index = 0
        while index < count {
            let piece = (position + index) / 80
            let next = min((piece + 1) * 80 - position, count)
            defer { index = next }
            guard piece >= 0, piece >= end - Self.size else { continue }
            if piece >= end {
                // What lies between is silence.
                for skipped in max(end, piece - Self.size + 1)...piece { squares[skipped % Self.size] = 0 }
                end = piece + 1
            }
            squares[piece % Self.size] += squaresOf(index..<next)
        }
    }

    /// Empties the pieces that begin at `position` or later.
    mutating func forget(from position: Int) {
        let first = max((position + 79) / 80, end - Self.size, 0)
        guard first < end else { return }
        for piece in first..<end { squares[piece % Self.size] = 0 }
    }

    /// The logarithm (base 10) of the mean square of a piece.
    func level(_ piece: Int) -> Double {
        guard piece >= 0, piece < end, piece >= end - Self.size else { return log10(Self.floor) }
        return log10(max(Double(squares[piece % Self.size]) / 80, Self.floor))
    }

    /// Whether anything in these pieces can be heard.
    func isAudible(in pieces: Range<Int>) -> Bool {
        let known = pieces.clamped(to: max(end - Self.size, 0)..<max(end, 0))
        return known.contains { Double(squares[$0 % Self.size]) / 80 > 31_623 }
    }
}
