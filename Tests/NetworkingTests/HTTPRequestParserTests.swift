import Networking
import Testing

@Suite("The HTTP request parser")
struct HTTPRequestParserTests {
    /// All steps but the last, which asks for more, with the bytes given in pieces of `size`.
    private func steps(_ text: String, pieces size: Int) -> [HTTPRequestParser.Step] {
        var parser = HTTPRequestParser(maximumHeaderBytes: 300, maximumBodyBytes: 100)
        let bytes = Array(text.utf8)
        var steps: [HTTPRequestParser.Step] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            parser.push(bytes[start..<min(start + size, bytes.count)].span)
            while true {
                let step = parser.next()
                if case .needsMore = step { break }
                steps.append(step)
                if case .fault = step { return steps }
            }
        }
        return steps
    }

    struct Good: Sendable, CustomTestStringConvertible {
        var text: String
        var method = "GET"
        var path = "/"
        var query = ""
        var body = ""
        var keepsAlive = true
        var testDescription: String { text.debugDescription }
    }

    @Test(
        "what RFC 9112 allows",
        arguments: [
            Good(text: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
            Good(text: "\r\n\r\nGET /a%20b?x=%2B+&y HTTP/1.1\r\nHost: x\r\n\r\n", path: "/a%20b", query: "x=%2B+&y"),
            Good(text: "GET http://x/p?q HTTP/1.1\r\nHost: x\r\n\r\n", path: "/p", query: "q"),
            Good(text: "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n"),
            Good(text: "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", method: "OPTIONS", path: "*"),
            Good(text: "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", method: "BREW", path: "/pot"),
            Good(text: "GET / HTTP/1.0\r\n\r\n", keepsAlive: false),
            Good(text: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
            Good(text: "GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n", keepsAlive: false),
            Good(text: "POST / HTTP/1.1\r\nHost: x\r\n\r\n", method: "POST"),
            Good(text: "POST / HTTP/1.1\r\nHost:x\r\nContent-Length: 5\r\n\r\nhello", method: "POST", body: "hello"),
            Good(
                text: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab", method: "POST",
                body: "ab"),
            Good(
                text: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                    + "5;ext=1\r\nhello\r\n01\r\n!\r\n0\r\nTrailer: 1\r\n\r\n", method: "POST", body: "hello!"),
        ])
    func good(example: Good) {
        for size in [1, 2, 3, 7, 1000] {
            let steps = steps(example.text + example.text, pieces: size)
            #expect(steps.count == 2)
            for step in steps {
                guard case .request(let request, let keepsAlive) = step else {
                    Issue.record("\(step) in pieces of \(size)")
                    return
                }
                #expect(request.method == example.method)
                #expect(request.path == example.path)
                #expect(request.query == example.query)
                #expect(request.body == Array(example.body.utf8))
                #expect(keepsAlive == example.keepsAlive)
            }
        }
    }

    @Test(
        "what it refuses, and how",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
            ("GET / HTTP/1.1\nHost: x\n\n\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\n\r\n\r\n", 400),
            ("GET /\r\n\r\n", 400),
            ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET /#f HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
            ("GET / FTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 400),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "y", count: 300), 431),
        ])
    func refused(text: String, status: Int) {
        for size in [1, 3, 1000] { #expect(steps(text, pieces: size).last == .fault(status)) }
    }

    @Test("after a fault nothing more is read")
    func faultIsFinal() {
        var parser = HTTPRequestParser(maximumHeaderBytes: 300, maximumBodyBytes: 100)
        parser.push(Array("nonsense\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8).span)
        #expect(parser.next() == .fault(400))
        #expect(parser.next() == .fault(400))
    }

    @Test("an interim answer is asked for once, and not when the body is there already")
    func interim() {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        var parser = HTTPRequestParser(maximumHeaderBytes: 300, maximumBodyBytes: 100)
        parser.push(Array(head.utf8).span)
        #expect(parser.next() == .needsMore(continues: true))
        #expect(parser.next() == .needsMore(continues: false))
        parser.push(Array("abc".utf8).span)
        guard case .request = parser.next() else {
            Issue.record("the request is whole")
            return
        }
        parser.push(Array((head + "a").utf8).span)
        #expect(parser.next() == .needsMore(continues: false))
    }
}
