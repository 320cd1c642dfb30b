import Agent
import Testing

@Suite("A difference by lines")
struct LineDiffTests {
    private func text(_ lines: ClosedRange<Int>, changing: [Int: String?] = [:]) -> String {
        lines.compactMap { line in changing.keys.contains(line) ? changing[line] ?? nil : "line \(line)" }
            .map { $0 + "\n" }.joined()
    }

    @Test("shows what changed with three lines around it, and where it stands in both")
    func hunk() {
        let diff = LineDiff(from: text(1...20), to: text(1...20, changing: [10: "new"]))
        #expect(
            diff.text == """
                @@ -7,7 +7,7 @@
                 line 7
                 line 8
                 line 9
                -line 10
                +new
                 line 11
                 line 12
                 line 13

                """)
    }

    @Test("keeps changes apart that are far from each other, and counts the lines that came between")
    func hunks() {
        let diff = LineDiff(from: text(1...40), to: "first\n" + text(1...40, changing: [30: nil]))
        #expect(diff.hunks.map { $0.oldStart } == [1, 27] && diff.hunks.map { $0.newStart } == [1, 28])
        #expect(diff.text.hasPrefix("@@ -1,3 +1,4 @@\n+first\n line 1\n"))
        #expect(diff.text.contains("@@ -27,7 +28,6 @@\n line 27\n line 28\n line 29\n-line 30\n line 31\n"))
    }

    @Test("is empty for equal texts, whole for a new and for a lost one")
    func edges() {
        #expect(LineDiff(from: text(1...5), to: text(1...5)).isEmpty)
        #expect(LineDiff(from: "", to: "a\nb\n").text == "@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(LineDiff(from: "a\nb\n", to: "").text == "@@ -1,2 +0,0 @@\n-a\n-b\n")
    }

    @Test("applied to the old text it gives the new one, whatever they are")
    func applies() {
        var generator = Seeded(state: 7)
        for _ in 0..<300 {
            let old = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                "\(Int.random(in: 0...5, using: &generator))"
            }
            var new = old
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let place = Int.random(in: 0...new.count, using: &generator)
                if Bool.random(using: &generator) || place == new.count {
                    new.insert("x", at: place)
                } else {
                    new.remove(at: place)
                }
            }
            let diff = LineDiff(from: old.map { $0 + "\n" }.joined(), to: new.map { $0 + "\n" }.joined())
            var result: [String] = []
            var next = 0
            for hunk in diff.hunks {
                let count = hunk.lines.count { $0.kind != .added }
                let start = count == 0 ? hunk.oldStart : hunk.oldStart - 1
                result += old[next..<start]
                #expect(hunk.lines.filter { $0.kind != .added }.map(\.text) == Array(old[start..<start + count]))
                result += hunk.lines.filter { $0.kind != .removed }.map(\.text)
                next = start + count
            }
            result += old[next...]
            #expect(result == new)
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }
}
