import Foundation

/// Who answers behind the name of a provider, in the words of OpenTelemetry's conventions.
struct ModelIdentity: Sendable, Equatable {
    /// `openai`, `anthropic`, `gcp.gemini`: whose protocol is spoken.
    let vendor: String
    let model: String?
    let host: String?
    let port: Int?

    /// Nil for what is no language model.
    init?(_ provider: ParleyConfiguration.Provider) {
        switch provider.kind {
        case .openai, .openAIResponses, .openAISpeechToSpeech: vendor = "openai"
        case .anthropic: vendor = "anthropic"
        case .gemini, .geminiLive: vendor = "gcp.gemini"
        default: return nil
        }
        model = provider.model
        let address = URLComponents(string: provider.baseURL)
        host = address?.host
        port = address?.port
    }
}
