import Foundation
import Testing

@testable import Store

@Suite("Entries of a journal in one row")
struct JournalPackingTests {
    private static func entries(_ count: Int, from first: Int = 0, size: Int = 0) -> [JournalRecord] {
        (first..<first + count).map { number in
            JournalRecord(
                callID: "a", sequence: number, position: number.isMultiple(of: 5) ? number * 2400 : number - 77,
                kind: number.isMultiple(of: 2) ? "voiceStarted" : "",
                payload: Data((0..<max(size, number % 7 * 40)).map { UInt8(truncatingIfNeeded: $0 &* number) }),
                decisions: number.isMultiple(of: 3)
                    ? nil : number.isMultiple(of: 4) ? "" : "[\"wait for \(number) é\"]")
        }
    }

    @Test("come back as they were, whatever they hold", arguments: [1, 2, 20, 64])
    func roundTrip(count: Int) throws {
        let entries = Self.entries(count, from: 41)
        let packed = JournalPacking.pack(entries, with: Deflater())
        let back = try JournalPacking.unpack(packed, call: "a", first: 41, count: count, with: Inflater())
        #expect(back == entries)
    }

    @Test("the dictionary is that of the rows there are: with a letter changed they could not be read")
    func dictionary() {
        // FNV-1a.
        let sum = JournalDictionary.first.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        #expect(JournalDictionary.first.count == 4945)
        #expect(sum == 7_878_299_958_314_124_336)
    }

    @Test("one stream packs many rows, each by itself")
    func reuse() throws {
        let (deflater, inflater) = (Deflater(), Inflater())
        let packed = (0..<20).map { JournalPacking.pack(Self.entries(9, from: $0 * 9), with: deflater) }
        for index in packed.indices.reversed() {
            let back = try JournalPacking.unpack(
                packed[index], call: "a", first: index * 9, count: 9, with: inflater)
            #expect(back == Self.entries(9, from: index * 9))
        }
    }

    @Test("positions at both ends of what a number holds come back")
    func positions() throws {
        let entries = [Int.max, .min, 0, -1].enumerated().map { index, position in
            JournalRecord(callID: "a", sequence: index, position: position, kind: "k", payload: Data())
        }
        // A step between them may be larger than a number: it wraps, there and back.
        let packed = JournalPacking.pack(entries, with: Deflater())
        #expect(try JournalPacking.unpack(packed, call: "a", first: 0, count: 4, with: Inflater()) == entries)
    }

    @Test("take less room than by themselves, and never more than a few bytes more")
    func size() {
        let words = (0..<20).map { number in
            JournalRecord(
                callID: "a", sequence: number, position: number * 2400, kind: "interim",
                payload: Data(#"{"interim":{"_0":{"number":\#(number)},"text":"tomorrow morning please"}}"#.utf8),
                decisions: "[]")
        }
        let raw = words.reduce(0) { $0 + $1.size }
        #expect(JournalPacking.pack(words, with: Deflater()).count * 4 < raw)
        var generator = SystemRandomNumberGenerator()
        let noise = JournalRecord(
            callID: "a", sequence: 0, position: 0, kind: "k",
            payload: Data((0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }))
        #expect(JournalPacking.pack([noise], with: Deflater()).count <= noise.size + 8)
    }

    @Test("bytes that are damaged are told, and never a trap", arguments: 0..<200)
    func damaged(round: Int) throws {
        let entries = Self.entries(12)
        var bytes = Array(JournalPacking.pack(entries, with: Deflater()))
        var generator = SystemRandomNumberGenerator()
        switch round % 4 {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
        case 1: bytes[0] = UInt8.random(in: 2...255, using: &generator)
        case 2: bytes.append(7)
        default:
            let place = Int.random(in: 1..<bytes.count, using: &generator)
            bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
        }
        let back = try? JournalPacking.unpack(Data(bytes), call: "a", first: 0, count: 12, with: Inflater())
        // A single bit may be another text; what is cut short or unknown may not.
        if round % 4 < 2 { #expect(back == nil) }
        #expect(throws: JournalPacking.Damage.self) {
            try JournalPacking.unpack(Data(bytes), call: "a", first: 0, count: 100_000, with: Inflater())
        }
    }

    @Test("rows hold what follows, up to a number and a size, whatever calls are between them")
    func groups() {
        func entry(_ call: String, _ number: Int, _ size: Int = 10) -> JournalRecord {
            JournalRecord(callID: call, sequence: number, position: 0, kind: "", payload: Data(count: size))
        }
        func names(_ entries: [JournalRecord]) -> [[String]] {
            JournalRow.grouped(entries).map { $0.map { "\($0.callID)\($0.sequence)" } }
        }
        #expect(names([]) == [])
        #expect(
            names([entry("a", 0), entry("b", 5), entry("a", 1), entry("b", 6), entry("a", 3), entry("a", 4)])
                == [["a0", "a1"], ["b5", "b6"], ["a3", "a4"]])
        #expect(names([entry("a", 1), entry("a", 1), entry("a", 0)]) == [["a1"], ["a1"], ["a0"]])
        #expect(names([entry("a", 0, 5000), entry("a", 1), entry("a", 2)]) == [["a0"], ["a1", "a2"]])
        let many = JournalRow.grouped((0..<150).map { entry("a", $0) })
        #expect(many.map(\.count) == [64, 64, 22])
    }

    @Test("rows stand among other writes where their first entry does, each once")
    func prepared() {
        var writes: [StoreWrite] = [.call(.sample("a"))]
        writes += [5, 6, 5, 7, 6].map { .journal(StoreWrite.entry($0, of: "a")) }
        writes.insert(.call(.sample("b")), at: 3)
        writes.append(.journal(StoreWrite.entry(0, of: "b")))
        let prepared = PreparedWrite.prepared(writes.enumerated().map { RevisedWrite(revision: $0, write: $1) })
        let shown = prepared.map { write in
            switch write.content {
            case .record(let record): "call \(record.callID ?? "")"
            case .journal(let row): "\(row.callID) \(row.sequence) \(row.count)"
            }
        }
        #expect(shown.filter { $0.hasPrefix("call") } == ["call a", "call b"])
        #expect(Set(shown) == ["call a", "call b", "a 5 2", "a 5 1", "a 7 1", "a 6 1", "b 0 1"])
        #expect(shown.first == "call a" && shown.last == "b 0 1")
    }
}
