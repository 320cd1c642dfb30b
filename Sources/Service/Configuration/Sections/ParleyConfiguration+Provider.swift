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

        package init(kind: Kind) { self.kind = kind }

        /// Which protocol is spoken.
        package enum Kind: String, Sendable, CaseIterable {
            case deepgram
            case elevenlabs
            case openai

            /// What an adapter of this kind can be used for.
            package var roles: Set<Role> {
                switch self {
                case .deepgram: [.recognizer]
                case .elevenlabs: [.synthesizer]
                case .openai: [.languageModel]
                }
            }

            /// The vendor's own base address.
            package var vendorURL: String {
                switch self {
                case .deepgram: "https://api.deepgram.com"
                case .elevenlabs: "https://api.elevenlabs.io"
                case .openai: "https://api.openai.com/v1"
                }
            }
        }

        /// What a provider is wanted for.
        package enum Role: String, Sendable, CaseIterable {
            case recognizer
            case synthesizer
            case languageModel = "language model"
        }

        /// Where requests go, without a slash at the end.
        package var baseURL: String { url ?? kind.vendorURL }
    }
}
