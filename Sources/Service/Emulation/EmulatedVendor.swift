/// A vendor that can be emulated by hand.
package enum EmulatedVendor: String, Sendable, CaseIterable {
    case deepgram
    case deepgramFlux = "deepgram-flux"
    case assemblyai
    case openAIRealtime = "openai-realtime"
    case elevenLabsScribe = "elevenlabs-scribe"
    case cartesiaInk = "cartesia-ink"
    case soniox
    case speechmatics
    case azureTranscription = "azure-transcription"
    case openAISpeechToSpeech = "openai-speech-to-speech"
    case geminiLive = "gemini-live"
    case elevenlabs
    case cartesia
    case elevenLabsHTTP = "elevenlabs-http"
    case azureSpeech = "azure-speech"
    case googleSpeech = "google-speech"
    case rime
    case deepgramFluxVoice = "deepgram-flux-voice"
    case aura
    case openAISpeech = "openai-speech"
    case openAITranscription = "openai-transcription"
    case openai
    case openAIResponses = "openai-responses"
    case openAIEmbeddings = "openai-embeddings"
    case anthropic
    case gemini

    /// The kind of a provider that talks to it.
    package var kind: String { self == .aura ? "deepgram" : rawValue }

    /// Whether it needs a voice to speak with.
    var converses: Bool { self == .openAISpeechToSpeech || self == .geminiLive }
}
