import Agent
import Logging
import Testing

@Suite("A chain of models", .timeLimit(.minutes(1)))
struct FallbackModelTests {
    private static let request = ModelRequest(model: "own", instructions: "", messages: [.user("Hello")])
    private let clock = ManualClock()

    private func chain(_ models: [FakeLanguageModel]) -> FallbackModel {
        FallbackModel(
            models.enumerated().map { .init(name: "p\($0.offset)", model: $0.element) }, hedgeAfter: .seconds(1),
            health: ModelHealthBoard(clock: clock), clock: clock, logger: Logger(label: "test"))
    }

    @Test("answers with the first one, which alone is asked for the agent's model")
    func first() async {
        let models = [FakeLanguageModel([[.text("Yes.")]]), FakeLanguageModel([[.text("No.")]])]
        #expect(await Answer(chain(models).answer(Self.request)).text == "Yes.")
        #expect(models[0].requests.map(\.model) == ["own"] && models[1].requests.isEmpty)
    }

    @Test("answers with the next one when one fails, and remembers that until it has rested")
    func failing() async {
        let models = [
            FakeLanguageModel([[.fail(.unavailable)], [.text("Back.")]]),
            FakeLanguageModel([[.text("One.")], [.text("Two.")]]),
        ]
        let chain = chain(models)
        #expect(await Answer(chain.answer(Self.request)).text == "One.")
        #expect(models[1].requests.map(\.model) == [nil])
        #expect(await Answer(chain.answer(Self.request)).text == "Two.")
        #expect(models[0].requests.count == 1)
        clock.advance(by: .seconds(2))
        #expect(await Answer(chain.answer(Self.request)).text == "Back.")
    }

    @Test("answers with the fastest when the first makes no progress")
    func hanging() async {
        let models = [FakeLanguageModel([[.hang]]), FakeLanguageModel([[.text("Here.")]])]
        let chain = chain(models)
        async let answer = Answer(chain.answer(Self.request))
        await clock.sleepers(1)
        #expect(models[1].requests.isEmpty)
        clock.advance(by: .seconds(1))
        #expect(await answer.text == "Here.")
        // The loser was given up by us, so it is asked first again.
        _ = await Answer(chain.answer(Self.request))
        #expect(models[0].requests.count == 2)
    }

    @Test("says nothing twice: what fails after its first words is a failure")
    func halfway() async {
        let models = [
            FakeLanguageModel([[.text("Well,"), .fail(.connectionLost)]]), FakeLanguageModel([[.text("No.")]]),
        ]
        let answer = await Answer(chain(models).answer(Self.request))
        #expect(answer.text == "Well," && answer.error?.code == .connectionLost)
        #expect(models[1].requests.isEmpty)
    }

    @Test("tells why when all fail")
    func allFail() async {
        let models = [FakeLanguageModel([[.fail(.unauthorized)]]), FakeLanguageModel([[.fail(.rateLimited)]])]
        #expect(await Answer(chain(models).answer(Self.request)).error?.code == .rateLimited)
    }

    @Test("ends with whoever listens")
    func cancelled() async {
        let model = FakeLanguageModel([[.hang]])
        let chain = chain([model, FakeLanguageModel([])])
        let task = Task { await Answer(chain.answer(Self.request)) }
        await clock.sleepers(1)
        task.cancel()
        #expect(await task.value.text.isEmpty)
        // The timer of the chain is gone, too.
        clock.advance(by: .seconds(5))
    }
}
