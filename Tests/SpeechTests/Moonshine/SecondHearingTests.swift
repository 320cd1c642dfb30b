import AudioCore
import Codecs
import Foundation
import Logging
import Testing

@testable import Speech

@Suite("Second hearing")
struct SecondHearingTests {
    private func first(_ words: String...) -> [Transcript.Word] {
        words.enumerated().map { index, word in
            Transcript.Word(text: word, start: index * 1000, end: index * 1000 + 900, confidence: 0.9)
        }
    }

    @Test("a word that both heard keeps its time and certainty")
    func matched() {
        let (words, matches) = SecondHearing.timed(["set", "it"], by: first("set", "it"), end: 4000)
        #expect(words == first("set", "it"))
        #expect(matches == 2)
    }

    @Test("words that only the second heard share the room between their neighbours")
    func between() {
        let (words, matches) = SecondHearing.timed(
            ["set", "it", "to", "ten"], by: first("set", "sit", "ten"), end: 4000)
        #expect(matches == 2)
        #expect(words.map(\.text) == ["set", "it", "to", "ten"])
        #expect(words[1].start == 900 && words[1].end == 1450)
        #expect(words[2].start == 1450 && words[2].end == 2000)
        #expect(words[1].confidence < 0.9)
    }

    @Test("words before the first and after the last match lie within the utterance, in order")
    func outside() {
        for said in [["now", "set"], ["set", "now"], ["quite", "other", "words"]] {
            let (words, _) = SecondHearing.timed(said, by: first("set", "it"), end: 4000)
            #expect(words.map(\.text) == said)
            #expect(words.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= 4000 })
            #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
        }
    }

    @Test("the likeliest word with a beginning stands in for it")
    func beginnings() {
        let beginnings = WordBeginnings([
            (Array("set".utf8), -3), (Array("seven".utf8), -2), (Array("it".utf8), -1), ([], 0),
        ])
        #expect(beginnings[Array("se".utf8)] == -2)
        #expect(beginnings[Array("set".utf8)] == -3)
        #expect(beginnings[Array("x".utf8)] == nil)
    }
}

@Suite(
    "Second hearing with Moonshine", .serialized,
    .enabled(if: InstalledModels.files.hasMoonshine, InstalledModels.advice))
struct MoonshineHearingTests {
    /// A decoder pool of its own beside that of ``SmallTask``.
    private static let recognizer = Result {
        let model = try MoonshineModel(InstalledModels.files, runtime: InstalledModels.runtime()) {
            Issue.record("\($0)")
        }
        return try PocketSphinxRecognizer(
            configuration: SmallTask.configuration, second: model,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func hear(_ clip: String, _ condition: String) async throws -> Transcript? {
        let call = try SmallCall(try Self.recognizer.get())
        call.say(try SmallTask.clip(clip, condition), as: UtteranceID(1))
        call.session.finishUtterance(UtteranceID(1))
        let transcript = await call.result()?.transcript
        call.session.close()
        return transcript
    }

    @Test("hears a sentence of the task", arguments: ["clean", "snr10"])
    func task(condition: String) async throws {
        let transcript = try #require(try await hear("100-goodbye", condition))
        // In noise the first word is a matter of luck.
        #expect(
            transcript.text.hasSuffix(condition == "clean" ? "thank you goodbye" : "you goodbye"), "\(transcript.text)")
    }

    @Test("hears speech that no sentence of the task resembles, and knows that it does not")
    func outside() async throws {
        let transcript = try #require(try await hear("003-out_of_task", "clean"))
        #expect(transcript.text.hasPrefix("i used to have"), "\(transcript.text)")
        #expect(transcript.evidence?.second != nil)
        #expect(transcript.isOutOfTask)
        #expect(transcript.confidence < 0.1)
    }
}
