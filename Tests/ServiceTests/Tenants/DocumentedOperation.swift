import Console
import Foundation
import Testing

/// An operation of the API, as its document has it.
struct DocumentedOperation {
    let method: String
    /// Below `/api/v1`, with names for what differs.
    let path: String
    let id: String
    let needsKey: Bool

    /// Whether its path names one of several things.
    var namesThing: Bool { path.contains("{") }

    static func all() throws -> [DocumentedOperation] {
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(ConsoleFiles.openAPI)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        let all = paths.flatMap { path, operations in
            operations.map { method, operation in
                DocumentedOperation(
                    method: method.uppercased(), path: path, id: operation["operationId"] as? String ?? "",
                    needsKey: operation["x-scope"] != nil)
            }
        }
        return all.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }
}
