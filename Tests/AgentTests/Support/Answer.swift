import Agent

/// What came of an answer, as a caller of the model sees it.
struct Answer: Sendable {
    var pieces: [String] = []
    var calls: [ModelToolCall] = []
    var finish: ModelFinish?
    var error: ModelError?

    var text: String { pieces.joined() }

    init(_ events: AsyncThrowingStream<ModelEvent, any Error>) async {
        do {
            for try await event in events {
                switch event {
                case .text(let piece): pieces.append(piece)
                case .toolCall(let call): calls.append(call)
                case .heard: break
                case .finished(let finish): self.finish = finish
                }
            }
        } catch {
            self.error = error as? ModelError
        }
    }
}
