import Foundation
import Store

extension SystemCheck {
    /// The services that work on the database now; throws when people could not tell two of them apart.
    static func nodes(
        _ store: Store, _ configuration: ParleyConfiguration.Node, now: Date = Date()
    ) async throws -> String {
        // One that was killed stays open until another one misses it.
        let silence = configuration.beat / .seconds(1) * Double(configuration.patience)
        let nodes = try await store.livingNodes().filter { now.timeIntervalSince($0.seenAt) < silence }
        let names = Dictionary(grouping: nodes, by: \.name)
        if let twins = names.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
            throw NodeTwins(name: twins.key, ids: twins.value.map(\.id))
        }
        let addresses = Dictionary(grouping: nodes.filter { $0.address != nil }, by: \.address)
        if let shared = addresses.values.filter({ $0.count > 1 }).min(by: { $0[0].name < $1[0].name }) {
            throw NodesAtOneAddress(address: shared[0].address ?? "", names: shared.map(\.name).sorted())
        }
        guard !nodes.isEmpty else { return "no service works on this database now" }
        return nodes.map { "\($0.name) (\($0.id)), \($0.calls) of \($0.capacity) calls" }.joined(separator: "; ")
    }
}

/// Several nodes tell carriers the same address for their calls, whose audio has to reach the one that holds them.
struct NodesAtOneAddress: Error, Equatable, CustomStringConvertible {
    let address: String
    let names: [String]

    var description: String {
        "\(names.joined(separator: ", ")) tell carriers \(address) for their calls, and a call's audio has to reach the node that "
            + "holds it; let public.node_url be an address of its own on each"
    }
}

/// Two nodes that run at the same time have one name.
struct NodeTwins: Error, Equatable, CustomStringConvertible {
    let name: String
    let ids: [String]

    var description: String {
        "\(ids.count) nodes that run now are called `\(name)` (\(ids.joined(separator: ", "))); "
            + "let node.name be another one on each"
    }
}
