import AudioCore
import Networking

extension DeepgramConfiguration {
    static let provider = "deepgram"
    static let operation = "GET /v1/listen"

    /// The handshake for one leg.
    ///
    /// Neither punctuation nor numerals are asked for: a transcript is words.
    func request(format: AudioFormat, vocabulary: SpeechVocabulary) throws(SpeechError) -> WebSocketRequest {
        guard format.encoding != .linear16 else {
            throw SpeechError(
                .refused, operation: Self.operation, provider: Self.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
        var query = [
            ("model", model), ("language", language), ("encoding", format.encoding.rawValue),
            ("sample_rate", String(format.sampleRate)), ("channels", "1"), ("interim_results", "true"),
            ("endpointing", String(Int(endpointing / .milliseconds(1)))),
        ]
        for term in allKeyTerms(vocabulary) { query.append(("keyterm", term)) }
        let text = query.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        // A quiet server is normal while nobody speaks; pongs keep the connection proven.
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/v1/listen?\(text)", headers: [("Authorization", "Token \(apiKey)")],
            openTimeout: connectDeadline, limits: limits)
    }

    /// Configured terms first, then the task's special words, within Deepgram's bound of 500 tokens.
    func allKeyTerms(_ vocabulary: SpeechVocabulary) -> [String] {
        let special = vocabulary.pronunciations.keys.sorted()
        // Long lists (first names, every date) bias nothing, so only a task's own short ones are worth their tokens.
        let named = vocabulary.classes.sorted { $0.key < $1.key }
            .filter { !Self.generalClasses.contains($0.key) && $0.value.count <= 40 }
            .flatMap(\.value).filter { !$0.contains("{") }
        var seen: Set<String> = []
        var tokens = 0
        var terms: [String] = []
        for term in keyTerms + special + named where !term.isEmpty && seen.insert(term).inserted {
            // About four letters a token, and never less than one a word.
            tokens += term.split(separator: " ").reduce(0) { $0 + $1.utf8.count / 4 + 1 }
            guard tokens <= 400, terms.count < 100 else { break }
            terms.append(term)
        }
        return terms
    }

    /// Classes that every English recognizer knows by heart.
    private static let generalClasses: Set<String> = [
        "date", "time", "number", "digit", "digits", "day", "weekday", "month", "hour", "minute", "ordinal", "yes",
        "no",
    ]

    /// RFC 3986 §2.3.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
