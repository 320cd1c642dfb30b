import Agent
import Synchronization

/// A language model whose tokens are counted for a call.
///
/// An answer that is given up before its end tells no figures, but was paid for: it counts as far as it came, estimated.
struct MeteredModel: LanguageModel {
    let model: any LanguageModel
    /// The provider's name in the configuration.
    let provider: String
    /// Of the call that an answer is asked for on.
    let meter: @Sendable () -> UsageMeter
    /// Told when an answer is over; nil where nobody asks.
    var answered: (@Sendable (ModelCall) -> Void)?

    var answersAside: Bool { model.answersAside }

    func prepare(_ request: ModelRequest) { model.prepare(request) }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let (model, provider, meter, answered) = (model, provider, meter(), answered)
        // Not bounded: the words of one answer, which its request bounds.
        let (events, forward) = AsyncThrowingStream.makeStream(of: ModelEvent.self, throwing: (any Error).self)
        let task = Task {
            var bytes = 0
            var isCounted = false
            var call = ModelCall(request, of: provider)
            do {
                for try await event in model.answer(request) {
                    call.take(event)
                    switch event {
                    case .text(let text): bytes += text.utf8.count
                    case .toolCall(let call): bytes += call.name.utf8.count + call.rawArguments.utf8.count
                    case .finished(let finish):
                        isCounted = true
                        // Before whoever waits for it can end the call.
                        meter.add(finish.usage ?? Self.estimate(request, bytes), of: provider)
                    case .heard: break
                    }
                    forward.yield(event)
                }
                if !isCounted, bytes > 0 { meter.add(Self.estimate(request, bytes), of: provider) }
                answered?(call.over(error: nil))
                forward.finish()
            } catch {
                if !isCounted, bytes > 0 { meter.add(Self.estimate(request, bytes), of: provider) }
                answered?(call.over(error: error))
                forward.finish(throwing: error)
            }
        }
        forward.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return events
    }

    private static func estimate(_ request: ModelRequest, _ bytes: Int) -> ModelUsage {
        ModelUsage(promptTokens: ContextBudget.estimate(request), completionTokens: ContextBudget.tokens(bytes))
    }
}
