extension ParleyConfiguration {
    /// A vendor of speech or language models and our account there.
    package struct Provider: Sendable, Equatable {
        package var kind: Kind
        /// The base address, without a slash at the end; nil means the vendor's own, see ``baseURL``.
        package var url: String?
        package var apiKey: Secret?
        /// The vendor's name of a model; nil leaves the choice to the adapter or the agent.
        package var model: String?
        /// The vendor's name of a voice; nil leaves the choice to the adapter or the agent.
        package var voice: String?
        /// BCP 47; nil leaves the choice to the adapter.
        package var language: String?
        /// How much a reasoning model thinks, in the vendor's words; nil leaves it to the vendor.
        package var effort: String?
        /// Streams, texts or answers under way at a time that our account bears; nil for any number.
        package var maxStreams: Int?
        /// Begun in a second; nil for any number.
        package var requestsPerSecond: Int?

        package init(kind: Kind) { self.kind = kind }

        /// Which protocol is spoken.
        package enum Kind: String, Sendable, CaseIterable {
            case deepgram
            case deepgramFlux = "deepgram-flux"
            case assemblyai
            case openAIRealtime = "openai-realtime"
            case openAITranscription = "openai-transcription"
            case elevenLabsScribe = "elevenlabs-scribe"
            case cartesiaInk = "cartesia-ink"
            case soniox
            case speechmatics
            case azureTranscription = "azure-transcription"
            case elevenlabs
            case elevenLabsHTTP = "elevenlabs-http"
            case cartesia
            case rime
            case deepgramFluxVoice = "deepgram-flux-voice"
            case azureSpeech = "azure-speech"
            case googleSpeech = "google-speech"
            case openAISpeech = "openai-speech"
            case openai
            case openAIResponses = "openai-responses"
            case anthropic
            case gemini
            case openAISpeechToSpeech = "openai-speech-to-speech"
            case geminiLive = "gemini-live"
            case openAIEmbeddings = "openai-embeddings"

            /// What an adapter of this kind can be used for.
            package var roles: Set<Role> {
                switch self {
                case .deepgram: [.recognizer, .synthesizer]
                case .deepgramFlux, .assemblyai, .openAIRealtime, .openAITranscription, .elevenLabsScribe,
                    .cartesiaInk, .soniox, .speechmatics, .azureTranscription:
                    [.recognizer]
                case .elevenlabs, .cartesia, .openAISpeech, .elevenLabsHTTP, .rime, .deepgramFluxVoice, .azureSpeech,
                    .googleSpeech:
                    [.synthesizer]
                case .openai, .openAIResponses, .anthropic, .gemini, .openAISpeechToSpeech, .geminiLive:
                    [.languageModel]
                case .openAIEmbeddings: [.embeddings]
                }
            }

            /// Whether what is asked of it can be held to the limits of an account.
            package var isLimitable: Bool { !converses && self != .openAIEmbeddings }

            /// Whether it hears and speaks itself: the agent's model is the call's ears and voice too.
            package var converses: Bool { self == .openAISpeechToSpeech || self == .geminiLive }

            /// The vendor's own base address.
            package var vendorURL: String {
                switch self {
                case .deepgram, .deepgramFlux: "https://api.deepgram.com"
                case .assemblyai: "https://streaming.assemblyai.com"
                case .soniox: "https://stt-rt.soniox.com"
                case .speechmatics: "https://eu2.rt.speechmatics.com"
                case .elevenlabs, .elevenLabsHTTP, .elevenLabsScribe: "https://api.elevenlabs.io"
                case .cartesia, .cartesiaInk: "https://api.cartesia.ai"
                case .rime: "https://users-ws.rime.ai"
                case .deepgramFluxVoice: "https://api.deepgram.com"
                case .azureTranscription: "https://REGION.stt.speech.microsoft.com"
                case .azureSpeech: "https://REGION.tts.speech.microsoft.com"
                case .googleSpeech: "https://texttospeech.googleapis.com"
                case .openai, .openAIResponses, .openAIRealtime, .openAITranscription, .openAISpeech,
                    .openAISpeechToSpeech, .openAIEmbeddings:
                    "https://api.openai.com/v1"
                case .anthropic: "https://api.anthropic.com"
                case .gemini: "https://generativelanguage.googleapis.com/v1beta"
                case .geminiLive: "https://generativelanguage.googleapis.com"
                }
            }

            /// Whether the vendor has no address for everybody, only one for each of its regions.
            package var isRegional: Bool { self == .azureSpeech || self == .azureTranscription }

            /// Whether requests must name a model; servers with one model only need none.
            package var needsModel: Bool {
                switch self {
                case .openAIResponses, .anthropic, .gemini, .openAIEmbeddings: true
                default: false
                }
            }
        }

        /// What a provider is wanted for.
        package enum Role: String, Sendable, CaseIterable {
            case recognizer
            case synthesizer
            case languageModel = "language model"
            case embeddings = "model of meanings"
        }

        /// Whether requests go to the vendor's own servers, which want a key.
        package var isVendors: Bool {
            guard let url else { return true }
            let domain = kind.vendorURL.split(separator: ".").suffix(2).joined(separator: ".")
            return kind.isRegional && url.hasSuffix(".\(domain)")
        }

        /// Where requests go, without a slash at the end.
        package var baseURL: String { url ?? kind.vendorURL }
    }
}
