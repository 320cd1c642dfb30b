/// A request as a listener received it.
package struct HTTPRequest: Sendable, Equatable {
    /// In capitals: `GET`, `POST` …
    package var method: String
    /// As sent: begins with `/` (or is `*`, for `OPTIONS`), percent escapes kept.
    package var path: String
    /// What followed `?`, as sent, without the mark; empty if there was none.
    package var query: String
    /// Names in lower case, in the order sent.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// The peer's numeric address, without port.
    package var remoteAddress: String

    package init(
        method: String, path: String, query: String = "", headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], remoteAddress: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// The first value of the header, if it was sent. `name` in lower case.
    package subscript(header name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The WebSocket subprotocols the client offers, in its order of preference.
    package var subprotocols: [String] {
        guard let offered = self[header: "sec-websocket-protocol"] else { return [] }
        return offered.split(separator: ",").map(\.trimmed)
    }

    package static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
        left.method == right.method && left.path == right.path && left.query == right.query
            && left.headers.elementsEqual(right.headers) { $0 == $1 } && left.body == right.body
            && left.remoteAddress == right.remoteAddress
    }
}

extension Substring {
    /// Without spaces and tabs at either end.
    var trimmed: String {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
