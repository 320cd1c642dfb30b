/// How often a model was asked about calls that are over, and with what result.
struct CallWorkRequests: Sendable {
    private var answered = 0
    private var failed = 0
    private var postponed = 0

    mutating func asked(answered isAnswered: Bool) {
        if isAnswered { answered += 1 } else { failed += 1 }
    }

    /// Calls left no room for it.
    mutating func postpone() { postponed += 1 }

    func samples(_ name: String) -> [PrometheusSample] {
        [("answered", answered), ("failed", failed), ("postponed", postponed)].map { result, count in
            .counter(name, count, dimensions: [("result", result)])
        }
    }
}
