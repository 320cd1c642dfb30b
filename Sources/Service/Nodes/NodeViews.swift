import Foundation
package import Store

/// A node, as the API and the command show it.
package struct NodeView: Encodable, Sendable {
    let id: String
    let name: String
    let version: String
    let state: NodeRecord.State
    let startedAt: Date
    let seenAt: Date
    let endedAt: Date?
    let calls: Int
    let capacity: Int
    /// Where carriers find its calls; absent where it was not configured.
    let address: String?

    package init(_ node: NodeRecord) {
        id = node.id
        name = node.name
        version = node.version
        state = node.state
        startedAt = node.startedAt
        seenAt = node.seenAt
        endedAt = node.endedAt
        calls = node.calls
        capacity = node.capacity
        address = node.address
    }

    /// In words, for terminals.
    package var line: String {
        let end = endedAt.map { "ended \($0.formatted(.iso8601))" } ?? "seen \(seenAt.formatted(.iso8601))"
        return "\(id)  \(name)  \(state.rawValue)  \(calls) of \(capacity) calls  "
            + "since \(startedAt.formatted(.iso8601))  \(end)  built \(version)"
            + (address.map { "  at \($0)" } ?? "")
    }
}

/// The nodes there are and were.
package struct NodeListView: Encodable, Sendable {
    let nodes: [NodeView]
    /// For `after`; nil on the last page.
    let next: String?

    package init(_ nodes: [NodeRecord], next: String? = nil) {
        self.nodes = nodes.map(NodeView.init)
        self.next = next
    }
}
