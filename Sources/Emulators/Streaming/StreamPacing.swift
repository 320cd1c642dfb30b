/// Lays the events of an answer out in time, with what goes wrong on the way.
struct StreamPacing: Sendable {
    var firstTokenDelay: Duration
    var tokenDelay: Duration
    var fault: ModelEmulatorConfiguration.Fault
    /// Sent before each event.
    var comment: [UInt8]?

    /// - Parameters:
    ///   - events: as they go over the wire.
    ///   - preamble: events before the first useful one; they do not wait for it.
    ///   - error: the event that stands for a failure.
    /// - Returns: the steps, and whether nothing went wrong.
    func steps(
        _ events: [[UInt8]], preamble: Int = 0, error: [UInt8]
    ) -> (steps: [StreamedResponse.Step], isWhole: Bool) {
        var steps: [StreamedResponse.Step] = []
        for (index, event) in events.enumerated() {
            switch fault {
            case .error(index): return (steps + [.chunk(error)], false)
            case .cut(index): return (steps + [.cut], false)
            case .stall(index): return (steps + [.stall], false)
            default: break
            }
            let delay = index < preamble ? .zero : index == preamble ? firstTokenDelay : tokenDelay
            if delay > .zero { steps.append(.wait(delay)) }
            if let comment { steps.append(.chunk(comment)) }
            steps.append(.chunk(event))
        }
        return (steps, true)
    }
}
