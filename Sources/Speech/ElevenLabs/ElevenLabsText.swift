import Foundation

/// What we say on a multi-context socket.
enum ElevenLabsText {
    /// Context-less; only keeps the socket.
    static let keepAlive = #"{"text":""}"#
    static let closeSocket = #"{"close_socket":true}"#

    struct Settings: Encodable, Sendable {
        let stability: Double?
        let similarity: Double?
        let speed: Double?

        private enum CodingKeys: String, CodingKey {
            case stability, speed
            case similarity = "similarity_boost"
        }
    }

    private struct Message: Encodable {
        let context: String
        var text: String?
        var settings: Settings?
        var flush: Bool?
        var closesContext: Bool?

        private enum CodingKeys: String, CodingKey {
            case text, flush
            case context = "context_id"
            case settings = "voice_settings"
            case closesContext = "close_context"
        }
    }

    /// The messages that have a text spoken in a context of its own: its opening with the settings, the text released
    /// at once, and the close, after which the vendor finishes what was released.
    static func messages(context: String, text: String, settings: Settings) -> [[UInt8]] {
        [
            Message(context: context, text: " ", settings: settings),
            // Texts are joined as they are, so each ends with a space.
            Message(context: context, text: text + " ", flush: true),
            Message(context: context, closesContext: true),
        ].compactMap { message in
            // Strings and finite numbers can always be encoded; settings are checked with the configuration.
            (try? JSONEncoder().encode(message)).map { Array($0) }
        }
    }
}
