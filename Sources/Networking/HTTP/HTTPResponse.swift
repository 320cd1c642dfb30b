/// An answer to an ordinary request. `Content-Length` and `Connection` are added when it is sent.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// Control characters in values are replaced by spaces when sent.
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    package static func xml(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "text/xml; charset=utf-8")], body: Array(text.utf8))
    }

    package static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "application/json")], body: Array(text.utf8))
    }

    /// Status alone, with its usual phrase as the body.
    package static func status(_ status: Int) -> HTTPResponse {
        .text("\(status) \(reasonPhrase(status))\n", status: status)
    }

    /// 405, naming what is allowed instead.
    package static func methodNotAllowed(allowed: [String]) -> HTTPResponse {
        var response = HTTPResponse.status(405)
        response.headers.append(("Allow", allowed.joined(separator: ", ")))
        return response
    }

    /// The bytes on the wire (RFC 9112 §4).
    ///
    /// - Parameter isHead: whether the request was `HEAD`, whose answer has the headers of `GET` and no body.
    func serialized(keepsAlive: Bool, isHead: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(HTTPResponse.reasonPhrase(status))\r\n"
        for (name, value) in headers where !HTTPResponse.framingHeaders.contains(name.lowercased()) {
            head += "\(HTTPResponse.clean(name)): \(HTTPResponse.clean(value))\r\n"
        }
        if status >= 200 && status != 204 && status != 304 { head += "Content-Length: \(body.count)\r\n" }
        head += keepsAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n"
        var bytes = Array(head.utf8)
        if !isHead && status != 204 && status != 304 { bytes += body }
        return bytes
    }

    private static let framingHeaders: Set = ["content-length", "connection", "transfer-encoding"]

    private static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// RFC 9110 §15.
    static func reasonPhrase(_ status: Int) -> String {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        // The phrase of RFC 9110 §15.6.2.
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: status < 400 ? "OK" : "Error"
        }
    }
}
