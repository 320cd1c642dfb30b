import Foundation

@testable import Speech

// Values in boxes: expectations cannot call what changes a value.

final class ItemUnderTest {
    private(set) var value = SpokenItem(id: "a")

    func add(text: String) { value.add(text: text) }
    func add(audio: [UInt8]) { value.add(audio: audio) }
    func end() { value.end() }
    func claim(_ text: String) -> Bool { value.claim(text) }

    /// All that can be had now.
    func take() -> (bytes: Int, isOver: Bool) {
        var bytes = 0
        while true {
            switch value.take() {
            case .audio(let audio): bytes += audio.count
            case .wait: return (bytes, false)
            case .end: return (bytes, true)
            }
        }
    }
}

final class HistoryUnderTest {
    private var value = RealtimeHistory()

    func committed(_ number: UInt32) { value.committed(UtteranceID(number)) }
    func named(_ item: String) { value.named(item) }
    func wrote(_ words: String, of item: String) -> UtteranceID? { value.wrote(words, of: item) }
    func said(_ words: String, calling calls: [String] = []) {
        value.said(SpokenItem.letters(of: words), calling: calls)
    }
    func forget() { value.forget() }
    func added(_ item: String, after previous: String?) { value.added(item, after: previous) }

    /// What is told, in short: the kind, the text, and what it is put behind.
    func tell(_ messages: [RealtimeMessage]) throws -> [String] {
        let turn = messages.last == .caller("") ? value.newestOpen : nil
        return try value.tell(messages, about: turn).map { told(RealtimeClientEvent.told($0)) }
    }
    func beginAnew() { value.beginAnew() }
}

/// A conversation that is connected.
final class ConversationUnderTest {
    private(set) var value: RealtimeConversation

    init(_ configure: (inout RealtimeConversationConfiguration) -> Void = { _ in }) {
        var configuration = RealtimeConversationConfiguration(apiKey: "k")
        configure(&configuration)
        value = RealtimeConversation(OpenAIConversationDialect(configuration))
        _ = value.opened()
    }

    @discardableResult
    func received(_ event: RealtimeServerEvent, at seconds: Double = 0) -> [RealtimeConversation.Action] {
        value.received(event, now: .seconds(seconds))
    }

    @discardableResult
    func committed(_ number: UInt32) -> [RealtimeConversation.Action] {
        value.committed(UtteranceID(number), now: .zero)
    }

    @discardableResult
    func ask(_ id: Int, _ messages: [RealtimeMessage] = [.caller("")]) -> [RealtimeConversation.Action] {
        value.ask(id, RealtimeQuestion(instructions: "Be kind.", messages: messages))
    }

    func cancel(_ id: Int, at seconds: Double = 0) -> [RealtimeConversation.Action] {
        value.cancel(id, now: .seconds(seconds))
    }
    func expire(at seconds: Double) -> [RealtimeConversation.Action] { value.expire(now: .seconds(seconds)) }
    func opened() -> [RealtimeConversation.Action] { value.opened().filter { $0 != .ready } }
    func disconnected(_ error: SpeechError) -> [RealtimeConversation.Action] { value.disconnected(error) }

    @discardableResult
    func beginReply() -> [RealtimeConversation.Action] { value.beginReply() }
    func claim(_ text: String) -> Bool { value.claim(text) }
    @discardableResult
    func take() -> SpokenItem.Piece { value.take() }
    func gave(other samples: Int) { value.gave(other: samples) }
    func cutReply(heard samples: Int, at seconds: Double = 0) -> [RealtimeConversation.Action] {
        value.cutReply(heard: samples, now: .seconds(seconds))
    }

    /// The caller says something, and the model begins to answer.
    func answer(_ text: String) {
        committed(1)
        received(.committed(item: "u1"))
        ask(1)
        received(.responseCreated("r1"))
        received(.spokenItem(response: "r1", item: "i1"))
        received(.transcript(response: "r1", item: "i1", text: text))
    }
}

extension [RealtimeConversation.Action] {
    /// The types of what is said to the vendor; all else in its own words.
    var types: [String] {
        map { action in
            guard case .send(let text) = action, let start = text.firstRange(of: "\"type\":\"")?.upperBound else {
                return "\(action)"
            }
            return String(text[start...].prefix { $0 != "\"" })
        }
    }
}

/// A message that puts an item into the conversation: its kind, its text, and what it is put behind.
func told(_ message: String) -> String {
    guard let tree = try? JSONSerialization.jsonObject(with: Data(message.utf8)) as? [String: Any],
        let item = tree["item"] as? [String: Any], let type = item["type"] as? String
    else { return message }
    let content = (item["content"] as? [[String: Any]])?.first?["text"] as? String
    let words = content ?? item["output"] as? String ?? item["name"] as? String ?? ""
    let place = (tree["previous_item_id"] as? String).map { " behind \($0)" } ?? ""
    return "\(item["role"] as? String ?? type): \(words)\(place)"
}
