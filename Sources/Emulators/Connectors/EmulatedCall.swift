import Foundation
import Networking

/// A request to a vendor's API, and the checks that vendors make of it.
struct EmulatedCall: Sendable {
    /// An answer; thrown where it is a refusal.
    struct Answer: Error, Sendable {
        var status: Int
        var body: String
        var headers: [(String, String)] = []

        init(_ status: Int, _ body: String) {
            self.status = status
            self.body = body
        }
    }

    let method: String
    let path: String
    let query: [String: String]
    private let request: HTTPRequest

    init(_ request: HTTPRequest, path: String) {
        self.request = request
        self.path = path
        method = request.method
        var query: [String: String] = [:]
        for pair in request.query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            query[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        self.query = query
    }

    func header(_ name: String) -> String? { request[header: name] }

    /// The last part of the path.
    var lastPart: String { path.split(separator: "/").last.map(String.init) ?? "" }

    func requireBearer(_ token: String) throws(Answer) {
        guard header("authorization") == "Bearer \(token)" else { throw Answer(401, #"{"message":"bad token"}"#) }
    }

    func requireHeader(_ name: String, _ value: String) throws(Answer) {
        guard header(name) == value else {
            throw Answer(name.contains("version") ? 400 : 401, "{\"message\":\"\(name) is missing or wrong\"}")
        }
    }

    /// The body, when it is JSON of this shape.
    func json(_ shape: JSONShape) throws(Answer) -> JSONTree {
        guard header("content-type") == "application/json" else { throw Answer(415, #"{"message":"not JSON"}"#) }
        guard let tree = JSONTree(request.body) else { throw Answer(400, #"{"message":"the body is no JSON"}"#) }
        if let objection = shape.objection(to: tree) {
            throw Answer(400, "{\"message\":\(objection.quotedJSON)}")
        }
        return tree
    }

    /// The body's fields, when it is a form.
    func form() throws(Answer) -> [String: String] {
        guard header("content-type") == "application/x-www-form-urlencoded" else {
            throw Answer(415, #"{"error":"not a form"}"#)
        }
        var fields: [String: String] = [:]
        for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            fields[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        return fields
    }

    /// Refuses parameters that the vendor does not know.
    func allowQuery(_ names: Set<String>, required: Set<String> = []) throws(Answer) {
        for name in query.keys.sorted() where !names.union(required).contains(name) {
            throw Answer(400, "{\"message\":\"unknown parameter \(name)\"}")
        }
        for name in required.sorted() where query[name] == nil {
            throw Answer(400, "{\"message\":\"parameter \(name) is missing\"}")
        }
    }

    var unknown: Answer { Answer(404, #"{"message":"no such operation"}"#) }
}

extension String {
    /// As a JSON string.
    var quotedJSON: String {
        guard let bytes = try? JSONEncoder().encode(self) else { return "\"\"" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
