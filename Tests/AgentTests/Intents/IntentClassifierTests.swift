import Agent
import Testing

@Suite("The intent classifier")
struct IntentClassifierTests {
    @Test(
        "tells held-out examples of the shipped agents apart, and states how sure it is",
        arguments: [("receptionist", 0.82), ("thermostat", 0.77)])
    func crossValidation(name: String, least: Double) throws {
        let flow = try Fixtures.flow(name)
        let report = IntentCrossValidation(examples: flow.examples, folds: 5)
        #expect(report.accuracy >= least, "\(report.table)")
        #expect(report.calibrationError <= 0.05)
    }

    @Test(
        "takes nothing for the task that is not",
        arguments: [
            "how is the cricket going", "can you fix my washing machine", "the parrot escaped again",
            "give me the number of the fire brigade", "my homework is due on monday",
            "tuesday i went to the cinema with my aunt", "buy ten shares of apple",
            "please to at ten cancel speak hours", "yesterday all my troubles seemed so far away",
        ])
    func outOfTask(text: String) throws {
        let flow = try Fixtures.flow("receptionist")
        let agent = try Fixtures.agent("receptionist")
        let words = SpokenText.words(text)
        let entities = flow.parser.entities(in: words, today: Fixtures.today)
        let probabilities = flow.classifier.probabilities(
            of: SpokenText.essential(flow.parser.classified(words, entities: entities)))
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        // A value alone answers a question and begins nothing.
        let beginsNothing = [IntentClassifier.none, "inform"].contains(flow.classifier.labels[best])
        #expect(
            beginsNothing || probabilities[best] < agent.thresholds.reaskBelow,
            "taken for \(flow.classifier.labels[best]) at \(probabilities[best])")
    }

    @Test("learns the same from the same examples")
    func reproducible() {
        let examples = [("a", "open door"), ("a", "open window"), ("b", "close door"), ("b", "shut window")]
            .map { IntentExample(intent: $0, words: $1.split(separator: " ").map(String.init)) }
        let (first, second) = (
            IntentClassifier(examples: examples, folds: 2), IntentClassifier(examples: examples, folds: 2)
        )
        #expect(first.probabilities(of: ["open", "gate"]) == second.probabilities(of: ["open", "gate"]))
        #expect(first.labels == ["a", "b", "none"])
    }
}
