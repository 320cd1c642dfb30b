/// A flow as somebody would draw it: states, and what leads from one to another.
package struct FlowGraph: Sendable, Equatable, Encodable {
    package struct Node: Sendable, Equatable, Encodable {
        package var name: String
        /// The conversation begins here.
        package var isStart: Bool
        /// The conversation returns from it to where it was.
        package var isDigression: Bool
        /// What happens there, a few words for each step.
        package var steps: [String]
    }

    package struct Edge: Sendable, Equatable, Encodable {
        package enum Kind: String, Sendable, Encodable {
            /// The caller wants something, from wherever they are.
            case intent
            /// The next step of the flow.
            case next
            /// The caller said no, or there is nothing to choose from.
            case no
            /// A tool failed.
            case failed
        }

        /// Nil when it leads there from every state.
        package var from: String?
        package var to: String
        package var label: String
        package var kind: Kind
    }

    /// The start first, then by name.
    package var nodes: [Node]
    package var edges: [Edge]
}

extension Flow {
    /// The states and what leads from one to another.
    package var graph: FlowGraph {
        let ordered = states.values.sorted { a, b in
            (a.name == start ? "" : a.name) < (b.name == start ? "" : b.name)
        }
        let intents = routes.sorted { $0.key < $1.key }.map {
            FlowGraph.Edge(from: nil, to: $0.value, label: $0.key, kind: .intent)
        }
        return FlowGraph(
            nodes: ordered.map {
                FlowGraph.Node(
                    name: $0.name, isStart: $0.name == start, isDigression: $0.isDigression,
                    steps: $0.steps.map(\.summary))
            },
            edges: intents + ordered.flatMap { state in state.steps.flatMap { $0.edges(from: state.name) } })
    }
}

extension FlowStepDefinition {
    fileprivate var summary: String {
        switch action {
        case .ask: "ask"
        case .collect(let collect): "collect \(collect.slot)"
        case .pick(let pick): "pick \(pick.variable)"
        case .confirm: "confirm"
        case .say: "say"
        case .call(let call): "call \(call.tool)"
        case .set(let slot, _): "set \(slot)"
        case .clear(let slots): "clear \(slots.joined(separator: ", "))"
        case .goto(let goto): "go to \(goto.state)"
        case .press(let keys): "press \(keys.source)"
        case .transfer(let destination, _): "transfer to \(destination)"
        case .escalate: "escalate"
        case .hangUp: "hang up"
        }
    }

    fileprivate func edges(from state: String) -> [FlowGraph.Edge] {
        func edge(_ target: String?, _ label: String, _ kind: FlowGraph.Edge.Kind) -> FlowGraph.Edge? {
            target.map { FlowGraph.Edge(from: state, to: $0, label: label, kind: kind) }
        }
        let found: [FlowGraph.Edge?] =
            switch action {
            case .ask(let ask):
                [edge(ask.yes, "yes", .next), edge(ask.no, "no", .no), edge(ask.value, "value", .next)]
                    + ask.routes.sorted { $0.key < $1.key }.map { edge($0.value, $0.key, .intent) }
            case .collect(let collect): [edge(collect.none, "none", .no), edge(collect.no, "no", .no)]
            case .pick(let pick): [edge(pick.none, "none", .no), edge(pick.no, "no", .no)]
            case .confirm(let confirm): [edge(confirm.no, "no", .no)]
            case .call(let call):
                call.failed.sorted { ($0.key?.rawValue ?? "~") < ($1.key?.rawValue ?? "~") }.map { code, target in
                    edge(target, code?.rawValue ?? "failed", .failed)
                }
            case .goto(let goto): [edge(goto.state, "", .next), edge(goto.otherwise, "otherwise", .next)]
            case .say, .set, .clear, .press, .transfer, .escalate, .hangUp: []
            }
        return found.compactMap(\.self)
    }
}
