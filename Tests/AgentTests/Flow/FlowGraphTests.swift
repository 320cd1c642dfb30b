import Agent
import Testing

@Suite("A flow as a graph")
struct FlowGraphTests {
    @Test("the receptionist's states are all there, and every edge joins two of them")
    func receptionist() throws {
        let graph = try Fixtures.flow("receptionist").graph
        let names = Set(graph.nodes.map(\.name))
        #expect(graph.nodes.first?.isStart == true && graph.nodes.count { $0.isStart } == 1)
        #expect(names.count == graph.nodes.count && names.count > 5)
        for edge in graph.edges {
            #expect(names.contains(edge.to))
            #expect(edge.from.map(names.contains) ?? (edge.kind == .intent))
        }
        #expect(graph.edges.contains { $0.kind == .intent && $0.label == "book_appointment" })
        #expect(graph.edges.contains { $0.kind == .failed })
        #expect(graph.nodes.contains { $0.steps.contains("call calendar_book") })
        // A state that nothing leads to could never be reached.
        let reached = Set(graph.edges.map(\.to)).union(graph.nodes.filter(\.isStart).map(\.name))
        #expect(names.subtracting(reached).isEmpty)
    }
}
