import ArgumentParser
import Service
import Store

/// `parley nodes`
struct Nodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The services that work on this database, and those that did in the last week; the newest first.")

    @OptionGroup var common: CommonOptions
    @Option(help: "How many.")
    var limit = 20
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let nodes = try await Calls.store(common).nodes(limit: limit)
        if json { return try Terminal.json(NodeListView(nodes)) }
        for node in nodes { Terminal.say(NodeView(node).line) }
        if nodes.isEmpty { Terminal.say("No nodes.") }
    }
}
