import Codecs
import Testing

/// The quantizers as tables 1a and 2a of ITU-T G.711 give them: segments, each with so many intervals of equal width.
///
/// Everything is on the 16-bit scale; a negative sample counts by its complement, as in the ITU-T's software (G.191).
private struct QuantizerTable {
    /// Upper decision value and output value of each interval, from silence outwards.
    var intervals: [(end: Int, output: Int)] = []

    /// µ-law: the first interval is half as wide, later outputs are the middles of their intervals.
    static let muLaw: QuantizerTable = {
        var table = QuantizerTable()
        var edge = 0
        for segment in 0..<8 {
            let width = 8 << segment
            for interval in 0..<16 {
                let isFirst = segment == 0 && interval == 0
                let end = edge + (isFirst ? 4 : width)
                table.intervals.append((end, isFirst ? 0 : (edge + end) / 2))
                edge = end
            }
        }
        return table
    }()

    /// A-law: two segments with the smallest step, each further one doubling it.
    static let aLaw: QuantizerTable = {
        var table = QuantizerTable()
        var edge = 0
        for segment in 0..<8 {
            let width = 16 << max(segment - 1, 0)
            for _ in 0..<16 {
                table.intervals.append((edge + width, edge + width / 2))
                edge += width
            }
        }
        return table
    }()

    func interval(of sample: Int) -> Int {
        let magnitude = sample < 0 ? ~sample : sample
        return intervals.firstIndex { magnitude < $0.end } ?? intervals.count - 1
    }
}

@Suite("G.711")
struct G711Tests {
    @Test("µ-law encodes all 65,536 samples as the ITU-T's table says")
    func muLawEncodes() {
        let wrong = (Int(Int16.min)...Int(Int16.max)).filter { sample in
            let number = UInt8(QuantizerTable.muLaw.interval(of: sample))
            // Character signal: the number's bits inverted, the sign bit set for positive samples.
            let expected = sample < 0 ? ~(number | 0x80) : ~number
            return MuLaw.encode(Int16(sample)) != expected
        }
        #expect(wrong.isEmpty)
    }

    @Test("µ-law decodes all 256 codes as the ITU-T's table says")
    func muLawDecodes() {
        let wrong = (0...255).filter { code in
            let output = QuantizerTable.muLaw.intervals[~code & 0x7F].output
            return Int(MuLaw.decode(UInt8(code))) != (code & 0x80 == 0 ? -output : output)
        }
        #expect(wrong.isEmpty)
        #expect(MuLaw.decode(0x00) == -32124)
        #expect(MuLaw.decode(0x80) == 32124)
        #expect(MuLaw.decode(MuLaw.silence) == 0)
    }

    @Test("A-law encodes all 65,536 samples as the ITU-T's table says")
    func aLawEncodes() {
        let wrong = (Int(Int16.min)...Int(Int16.max)).filter { sample in
            let number = UInt8(QuantizerTable.aLaw.interval(of: sample))
            // Character signal: even bits inverted, the sign bit set for positive samples.
            let expected = (sample < 0 ? number : number | 0x80) ^ 0x55
            return ALaw.encode(Int16(sample)) != expected
        }
        #expect(wrong.isEmpty)
    }

    @Test("A-law decodes all 256 codes as the ITU-T's table says")
    func aLawDecodes() {
        let wrong = (0...255).filter { code in
            let bits = code ^ 0x55
            let output = QuantizerTable.aLaw.intervals[bits & 0x7F].output
            return Int(ALaw.decode(UInt8(code))) != (bits & 0x80 == 0 ? -output : output)
        }
        #expect(wrong.isEmpty)
        #expect(ALaw.decode(0x2A) == -32256)
        #expect(ALaw.decode(0xAA) == 32256)
    }

    @Test("A code survives decoding and encoding, but for the second zero of µ-law")
    func roundTrip() {
        #expect((0...255).filter { MuLaw.encode(MuLaw.decode(UInt8($0))) != UInt8($0) } == [0x7F])
        #expect((0...255).filter { ALaw.encode(ALaw.decode(UInt8($0))) != UInt8($0) } == [])
    }

    @Test("Spans are converted up to the shorter one", arguments: [0, 1, 159, 160])
    func spans(room: Int) {
        let samples = (0..<160).map { Int16($0 * 200 - 16000) }
        var codes = [UInt8](repeating: 1, count: room)
        var target = codes.mutableSpan
        #expect(MuLaw.encode(samples.span, into: &target) == room)
        #expect(codes == samples.prefix(room).map { MuLaw.encode($0) })

        var decoded = [Int16](repeating: 1, count: room)
        var output = decoded.mutableSpan
        #expect(MuLaw.decode(codes.span, into: &output) == room)
        #expect(decoded == codes.map { MuLaw.decode($0) })
    }
}
