import Foundation
import Testing

@testable import Speech

@Suite("The sentence model", .enabled(if: InstalledModels.files.hasSentences, InstalledModels.advice))
struct SentenceModelTests {
    private func model() throws -> SentenceModel {
        try SentenceModel(InstalledModels.files, runtime: InstalledModels.runtime())
    }

    /// The numbers are those that the Hugging Face tokenizers library gives (0.22).
    @Test(
        "cuts sentences as the model was trained with",
        arguments: [
            (
                "I'd like to re-book my appointment, please!",
                [101, 1045, 1005, 1040, 2066, 2000, 2128, 1011, 2338, 2026, 6098, 1010, 3531, 999, 102]
            ),
            ("Dr. Müller's café costs $20", [101, 2852, 1012, 12304, 1005, 1055, 7668, 5366, 1002, 2322, 102]),
            (
                "xyzzyplugh unaffordability",
                [101, 1060, 2100, 28753, 24759, 8953, 14477, 4246, 8551, 8010, 102]
            ),
            ("  two\twords ", [101, 2048, 2616, 102]), ("", [101, 102]), ("\u{10FFFF}", [101, 100, 102]),
        ])
    func pieces(sentence: String, numbers: [Int64]) throws {
        let pieces = try WordPieces(file: InstalledModels.files.sentencePieces)
        #expect(pieces.numbers(of: sentence, limit: 64) == numbers)
        #expect(pieces.numbers(of: sentence, limit: 3).count <= 3)
    }

    @Test("puts sentences of like meaning near each other, alone as among others")
    func nearness() throws {
        let model = try model()
        let sentences = [
            "i need to see a physician", "can i get a doctor's appointment", "my internet is down",
            "the web does not load",
        ]
        let vectors = try #require(model.vectors(of: sentences))
        func cosine(_ a: Int, _ b: Int) -> Float { zip(vectors[a], vectors[b]).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(cosine(0, 1) > cosine(0, 2) + 0.3)
        #expect(cosine(2, 3) > cosine(1, 3) + 0.3)
        for (sentence, vector) in zip(sentences, vectors) {
            #expect(vector.count == SentenceModel.dimensions)
            let alone = try #require(model.vectors(of: [sentence])?.first)
            #expect(alone == vector)
        }
    }

    @Test("reads the beginning of a sentence without end, and nothing of none")
    func extremes() throws {
        let model = try model()
        let long = String(repeating: "and so on ", count: 10_000)
        #expect(try #require(model.vectors(of: [long, ""])).allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(model.vectors(of: []) == [])
    }

    @Test("a file that is no vocabulary, or another model's, is told")
    func damaged() throws {
        let directory = URL.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let files = NeuralFiles(directory: directory.path)
        try FileManager.default.copyItem(at: InstalledModels.files.silero, to: files.sentences)
        for content in ["{", #"{"model": {"vocab": {"hello": 1}}}"#] {
            try Data(content.utf8).write(to: files.sentencePieces)
            #expect(throws: SpeechError.self) { try WordPieces(file: files.sentencePieces) }
        }
        try FileManager.default.removeItem(at: files.sentencePieces)
        try FileManager.default.copyItem(at: InstalledModels.files.sentencePieces, to: files.sentencePieces)
        #expect(throws: SpeechError.self) {
            try SentenceModel(files, runtime: InstalledModels.runtime())
        }
    }
}
