import Hummingbird

/// Which agent answers at which number.
extension OperatorAPI {
    var numberRoutes: [APIRoute] {
        [
            APIRoute(.get, "/numbers") { _, _ in .json(NumberListView(configuration.agents, known: Set(known.keys))) }
        ]
    }
}

private struct NumberListView: Encodable {
    struct Route: Encodable {
        let number: String
        let agent: String
        /// Whether there is such an agent now.
        let isAnswered: Bool
    }

    let numbers: [Route]
    /// Answers at all others.
    let defaultAgent: String

    init(_ agents: ParleyConfiguration.Agents, known: Set<String>) {
        numbers = agents.numbers.sorted { $0.key < $1.key }.map {
            Route(number: $0.key, agent: $0.value, isAnswered: known.contains($0.value))
        }
        defaultAgent = agents.default
    }
}
