import Foundation
import Networking

/// Azure Speech' recognition of a conversation on one connection, as the vendor's SDK 1.53 knows it: one turn after the other.
struct AzureListeningAPI: EmulatedListeningAPI {
    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    let tellsLanguages = true
    /// What is heard where nobody says otherwise.
    private var language: String
    private let findsLanguage: Bool
    private var isConfigured = false
    /// The turn under way, of which the client sends audio.
    private var turn: String?
    private var hasHead = false
    private var isEnding = false
    private var hasSpeech = false
    /// Samples of the connection, all in all and before the turn.
    private var heard = 0
    private var turnStart = 0

    private static let path = "/speech/recognition/conversation/cognitiveservices/v1"
    private static let parameters: Set = [
        "format", "language", "wordLevelConfidence", "wordLevelTimestamps", "lidEnabled",
    ]

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == path else { throw EmulatedRefusal(404, "404", "Resource not found") }
        guard request[header: "ocp-apim-subscription-key"] == apiKey else {
            throw EmulatedRefusal(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")
        }
        guard isIdentifier(request[header: "x-connectionid"] ?? "") else {
            throw EmulatedRefusal(400, "400", "X-ConnectionId is 32 hexadecimal digits")
        }
        guard query["language"]?.contains("-") == true else {
            throw EmulatedRefusal(400, "400", "language is required, with its region")
        }
        guard query["format"] == "detailed" else {
            throw EmulatedRefusal(400, "400", "the emulator tells details only: format=detailed")
        }
        if let stranger = query.items.first(where: { !parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, "400", "unknown parameter \(stranger.name)")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var text = JSONText()
        text.raw(#"{"error":{"code":"#)
        text.string(refusal.code)
        text.raw(#","message":"#)
        text.string(refusal.message)
        text.raw("}}")
        return HTTPResponse(status: refusal.status, headers: [("Content-Type", "application/json")], body: text.bytes)
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        settings.endpointing = 5200
        settings.interimInterval = Int(interimInterval / .seconds(1) * 8000)
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = 0
        self.settings = settings
        language = query["language"] ?? "en-US"
        findsLanguage = query["lidEnabled"] != nil
    }

    func greeting() -> [[UInt8]] { [] }

    // MARK: What the client says

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let bytes = unsafe text.withUnsafeBufferPointer { unsafe Array($0) }
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw violation("a message has a header") }
        let header = try header(bytes[..<end.lowerBound])
        let body = Data(bytes[end.upperBound...])
        switch header["path"] {
        case "speech.config":
            _ = try JSONDecoder().decode(AzureConnectionSetup.self, from: body)
            isConfigured = true
        case "speech.context":
            guard isConfigured else { throw violation("speech.context before speech.config") }
            guard turn == nil else { throw violation("a turn is under way") }
            let context = try JSONDecoder().decode(AzureTurnSetup.self, from: body)
            guard (context.languages == nil) != findsLanguage else {
                throw violation("lidEnabled and languageId go together")
            }
            if let first = context.languages?.first { language = first }
            turn = try identifier(header)
            (hasHead, isEnding, hasSpeech, turnStart) = (false, false, false, heard)
        case "telemetry": _ = try JSONSerialization.jsonObject(with: body)
        default: throw violation("unknown path \(header["path"] ?? "")")
        }
        return .nothing
    }

    mutating func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        let bytes = unsafe audio.withUnsafeBufferPointer { unsafe Array($0) }
        guard bytes.count >= 2 else { throw violation("a binary message begins with the length of its header") }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count >= 2 + length else { throw violation("a header of \(length) bytes is not all there") }
        let header = try header(bytes[2..<2 + length])
        guard header["path"] == "audio" else { throw violation("binary messages are audio") }
        guard let turn, try identifier(header) == turn else { throw violation("audio of no turn") }
        guard !isEnding else { throw violation("audio after the end of the turn") }
        var samples = bytes[(2 + length)...]
        guard !samples.isEmpty else {
            isEnding = true
            return .finalize
        }
        guard !hasHead else { return hear(samples) }
        guard header["content-type"] == "audio/x-wav", samples.count >= 44,
            samples.prefix(4).elementsEqual("RIFF".utf8), samples.dropFirst(36).prefix(4).elementsEqual("data".utf8)
        else { throw violation("a turn begins with a WAV header") }
        // One channel of µ-law at 8000 Hz.
        guard samples.dropFirst(20).prefix(8).elementsEqual([7, 0, 1, 0, 0x40, 0x1F, 0, 0]) else {
            throw violation("the emulator hears one channel of mulaw at 8000 Hz only")
        }
        hasHead = true
        samples = samples.dropFirst(44)
        heard += samples.count
        return .acknowledge(Array(samples), message("turn.start", #"{"context":{"serviceTag":"emulated"}}"#))
    }

    private mutating func hear(_ samples: ArraySlice<UInt8>) -> EmulatedListeningCommand {
        heard += samples.count
        return .hear(Array(samples))
    }

    private func header(_ bytes: ArraySlice<UInt8>) throws(EmulatedViolation) -> [String: String] {
        var fields: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw violation("no field: \(line.prefix(40))") }
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        guard let time = fields["x-timestamp"],
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(time)) != nil
        else { throw violation("X-Timestamp is ISO 8601 with fractions of a second") }
        return fields
    }

    private func identifier(_ header: [String: String]) throws(EmulatedViolation) -> String {
        guard let text = header["x-requestid"], Self.isIdentifier(text) else {
            throw violation("X-RequestId is 32 hexadecimal digits")
        }
        return text
    }

    private static func isIdentifier(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }

    // MARK: What it answers

    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        if let first = result.words.first, let last = result.words.last {
            if !hasSpeech { messages.append(message("speech.startDetected", #"{"Offset":\#(ticks(first.start))}"#)) }
            hasSpeech = true
            messages.append(
                message(
                    result.isFinal ? "speech.phrase" : "speech.hypothesis",
                    result.isFinal ? phrase(result, first, last) : hypothesis(result, first, last)))
        }
        guard result.fromFinalize else { return messages }
        messages.append(message("speech.endDetected", #"{"Offset":\#(ticks(heard))}"#))
        messages.append(message("turn.end", "{}"))
        turn = nil
        return messages
    }

    private typealias Word = DeepgramEmulatorStream.Result.Word

    private func hypothesis(_ result: DeepgramEmulatorStream.Result, _ first: Word, _ last: Word) -> String {
        let text = result.words.map(\.text).joined(separator: " ")
        return #"{"Id":"0","Text":\#(quoted(text)),\#(span(first, last))\#(languageField(result))}"#
    }

    private func phrase(_ result: DeepgramEmulatorStream.Result, _ first: Word, _ last: Word) -> String {
        let lexical = result.words.map(\.text).joined(separator: " ")
        let display = lexical.prefix(1).uppercased() + lexical.dropFirst() + "."
        let words = result.words
            .map { #"{"Word":\#(quoted($0.text)),\#(span($0, $0)),"Confidence":0.93}"# }.joined(separator: ",")
        return
            #"{"Id":"0","RecognitionStatus":"Success",\#(span(first, last))\#(languageField(result)),"DisplayText":\#(quoted(display)),"NBest":[{"Confidence":0.95,"Lexical":\#(quoted(lexical)),"ITN":\#(quoted(lexical)),"MaskedITN":\#(quoted(lexical)),"Display":\#(quoted(display)),"Words":[\#(words)]}]}"#
    }

    private func span(_ first: Word, _ last: Word) -> String {
        #""Offset":\#(ticks(first.start)),"Duration":\#((last.end - first.start) * 1250)"#
    }

    /// Units of 100 ns since the turn's first sample.
    private func ticks(_ sample: Int) -> Int { max(sample - turnStart, 0) * 1250 }

    private func languageField(_ result: DeepgramEmulatorStream.Result) -> String {
        guard findsLanguage else { return "" }
        return #","PrimaryLanguage":{"Language":\#(quoted(result.language ?? language)),"Confidence":"High"}"#
    }

    private func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func message(_ path: String, _ body: String) -> [UInt8] {
        Array(
            "X-RequestId:\(turn ?? "")\r\nContent-Type:application/json; charset=utf-8\r\nPath:\(path)\r\n\r\n\(body)"
                .utf8)
    }

    func farewell(samples: Int) -> [[UInt8]] { [] }

    func violation(_ words: String) -> EmulatedViolation {
        EmulatedViolation(message: nil, closeCode: 1007, reason: String(words.prefix(100)))
    }
}
