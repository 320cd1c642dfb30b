import Logging
import Networking
import Speech

/// Ears and voices of remote vendors, by provider name.
extension Vendors {
    /// A vendor's ears for the calls of a loop.
    ///
    /// - Parameter noted: told what a connection took, and what cannot be read of what comes on it.
    /// - Returns: makes them for a loop and, with its logger, for one call.
    func recognizer(
        _ name: String, noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
    ) throws -> @Sendable (EventLoop, Logger, _ sent: @escaping @Sendable (Duration) -> Void) -> any SpeechRecognizer {
        let (provider, client, gate) = (try provider(name), client, gate(name))
        let (url, key, model) = (provider.socketURL, provider.apiKey?.value ?? "", provider.model)
        let language = provider.language ?? "en"
        func stream(
            _ vendor: some StreamingVendor
        ) -> @Sendable (EventLoop, Logger, _ sent: @escaping @Sendable (Duration) -> Void) -> any SpeechRecognizer {
            { StreamingRecognizer(vendor, loop: $0, logger: $1, noted: noted, sent: $2) }
        }
        switch provider.kind {
        case .deepgram:
            return stream(DeepgramConfiguration(url: url, apiKey: key, model: model ?? "nova-3", language: language))
        case .deepgramFlux:
            return stream(
                FluxConfiguration(
                    url: url, apiKey: key, model: model ?? "flux-general-en",
                    languageHints: provider.language.map { [$0] } ?? []))
        case .assemblyai:
            return stream(
                AssemblyAIConfiguration(url: url, apiKey: key, model: model ?? "universal-streaming-english"))
        case .openAIRealtime:
            return stream(
                RealtimeTranscriptionConfiguration(
                    url: url, apiKey: key, model: model ?? "gpt-realtime-whisper", language: language))
        case .elevenLabsScribe:
            return stream(
                ScribeConfiguration(url: url, apiKey: key, model: model ?? "scribe_v2_realtime", language: language))
        case .cartesiaInk: return stream(InkConfiguration(url: url, apiKey: key, model: model ?? "ink-2"))
        case .soniox:
            return stream(SonioxConfiguration(url: url, apiKey: key, model: model ?? "stt-rt-v5", language: language))
        case .speechmatics:
            return stream(SpeechmaticsConfiguration(url: url, apiKey: key, model: model, language: language))
        case .azureTranscription:
            return stream(AzureTranscriptionConfiguration(url: url, apiKey: key, languages: language))
        case .openAITranscription:
            let configuration = TranscriptionConfiguration(
                url: provider.baseURL, apiKey: key, model: provider.model ?? "gpt-transcribe",
                language: provider.language ?? "en")
            return { _, _, sent in TranscriptionRecognizer(configuration, client: client, gate: gate, sent: sent) }
        case .elevenLabsHTTP, .rime, .deepgramFluxVoice, .azureSpeech, .googleSpeech, .elevenlabs, .cartesia,
            .openAISpeech, .openai, .openAIResponses, .anthropic, .gemini,
            .openAISpeechToSpeech, .geminiLive, .openAIEmbeddings:
            throw VendorError(provider: name, reason: "a vendor of this kind does not recognize speech here")
        }
    }

    /// A vendor's voice for the calls of a loop, and what makes it sound as it does.
    ///
    /// - Parameter noted: told what cannot be read of what comes on a connection.
    func synthesizer(
        _ name: String, noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
    ) throws -> (make: @Sendable (EventLoop, Logger) -> any SpeechSynthesizer, sound: String) {
        let (provider, client) = (try provider(name), client)
        let (url, key) = (provider.socketURL, provider.apiKey?.value ?? "")
        let make: @Sendable (EventLoop, Logger) -> any SpeechSynthesizer
        var sound = [provider.kind.rawValue, provider.baseURL]
        let told = provider.language.map { [$0] } ?? []
        switch provider.kind {
        case .elevenlabs:
            let configuration = ElevenLabsConfiguration(
                url: url, apiKey: key, model: provider.model ?? "eleven_flash_v2_5",
                voice: provider.voice ?? "21m00Tcm4TlvDq8ikWAM", language: provider.language)
            make = { ElevenLabsSynthesizer(configuration, loop: $0, logger: $1, noted: noted) }
            sound += [configuration.model, configuration.voice] + told
        case .elevenLabsHTTP:
            var configuration = ElevenLabsHTTPConfiguration(
                url: provider.baseURL, apiKey: key, language: provider.language)
            if let model = provider.model { configuration.model = model }
            if let voice = provider.voice { configuration.voice = voice }
            let chosen = configuration
            make = { _, _ in HTTPSynthesizer(chosen, client: client) }
            sound += [chosen.model, chosen.voice] + told
        case .rime:
            var configuration = RimeConfiguration(url: url, apiKey: key, language: provider.language)
            if let model = provider.model { configuration.model = model }
            if let voice = provider.voice { configuration.voice = voice }
            let chosen = configuration
            make = { RimeSynthesizer(chosen, loop: $0, logger: $1, noted: noted) }
            sound += [chosen.model, chosen.voice] + told
        case .deepgramFluxVoice:
            // The vendor counts a voice as a model, and a voice speaks one language.
            let configuration = FluxVoiceConfiguration(
                url: url, apiKey: key, voice: provider.voice ?? provider.model ?? "flux-alexis-en")
            make = { FluxVoiceSynthesizer(configuration, loop: $0, logger: $1, noted: noted) }
            sound += [configuration.voice]
        case .azureSpeech:
            let configuration = AzureVoiceConfiguration(
                url: provider.baseURL, apiKey: key, voice: provider.voice ?? AzureVoiceConfiguration.defaultVoice,
                language: provider.language)
            make = { _, _ in HTTPSynthesizer(configuration, client: client) }
            sound += [configuration.voice] + told
        case .googleSpeech:
            let configuration = GoogleVoiceConfiguration(
                url: provider.baseURL, apiKey: key, voice: provider.voice, language: provider.language)
            make = { _, _ in HTTPSynthesizer(configuration, client: client) }
            sound += [configuration.voice ?? ""] + told
        case .cartesia:
            var configuration = CartesiaConfiguration(
                url: url, apiKey: key, model: provider.model ?? "sonic-3.5",
                language: provider.language ?? "en")
            if let voice = provider.voice { configuration.voice = voice }
            let chosen = configuration
            make = { CartesiaSynthesizer(chosen, loop: $0, logger: $1, noted: noted) }
            sound += [configuration.model, configuration.voice, configuration.language]
        case .deepgram:
            // The vendor counts a voice as a model; `model` is the recognizer's.
            let configuration = AuraConfiguration(
                url: provider.baseURL, apiKey: key, voice: provider.voice ?? "aura-2-thalia-en")
            make = { _, _ in HTTPSynthesizer(configuration, client: client) }
            sound += [configuration.voice]
        case .openAISpeech:
            let configuration = OpenAISpeechConfiguration(
                url: provider.baseURL, apiKey: key, model: provider.model ?? "gpt-4o-mini-tts",
                voice: provider.voice ?? "alloy")
            make = { _, _ in HTTPSynthesizer(configuration, client: client) }
            sound += [configuration.model, configuration.voice]
        case .deepgramFlux, .assemblyai, .openAIRealtime, .openAITranscription, .elevenLabsScribe, .cartesiaInk,
            .soniox, .speechmatics, .azureTranscription, .openai, .openAIResponses, .anthropic, .gemini,
            .openAISpeechToSpeech, .geminiLive,
            .openAIEmbeddings:
            throw VendorError(provider: name, reason: "a vendor of this kind does not synthesise speech here")
        }
        return (make, sound.joined(separator: " "))
    }
}

extension ParleyConfiguration.Provider {
    /// ``baseURL`` as WebSockets want it.
    var socketURL: String { baseURL.hasPrefix("http") ? "ws" + baseURL.dropFirst(4) : baseURL }
}
