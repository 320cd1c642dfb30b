import Foundation
import Testing

@testable import Speech

@Suite("Evidence for what was heard")
struct UtteranceEvidenceTests {
    private func evidence(_ segments: [DecodedUtterance.Segment], samples: [Int16] = []) -> UtteranceEvidence {
        UtteranceEvidence(
            DecodedUtterance(segments: segments, frameCount: 50, posterior: -1),
            samples: samples.span, taskWords: ["book"], languageWeight: 10)
    }

    private let heard: [DecodedUtterance.Segment] = [
        .init(text: "<sil>", frames: 0..<10, posterior: 0, acoustic: -5, language: -3, order: 1),
        .init(text: "book(2)", frames: 10..<30, posterior: log(0.8), acoustic: -40, language: -20, order: 3),
        .init(text: "it", frames: 30..<40, posterior: log(0.4), acoustic: -20, language: -10, order: 1),
        .init(text: "[NOISE]", frames: 40..<50, posterior: 0, acoustic: -5, language: -3, order: 1),
    ]

    @Test("is reckoned over the words, and fillers count only where the whole is meant")
    func numbers() {
        let evidence = evidence(heard)
        let expected: [(KeyPath<UtteranceEvidence, Double>, Double)] = [
            (\.acoustic, -2), (\.path, -0.5), (\.meanWord, 0.6), (\.weakestWord, 0.4),
            (\.language, -1.5), (\.strangeShare, 0.5), (\.backedOffShare, 0.5), (\.words, 2), (\.framesPerWord, 15),
            (\.filled, 0.6), (\.contrast, 0),
        ]
        for (key, value) in expected { #expect(abs(evidence[keyPath: key] - value) < 1e-9, "\(key)") }
    }

    @Test("a posterior above one, as rounding makes it, is one")
    func rounding() {
        let word = DecodedUtterance.Segment(
            text: "book", frames: 0..<10, posterior: 0.01, acoustic: -5, language: -3, order: 3)
        #expect(evidence([word]).meanWord == 1)
        #expect(evidence([word]).weakestWord == 1)
    }

    @Test(
        "contrast is what lies between the loud and the quiet pieces",
        arguments: [
            (quiet: 10, loud: 1000, pieces: 100, contrast: 40.0), (quiet: 100, loud: 1000, pieces: 10, contrast: 20),
            (quiet: 500, loud: 500, pieces: 100, contrast: 0), (quiet: 0, loud: 0, pieces: 100, contrast: 0),
            (quiet: 10, loud: 1000, pieces: 0, contrast: 0),
        ] as [(quiet: Int16, loud: Int16, pieces: Int, contrast: Double)])
    func contrast(quiet: Int16, loud: Int16, pieces: Int, contrast: Double) {
        let samples = (0..<pieces).flatMap { piece in
            [Int16](repeating: piece % 2 == 0 ? quiet : loud, count: DecodedUtterance.samplesPerFrame)
        }
        // What is less than a piece at the end does not count.
        let evidence = evidence(heard, samples: samples + [Int16](repeating: .max, count: 79))
        #expect(abs(evidence.contrast - contrast) < 0.01)
    }

    @Test(
        "fillers are no words, and pronunciation variants are the word",
        arguments: [
            ("<sil>", nil), ("[NOISE]", nil), ("++UH++", nil), ("the(2)", "the"), ("mm-hm(2)", "mm-hm"),
            ("it's", "it's"),
        ] as [(String, String?)])
    func words(text: String, word: String?) {
        let segment = DecodedUtterance.Segment(
            text: text, frames: 0..<1, posterior: 0, acoustic: 0, language: 0, order: 1)
        let utterance = DecodedUtterance(segments: [segment], frameCount: 1, posterior: 0)
        #expect(utterance.words.first?.word == word)
    }
}
