import Agent
import Testing

/// An answer as a provider streams it, and what must come of it.
struct AnswerCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var data: [String]
    var text = ""
    /// `id name arguments`
    var calls: [String] = []
    var reason = ModelFinish.Reason.stop
    var usage: ModelUsage?

    func check(_ accumulator: some ModelAccumulator) throws {
        var accumulator = accumulator
        var events: [ModelEvent] = []
        for piece in data { events += try accumulator.push(piece) }
        events += try accumulator.finish()
        var text = ""
        var calls: [String] = []
        for event in events {
            switch event {
            case .text(let piece): text += piece
            case .toolCall(let call): calls.append("\(call.id) \(call.name) \(call.arguments?.text ?? "nothing")")
            case .heard, .finished: break
            }
        }
        #expect(text == self.text)
        #expect(calls == self.calls)
        #expect(accumulator.hasText == !text.isEmpty)
        #expect(events.last == .finished(ModelFinish(reason: reason, usage: usage)))
    }

    /// Why an answer is none.
    static func failure(of accumulator: some ModelAccumulator, _ data: [String]) -> ModelError? {
        var accumulator = accumulator
        do throws(ModelError) {
            for piece in data { _ = try accumulator.push(piece) }
            _ = try accumulator.finish()
            return nil
        } catch {
            return error
        }
    }
}
