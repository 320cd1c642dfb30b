import Agent
import Speech

/// A language model whose account bears only so many answers at a time. One that finds no room in time is passed
/// over, which is no fault of the provider's, and the agent's next model answers.
struct LimitedModel: LanguageModel {
    let model: any LanguageModel
    let gate: AccountGate

    var answersAside: Bool { model.answersAside }

    func prepare(_ request: ModelRequest) { model.prepare(request) }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let (model, gate) = (model, gate)
        // Not bounded: the words of one answer, which its request bounds.
        let (events, forward) = AsyncThrowingStream.makeStream(of: ModelEvent.self, throwing: (any Error).self)
        let task = Task {
            guard let permit = await gate.enter() else {
                let detail = "as much of the account is in use as `providers.\(gate.provider)` allows"
                return forward.finish(throwing: ModelError(.limited, provider: gate.provider, detail: detail))
            }
            defer { permit.giveBack() }
            do {
                for try await event in model.answer(request) { forward.yield(event) }
                forward.finish()
            } catch {
                forward.finish(throwing: error)
            }
        }
        forward.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return events
    }
}
