import Foundation

@testable import Telephony

/// A written conversation between a peer and a service, checked line by line.
///
///     at NAME=VALUE…        what the socket's address carried; a new connection
///     peer TEXT             the peer sends a text message; `peer# HEX` a binary one
///     event …               what the service makes of it
///     say COMMAND           the service is told to
///     sent TEXT             what then goes to the peer, or what the dialect answered; `sent# HEX`
struct Transcript {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    private let name: String
    private let dialect: MediaDialects
    private var codec: MediaCodec
    private var payload = MediaPayload(limit: 64_000)
    private var outbox = MediaOutbox()
    private var events: [String] = []
    private var sent: [String] = []

    static var folder: URL { URL(fileURLWithPath: #filePath).appending(path: "../../golden").standardizedFileURL }

    init(of dialect: MediaDialects) {
        name = "\(dialect.name).golden"
        self.dialect = dialect
        codec = dialect.makeCodec([:])
    }

    /// - Returns: how many lines were checked.
    mutating func run() throws -> Int {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        var count = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do { try check(line) } catch { throw Fault(description: "\(name):\(index + 1): \(error)") }
            count += 1
        }
        try nothingLeft()
        return count
    }

    private mutating func check(_ line: Substring) throws {
        let parts = line.split(separator: " ", maxSplits: 1)
        let rest = parts.count > 1 ? String(parts[1]) : ""
        switch parts[0] {
        case "at":
            try nothingLeft()
            var parameters: [String: String] = [:]
            for pair in rest.split(separator: " ") {
                let pair = pair.split(separator: "=", maxSplits: 1)
                parameters[String(pair[0])] = String(pair[1])
            }
            codec = dialect.makeCodec(parameters)
        case "peer": try receive(Array(rest.utf8), .text)
        case "peer#": try receive(Self.bytes(rest), .binary)
        case "event": try expect(rest, &events, "event")
        case "say": try say(rest)
        case "sent": try expect(rest, &sent, "message")
        case "sent#": try expect("#" + rest.filter { $0 != " " }, &sent, "message")
        default: throw Fault(description: "nobody knows \"\(parts[0])\"")
        }
    }

    private func expect(_ wanted: String, _ list: inout [String], _ what: String) throws {
        guard !list.isEmpty else { throw Fault(description: "there is no \(what), expected \(wanted)") }
        let found = list.removeFirst()
        guard found == wanted else { throw Fault(description: "the \(what) is\n  \(found)\nexpected\n  \(wanted)") }
    }

    private func nothingLeft() throws {
        guard events.isEmpty, sent.isEmpty else { throw Fault(description: "nobody expected \(events + sent)") }
    }

    private mutating func receive(_ bytes: [UInt8], _ kind: MediaMessageKind) throws {
        try nothingLeft()
        do {
            let event = try codec.decode(bytes.span, kind, audio: &payload, replies: &outbox)
            events.append(Self.text(event, payload.bytes))
        } catch {
            events.append("error \(error.code.rawValue)")
        }
        drain()
    }

    private mutating func say(_ text: String) throws {
        try nothingLeft()
        let words = text.split(separator: " ", maxSplits: 3).map(String.init)
        func word(_ index: Int) -> String { index < words.count ? words[index] : "" }
        switch words[0] {
        case "accept": codec.encode(.accept(callID: word(1)), audio: Span(), into: &outbox)
        case "audio":
            let audio = try Self.bytes(word(1))
            codec.encode(.audio, audio: audio.span, into: &outbox)
        case "silence":
            let audio = [UInt8](repeating: 0, count: Int(word(1)) ?? 0)
            codec.encode(.audio, audio: audio.span, into: &outbox)
        case "mark":
            guard let mark = PlayoutMark(word(1)) else { throw Fault(description: "no mark: \(text)") }
            codec.encode(.mark(mark), audio: Span(), into: &outbox)
        case "clear": codec.encode(.clear, audio: Span(), into: &outbox)
        case "key": codec.encode(.key(Character(word(1))), audio: Span(), into: &outbox)
        case "end":
            codec.encode(
                .end(reason: words.dropFirst().joined(separator: " ")), audio: Span(), into: &outbox)
        case "state": codec.encode(.state(.init(rawValue: word(1)) ?? .listening), audio: Span(), into: &outbox)
        case "caption":
            codec.encode(
                .caption(.init(rawValue: word(1)) ?? .agent, text: word(3), isFinal: word(2) == "final"), audio: Span(),
                into: &outbox)
        default: throw Fault(description: "nobody can say \"\(text)\"")
        }
        drain()
    }

    private mutating func drain() {
        outbox.drain { message, kind in
            let bytes = message.indices.map { message[$0] }
            sent.append(kind == .text ? String(decoding: bytes, as: UTF8.self) : "#" + Self.hex(bytes))
        }
    }

    private static func text(_ event: MediaEvent, _ audio: [UInt8]) -> String {
        switch event {
        case .connected(let version): return "connected \(version)"
        case .started(let start):
            var words = ["started", "stream=\(start.streamID)", "call=\(start.callID)"]
            if !start.accountID.isEmpty { words.append("account=\(start.accountID)") }
            words += ["hears=\(start.format)", "speaks=\(start.replyFormat)"]
            words += start.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return words.joined(separator: " ")
        case .media(let count, let timestamp, let sequence):
            var words = ["media", "\(count)"] + (audio.isEmpty ? [] : [hex(audio)])
            if let timestamp { words.append("at=\(timestamp)") }
            if let sequence { words.append("number=\(sequence)") }
            return words.joined(separator: " ")
        case .keyPressed(let key): return "key \(key)"
        case .mark(let name): return "mark \(name)"
        case .stopped: return "stopped"
        case .ignored(.unknownEvent(let name)): return "ignored \(name)"
        case .ignored(let reason): return "ignored \(reason)"
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        let digits = hex.filter { $0 != " " }
        return try stride(from: 0, to: digits.count, by: 2).map { offset in
            let start = digits.index(digits.startIndex, offsetBy: offset)
            guard let end = digits.index(start, offsetBy: 2, limitedBy: digits.endIndex),
                let byte = UInt8(digits[start..<end], radix: 16)
            else { throw Fault(description: "these are no bytes: \(hex)") }
            return byte
        }
    }
}
