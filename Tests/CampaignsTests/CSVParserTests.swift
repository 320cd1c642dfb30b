import Testing

@testable import Campaigns

@Suite("Comma-separated values")
struct CSVParserTests {
    private func records(
        _ bytes: [UInt8], piece: Int = 7, _ dialect: CSVDialect? = nil
    ) -> [CSVParser.Record] {
        var parser = CSVParser(dialect ?? CSVDialect(detecting: bytes))
        var records: [CSVParser.Record] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            records += parser.parse(bytes[start..<min(start + piece, bytes.count)])
        }
        if let last = parser.finish() { records.append(last) }
        return records
    }

    private func rows(_ text: String, piece: Int = 7) -> [[String]] {
        records(Array(text.utf8), piece: piece).compactMap { if case .row(_, let fields) = $0 { fields } else { nil } }
    }

    @Test(
        "are read as RFC 4180 says, in pieces of any size",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("\"a,1\",\"say \"\"hi\"\"\"\n,\n", [["a,1", "say \"hi\""], ["", ""]]),
            ("a,\"two\r\nlines\"\n\n\nb,c", [["a", "two\r\nlines"], ["b", "c"]]),
            ("=1+1,@x\n", [["=1+1", "@x"]]),
            ("x\n", [["x"]]),
        ])
    func wellFormed(text: String, expected: [[String]]) {
        for piece in [1, 2, 3, 64] { #expect(rows(text, piece: piece) == expected) }
    }

    @Test("a bad record is told with its line and costs only itself")
    func faults() {
        let text = "a,b\nx\"y,2\n1,2\n\"q\"z,3\n4,5\nn\0l,6\n7,8\n"
        let found = records(Array(text.utf8))
        let lines = found.compactMap { if case .fault(let line, _, _) = $0 { line } else { nil } }
        #expect(lines == [2, 4, 6])
        #expect(rows(text) == [["a", "b"], ["1", "2"], ["4", "5"], ["7", "8"]])
    }

    @Test("a line of ten megabytes is rejected without being kept, and the next one is read")
    func hugeLine() {
        let text = "a,b\n" + String(repeating: "x", count: 10_000_000) + "\n1,2\n"
        let found = records(Array(text.utf8), piece: 65_536)
        #expect(found.count == 3)
        guard case .fault(2, let reason, let beginning) = found[1] else {
            Issue.record("\(found[1])")
            return
        }
        #expect(reason.contains("longer than 65536 bytes"))
        #expect(beginning.utf8.count <= 80)
        #expect(found[2] == .row(line: 3, fields: ["1", "2"]))
    }

    @Test("a quote that is never closed swallows no more than the limit")
    func openQuote() {
        let text = "a,b\n\"open,1\n" + String(repeating: "1,2\n", count: 30_000)
        let found = rows(text, piece: 4096)
        #expect(found.count > 10_000)
        #expect(found.last == ["1", "2"])
    }

    @Test("the encoding is found: byte order marks, UTF-16 without one, Latin-1")
    func encodings() {
        let text = "näme,phöne\nJosé,1\n"
        let utf8 = Array(text.utf8)
        let utf16 = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let latin = text.unicodeScalars.map { UInt8($0.value) }
        let cases: [([UInt8], CSVDialect.Encoding)] = [
            (utf8, .utf8), ([0xEF, 0xBB, 0xBF] + utf8, .utf8), ([0xFF, 0xFE] + utf16, .utf16LittleEndian),
            (utf16, .utf16LittleEndian), (latin, .windows1252),
        ]
        for (bytes, encoding) in cases {
            #expect(CSVDialect(detecting: bytes).encoding == encoding)
            for piece in [1, 5, 64] {
                #expect(
                    records(bytes, piece: piece) == [
                        .row(line: 1, fields: ["näme", "phöne"]), .row(line: 2, fields: ["José", "1"]),
                    ])
            }
        }
    }

    @Test("what is not UTF-8 after all is a fault of its row")
    func laterLatin() {
        var bytes = Array("a,b\n".utf8)
        bytes += [0x4A, 0xE9, 0x2C, 0x31, 0x0A] + Array("1,2\n".utf8)
        let found = records(bytes, CSVDialect(encoding: .utf8, delimiter: UInt8(ascii: ",")))
        guard case .fault(2, let reason, _) = found[1] else {
            Issue.record("\(found)")
            return
        }
        #expect(reason.contains("not UTF-8"))
        #expect(found[2] == .row(line: 3, fields: ["1", "2"]))
    }

    @Test(
        "the delimiter is found outside of quotes",
        arguments: [(";", "a;\"b,c,d\";e"), ("\t", "a\tb,c\td"), ("|", "a|b|c")])
    func delimiters(expected: String, line: String) {
        #expect(CSVDialect(detecting: Array((line + "\n").utf8)).delimiter == Array(expected.utf8)[0])
    }

    @Test("what is written cannot run as a formula, and is read back the same")
    func writing() {
        #expect(
            CSVText.line(["=1+1", "a,b", "say \"x\"", "+12125550123", "-x", "-1.5", "-1.x"])
                == "'=1+1,\"a,b\",\"say \"\"x\"\"\",+12125550123,'-x,-1.5,'-1.x")
        #expect(rows(CSVText.line(["a\nb", "", "c"])) == [["a\nb", "", "c"]])
        // Signs that a combining mark makes other characters.
        let marked = ["a,\u{301}b", "x\"\u{301},y", "\"\u{301}"]
        #expect(rows(CSVText.line(marked)) == [marked])
        #expect(CSVText.line(["=\u{301}1"]) == "'=\u{301}1")
    }
}
