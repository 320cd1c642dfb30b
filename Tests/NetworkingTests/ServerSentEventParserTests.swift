import Networking
import Testing

@Suite("The event stream parser")
struct ServerSentEventParserTests {
    private func events(_ bytes: [UInt8], pieces size: Int) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += parser.push(bytes[start..<min(start + size, bytes.count)].span)
        }
        parser.finish()
        return events
    }

    @Test(
        "streams and the events they hold, however they are cut",
        arguments: [
            ("data: a\n\n", [ServerSentEvent(data: "a")]),
            ("data:a\n\n", [ServerSentEvent(data: "a")]),
            ("data:  a\n\n", [ServerSentEvent(data: " a")]),
            ("data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"].map { ServerSentEvent(data: $0) }),
            ("data: a\ndata: b\ndata\n\n", [ServerSentEvent(data: "a\nb\n")]),
            ("data: a:b: c\n\n", [ServerSentEvent(data: "a:b: c")]),
            (": hello\n\n: again\ndata: a\n\n", [ServerSentEvent(data: "a")]),
            (
                "event: delta\ndata: {}\n\ndata: x\n\n",
                [ServerSentEvent(type: "delta", data: "{}"), ServerSentEvent(data: "x")]
            ),
            (
                "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
                [ServerSentEvent(data: "a", id: "7"), ServerSentEvent(data: "b", id: "7"), ServerSentEvent(data: "c")]
            ),
            ("event: nothing\n\n", []),
            ("data: a", []),
            ("data: a\n", []),
            ("unknown: x\ndata: a\nretry: 10\n\n", [ServerSentEvent(data: "a")]),
            ("\u{FEFF}data: a\n\n", [ServerSentEvent(data: "a")]),
            ("data: é€😀\n\n", [ServerSentEvent(data: "é€😀")]),
            ("data: [DONE]\n\n", [ServerSentEvent(data: "[DONE]")]),
            ("\n\n\ndata: a\n\n\n\n", [ServerSentEvent(data: "a")]),
        ])
    func streams(text: String, expected: [ServerSentEvent]) {
        for size in [1, 2, 3, 5, 1000] { #expect(events(Array(text.utf8), pieces: size) == expected) }
    }

    @Test("the delay before reconnecting is kept")
    func retry() {
        var parser = ServerSentEventParser()
        _ = parser.push(Array("retry: 1500\n\nretry: soon\n\n".utf8).span)
        #expect(parser.retry == .milliseconds(1500))
    }

    @Test("an event above the limit is dropped and counted, and the next one is not")
    func limit() {
        var parser = ServerSentEventParser(limit: 100)
        let large = String(repeating: "x", count: 60)
        let events = parser.push(
            Array("data: \(large)\ndata: \(large)\ndata: more\n\ndata: next\n\ndata: \(large)\n\n".utf8).span)
        #expect(events == [ServerSentEvent(data: "next"), ServerSentEvent(data: large)])
        #expect(parser.droppedCount == 1)
    }

    @Test("comments do not count against the limit")
    func comments() {
        var parser = ServerSentEventParser(limit: 100)
        for _ in 0..<100 { #expect(parser.push(Array(": keep-alive\n".utf8).span) == []) }
        #expect(parser.push(Array("data: a\n\n".utf8).span) == [ServerSentEvent(data: "a")])
        #expect(parser.droppedCount == 0)
    }
}
