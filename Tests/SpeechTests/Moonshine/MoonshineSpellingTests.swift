import Foundation
import Testing

@testable import Speech

@Suite("Moonshine's spelling")
struct MoonshineSpellingTests {
    /// Written as the wheel's file is: a length and the text of each token.
    private func spelling(_ tokens: [String], cut: Int = 0) throws -> MoonshineSpelling {
        var bytes: [UInt8] = []
        for token in tokens {
            let text = Array(token.utf8)
            bytes += text.count < 128 ? [UInt8(text.count)] : [UInt8(text.count % 128 + 128), UInt8(text.count / 128)]
            bytes += text
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "tokens-\(UUID().uuidString)")
        try Data(bytes.dropLast(cut)).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try MoonshineSpelling(file)
    }

    /// The words that tokens make, separated by single spaces.
    private func words(_ tokens: [String]) throws -> String {
        let spelling = try spelling(["", "<s>", "</s>"] + tokens)
        let pieces = (MoonshineSpelling.firstText..<spelling.tokenCount).flatMap { spelling[$0] }
        return pieces.split(separator: MoonshineSpelling.boundary)
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    @Test(
        "a text is lower-case words",
        arguments: [
            (["▁I", "'d", "▁like", "▁Fri", "day", ",", "▁please", "."], "i'd like friday please"),
            (["▁sixty", "-", "six"], "sixty-six"),
            (["▁it’s", "▁ten", "-", "thir", "ty"], "it's ten-thirty"),
            (["▁caf", "é"], "caf#"),
        ])
    func text(tokens: [String], expected: String) throws {
        #expect(try words(tokens) == expected)
    }

    @Test("a token with a digit, and a sign for the model, is not text")
    func digits() throws {
        let spelling = try spelling(["", "<s>", "</s>", "▁10", "ten", "5th"])
        #expect((0..<spelling.tokenCount).filter(spelling.isSpoken) == [4])
    }

    @Test("a token of more than 127 bytes is read whole")
    func longToken() throws {
        let spelling = try spelling(["", "<s>", "</s>", String(repeating: "a", count: 300), "b"])
        #expect(spelling.tokenCount == 5)
        #expect(spelling[3].count == 300)
        #expect(Array(spelling[4]) == Array("b".utf8))
    }

    @Test("a file that ends within a token, or holds none, is refused by name", arguments: [1, 9])
    func damaged(cut: Int) throws {
        let error = #expect(throws: SpeechError.self) { try spelling(["", "<s>", "</s>", "ab"], cut: cut) }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail.contains("tokens-") == true)
    }

    @Test("a missing file is refused by name")
    func missing() {
        let error = #expect(throws: SpeechError.self) { try MoonshineSpelling(URL(filePath: "/nowhere/tokens.bin")) }
        #expect(error?.detail.contains("/nowhere/tokens.bin") == true)
    }
}
