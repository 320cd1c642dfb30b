/// A request to open a WebSocket, checked (RFC 6455 §4.2.1).
struct UpgradeRequest {
    private let key: String

    /// - Returns: nil if the request asks for something else.
    static func isWanted(by request: HTTPRequest) -> Bool {
        request[header: "upgrade"]?.lowercased() == "websocket"
    }

    /// - Throws: the answer to give instead.
    init(_ request: HTTPRequest) throws(Refusal) {
        guard request.method == "GET" else { throw Refusal(.methodNotAllowed(allowed: ["GET"])) }
        let connection = request[header: "connection"]?.lowercased().split(separator: ",").map(\.trimmed) ?? []
        guard connection.contains("upgrade") else { throw Refusal("the Connection header must contain Upgrade") }
        guard request[header: "sec-websocket-version"] == "13" else {
            var response = HTTPResponse.status(426)
            response.headers += [("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket")]
            throw Refusal(response)
        }
        guard let key = request[header: "sec-websocket-key"], Self.isKey(key) else {
            throw Refusal("Sec-WebSocket-Key must be 16 bytes in base64")
        }
        self.key = key
    }

    struct Refusal: Error {
        let response: HTTPResponse

        init(_ response: HTTPResponse) {
            self.response = response
        }

        init(_ text: String) {
            response = .text(text + "\n", status: 400)
        }
    }

    private static func isKey(_ text: String) -> Bool {
        text.utf8.count == 24 && text.hasSuffix("==")
            && text.utf8.dropLast(2).allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    /// The same request in the plainest words, for libwebsockets. It sees nothing else of what the client sent, and
    /// agrees to the subprotocol because it is the only one offered.
    func opening(subprotocol: String?) -> [UInt8] {
        var text = "GET / HTTP/1.1\r\nHost: \(VirtualHosts.plainName)\r\nUpgrade: websocket\r\n"
        text += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// Whether libwebsockets can agree to it: a token (RFC 9110 §5.6.2) of the characters it takes, up to 63 bytes.
    static func isUsable(_ subprotocol: String) -> Bool {
        (1...63).contains(subprotocol.utf8.count)
            && subprotocol.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
