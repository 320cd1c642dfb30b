import Foundation
import Testing

@testable import Agent

@Suite("Understanding of wordings that nobody trained with")
struct IntentEvaluationTests {
    private static let utterances = Result {
        let file = Fixtures.directory.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks/intents/utterances.tsv")
        return try IntentUtterance.read(String(decoding: Data(contentsOf: file), as: UTF8.self))
    }

    @Test("the held utterances are as many as they should be, and none is trained with")
    func fileIsWhole() throws {
        let forty = try Self.utterances.get().filter { $0.agent == nil }
        let held = forty.filter { !$0.isTraining && $0.intent != IntentClassifier.none }
        #expect(held.count >= 600)
        #expect(Set(held.map(\.intent)).count == 40)
        #expect(Set(forty.filter(\.isTraining).map(\.text)).isDisjoint(with: held.map(\.text)))
    }

    @Test("held utterances are understood as well as was measured, less a little")
    func accuracy() throws {
        let report = try IntentEvaluation(
            Self.utterances.get(), agents: Fixtures.library.get(), today: Fixtures.today)
        let least = ["forty": 0.73, "receptionist": 0.77, "thermostat": 0.8]
        for score in report.scores {
            #expect(score.accuracy >= least[score.name, default: 1], "\(report.text)")
            #expect(score.calibrationError <= 0.17, "\(report.text)")
        }
        #expect(report.scores.map(\.name) == ["forty", "receptionist", "thermostat"])
    }

    @Test(
        "a file that cannot be read is told with its line",
        arguments: [
            ("split\ttext\n", 1), ("split\tagent\tquestion\tintent\tnoise\ttext\nheld\t-\topen\n", 2),
            ("split\tagent\tquestion\tintent\tnoise\ttext\n\nmaybe\t-\topen\ta\tno\thello\n", 3),
        ])
    func faults(file: String, line: Int) {
        #expect { try IntentUtterance.read(file) } throws: { ($0 as? IntentUtterance.Fault)?.line == line }
    }

    @Test("words of like meaning are near each other, also those in pieces")
    func nearness() {
        func cosine(_ a: String, _ b: String) -> Float {
            let (a, b) = (WordVectors.shared.vector(of: [a]), WordVectors.shared.vector(of: [b]))
            return zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(cosine("doctor", "physician") > cosine("doctor", "bicycle") + 0.2)
        #expect(WordVectors.shared.vector(of: ["öäü"]).allSatisfy { $0 == 0 })
    }
}
