import Foundation
import Logging
import Networking
import Testing

@testable import Service

@Suite("Log lines")
struct LogTests {
    private let lines = Lock<[String]>([])

    private func logger(
        _ format: LogFormat, colours: Bool = false, personal: Bool = false, level: Logger.Level = .info
    ) -> Logger {
        let lineFormat = LogLineFormat(
            format: format, isColoured: colours, redaction: LogRedaction(showsPersonalData: personal),
            now: { Date(timeIntervalSince1970: 1_700_000_000.25) }, timeZone: .gmt)
        let sink = LogSink(isTerminal: colours) { [lines] line in lines.withLock { $0.append(line) } }
        return Logger(label: "parley.test") {
            LineLogHandler(label: $0, level: level, format: lineFormat, sink: sink)
        }
    }

    private var written: String { lines.withLock { $0.joined() } }

    @Test("A pretty line has time, level, message, facts by name, and the logger")
    func pretty() {
        logger(.pretty).warning(
            "the recognizer is late", metadata: ["call.id": "c1", "b": "two words", "a": ["x", "y"]])
        #expect(
            written
                == "22:13:20.250 WARNING  the recognizer is late a=[x, y] b=\"two words\" call.id=c1 (parley.test)\n")
    }

    @Test(
        "What has the form of a card's number is masked wherever it stands, also where personal data is shown",
        arguments: [LogFormat.pretty, .json])
    func cards(format: LogFormat) {
        logger(format, personal: true).info(
            "paid with 4111 1111 1111 1111",
            metadata: [
                "pii.said": "four one one one one one one one one one one one one one one one",
                "nested": ["a": ["4111-1111-1111-1111"]],
                "error": .stringConvertible(Unexpected(what: "x", got: "4111111111111111")),
                "bytes": .stringConvertible(4_111_111_111_111_111),
            ])
        #expect(!written.contains("1111 1111") && !written.contains("one one") && !written.contains("1111-1111"))
        #expect(written.contains("paid with •••• •••• •••• ••••"))
        // A count is a count.
        #expect(written.components(separatedBy: "4111111111111111").count == 2)
    }

    @Test("Colours come only where they are wanted")
    func colours() {
        logger(.pretty).error("x")
        #expect(!written.contains("\u{1B}"))
        logger(.pretty, colours: true).error("x")
        #expect(written.contains("\u{1B}[31;1mERROR   \u{1B}[0m x"))
    }

    @Test("A value can neither forge a line nor command the terminal", arguments: [LogFormat.pretty, .json])
    func forgery(format: LogFormat) {
        logger(format).info("m\n2", metadata: ["a": "x\nERROR forged", "b": "\u{1B}[2J", "c": "q\"q", "d": "\u{9B}1m"])
        #expect(written.filter(\.isNewline).count == 1)
        #expect(!written.contains("\u{1B}"))
        if format == .pretty { #expect(!written.unicodeScalars.contains("\u{9B}")) }
    }

    @Test("A JSON line is one object that reads back")
    func json() throws {
        logger(.json).info(
            "call ended",
            metadata: [
                "call.id": "c\"1\\\t\u{1}", "turns": .stringConvertible(3), "parts": ["a": ["1", "2"]], "level": "mine",
            ])
        #expect(written.hasSuffix("}\n"))
        let object = try #require(JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: Any])
        #expect(object["time"] as? String == "2023-11-14T22:13:20.250Z")
        #expect(object["level"] as? String == "info")
        #expect(object["metadata.level"] as? String == "mine")
        #expect(object["message"] as? String == "call ended")
        #expect(object["logger"] as? String == "parley.test")
        #expect(object["call.id"] as? String == "c\"1\\\t\u{1}")
        #expect(object["turns"] as? Int == 3)
        #expect((object["parts"] as? [String: [String]])?["a"] == ["1", "2"])
    }

    @Test(
        "Personal data and secrets are hidden by their keys",
        arguments: [
            "caller.pii.number", "pii.text", "auth_token", "twilio.auth.token", "api_key", "provider.api-key", "apikey",
            "Authorization", "db.password", "client_secret",
        ])
    func hidden(key: String) {
        for format in LogFormat.allCases {
            logger(format).info(
                "x", metadata: [key: "swordfish", "deep": [key: "swordfish"], "list": [[key: "swordfish"]]])
        }
        #expect(!written.contains("swordfish"))
        #expect(written.contains("<redacted>"))
    }

    @Test("Other keys are shown", arguments: ["call.id", "key", "tokens.used", "copii", "monkey", "api.path"])
    func shown(key: String) {
        logger(.pretty).info("x", metadata: [key: "visible"])
        #expect(written.contains("\(key)=visible"))
    }

    @Test("Personal data is shown when that is enabled; secrets never are")
    func personalDataEnabled() {
        logger(.pretty, personal: true).info("x", metadata: ["pii.text": "hello", "pii.token": "swordfish"])
        #expect(written.contains("pii.text=hello"))
        #expect(!written.contains("swordfish"))
    }

    @Test("The logger's own facts are on every line, and the event's are weightier; levels below are not written")
    func metadata() {
        var logger = logger(.pretty)
        logger[metadataKey: "call.id"] = "c1"
        logger[metadataKey: "turn.id"] = "1"
        logger.info("x", metadata: ["turn.id": "2"])
        logger.debug("hidden")
        #expect(written.contains("x call.id=c1 turn.id=2 ("))
        #expect(!written.contains("hidden"))
    }
}
