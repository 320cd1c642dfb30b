/// An outgoing request.
package struct HTTPClientRequest: Sendable {
    /// How long each phase may take. A deadline that passes ends the request with
    /// ``NetworkError/Code/deadlineExceeded``, its name in ``NetworkError/detail``.
    package struct Deadlines: Sendable, Equatable {
        /// Name look-up, TCP and TLS.
        package var connect: Duration
        /// From the request to the first byte of the answer's body, or its end if it has none.
        package var firstByte: Duration
        /// From one piece of the body to the next. Time during which our reader holds the sender back does not count.
        package var betweenChunks: Duration
        /// From the request to the last byte.
        package var total: Duration

        package init(
            connect: Duration = .seconds(3), firstByte: Duration = .seconds(10),
            betweenChunks: Duration = .seconds(10), total: Duration = .seconds(60)
        ) {
            self.connect = connect
            self.firstByte = firstByte
            self.betweenChunks = betweenChunks
            self.total = total
        }
    }

    /// In capitals.
    package var method: String
    /// `http://` or `https://`.
    package var url: String
    package var headers: [(String, String)]
    package var body: [UInt8]
    package var deadlines: Deadlines
    /// Whether doing it twice does no more than doing it once. Only then is it sent again, on a new connection, when a
    /// kept one closes without an answer. By default that is so for the methods that promise it (RFC 9110, 9.2.2), and
    /// with an `Idempotency-Key`.
    package var mayBeRepeated: Bool

    package init(
        method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8] = [],
        deadlines: Deadlines = Deadlines(), mayBeRepeated: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadlines = deadlines
        self.mayBeRepeated =
            mayBeRepeated
            ?? (["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
                || headers.contains { $0.0.lowercased() == "idempotency-key" })
    }

    /// The URL without credentials and query, for errors and logs.
    var subject: String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = bare.firstIndex(of: ":") else { return String(bare) }
        let rest = bare[scheme...]
        guard let at = rest.prefix(while: { $0 != "@" }).endIndex as String.Index?, at < rest.endIndex else {
            return String(bare)
        }
        return bare[..<scheme] + "://" + rest[rest.index(after: at)...]
    }

    /// Whether nothing in it could break out of its header line.
    var isWellFormed: Bool {
        let isToken = { (text: String) in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        }
        return isToken(method)
            && headers.allSatisfy { name, value in
                isToken(name) && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
            }
    }
}
