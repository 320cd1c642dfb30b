import Foundation

@testable import Speech

/// A conversation by the Live API: what comes in is the vendor's JSON, what goes out can be read as such.
final class GeminiLiveUnderTest {
    typealias Action = RealtimeConversation.Action

    private(set) var value: RealtimeConversation

    init() { value = RealtimeConversation(GeminiLiveDialect(GeminiLiveConfiguration(apiKey: "k", model: "m"))) }

    /// One whose vendor has taken the connection.
    static func ready() -> GeminiLiveUnderTest {
        let conversation = GeminiLiveUnderTest()
        _ = conversation.opened()
        _ = conversation.prepare([])
        conversation.received(#"{"setupComplete":{}}"#)
        return conversation
    }

    func opened() -> [Action] { value.opened() }
    func prepare(_ messages: [RealtimeMessage]) -> [Action] {
        value.prepare(RealtimeQuestion(instructions: "Be kind.", messages: messages))
    }

    func disconnected(_ code: SpeechError.Code) {
        _ = value.disconnected(SpeechError(code, operation: "o", provider: "p", detail: "d"))
    }

    @discardableResult
    func received(_ message: String, at seconds: Double = 0) -> [Action] {
        let events = (try? value.dialect.read(Array(message.utf8).span, now: .seconds(seconds))) ?? []
        return events.flatMap { value.received($0, now: .seconds(seconds)) }.filter {
            // Every piece of sound would say so.
            if case .answer(_, .progress) = $0 { false } else { true }
        }
    }

    func canRead(_ message: String) -> Bool {
        (try? value.dialect.read(Array(message.utf8).span, now: .zero)) != nil
    }

    @discardableResult
    func expire(at seconds: Double) -> [Action] { value.expire(now: .seconds(seconds)) }

    /// The caller says so much; nothing goes out on a connection that is not ready.
    @discardableResult
    func say(_ samples: Int = 480) -> [Action] {
        guard value.isOpen else { return [] }
        return value.append([UInt8](repeating: 0x20, count: samples).span).map(Action.send)
    }

    @discardableResult
    func commit(_ number: UInt32, at seconds: Double = 0) -> [Action] {
        value.committed(UtteranceID(number), now: .seconds(seconds))
    }

    @discardableResult
    func ask(
        _ id: Int, _ messages: [RealtimeMessage] = [.caller("")], tools: [RealtimeTool] = [], forbidsTools: Bool = false
    ) -> [Action] {
        value.ask(
            id,
            RealtimeQuestion(instructions: "Be kind.", messages: messages, tools: tools, forbidsTools: forbidsTools))
    }

    /// The caller says something, and is to be answered.
    func turn(_ number: UInt32, at seconds: Double = 0) {
        say()
        commit(number, at: seconds)
        ask(Int(number))
    }

    func cancel(_ id: Int, at seconds: Double) -> [Action] { value.cancel(id, now: .seconds(seconds)) }
    func claim(_ text: String) -> Bool { value.claim(text) }
    func cutReply(heard samples: Int) -> [Action] { value.cutReply(heard: samples, now: .zero) }

    /// Bytes of the sentence under way.
    @discardableResult
    func takeAll() -> Int {
        var bytes = 0
        while case .audio(let audio) = value.take() { bytes += audio.count }
        return bytes
    }
}

extension [RealtimeConversation.Action] {
    /// What goes out, as JSON.
    var trees: [[String: Any]] {
        compactMap {
            guard case .send(let text) = $0 else { return nil }
            return try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        }
    }

    /// The kinds of what goes out to the Live API; all else in its own words.
    var kinds: [String] {
        compactMap { action in
            switch action {
            case .send:
                let tree = [action].trees.first
                return (tree?["realtimeInput"] as? [String: Any])?.keys.first ?? tree?.keys.first ?? "no JSON"
            case .recognized(.taken): return "taken"
            default: return "\(action)"
            }
        }
    }

    var texts: [String] { trees.compactMap { ($0["realtimeInput"] as? [String: Any])?["text"] as? String } }
}
