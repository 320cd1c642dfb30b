import Emulators
package import Logging

/// One emulated vendor, for use by hand: what a client of ours, or a vendor's own, can be pointed at.
package struct Emulation: Sendable {
    package var vendor: EmulatedVendor
    /// 0 takes any free one.
    package var port = 0
    /// What clients must send.
    package var apiKey = "emulated"
    /// What is heard, in turn.
    package var transcripts = ["hello there"]
    /// The language of each, where the vendor tells it.
    package var languages: [String] = []
    /// Before the first result, audio or token.
    package var delay = Duration.zero
    /// Between two pieces of audio, or tokens.
    package var chunkDelay = Duration.zero
    /// Bytes in one packet, where the vendor is asked over HTTP.
    package var packetSize: Int?
    /// What happens to the first connection or request, the second …
    package var faults: [EmulatedFault] = []

    package init(_ vendor: EmulatedVendor) { self.vendor = vendor }

    /// Begins to listen.
    ///
    /// - Returns: the address for a provider's `url`, and what ends it.
    package func start(logger: Logger) async throws -> (url: String, stop: @Sendable () async -> Void) {
        let reader = vendor.converses ? EmulatedReader(logger: logger) : nil
        let fleet: EmulatorFleet
        let addresses: EmulatorFleet.Addresses
        do {
            fleet = EmulatorFleet(try configuration(reader), logger: logger)
            addresses = try await fleet.start()
        } catch {
            reader?.close()
            throw error
        }
        let url =
            switch vendor {
            case .deepgram: addresses.deepgram
            case .deepgramFlux: addresses.flux
            case .assemblyai: addresses.assemblyAI
            case .openAIRealtime: addresses.openAIRealtime
            case .elevenLabsScribe: addresses.scribe
            case .cartesiaInk: addresses.ink
            case .soniox: addresses.soniox
            case .speechmatics: addresses.speechmatics
            case .azureTranscription: addresses.azureTranscription
            case .openAISpeechToSpeech: addresses.openAIConversations
            case .geminiLive: addresses.geminiLive
            case .elevenlabs: addresses.elevenLabs
            case .cartesia: addresses.cartesia
            case .rime: addresses.rime
            case .deepgramFluxVoice: addresses.fluxVoice
            case .aura, .azureSpeech, .googleSpeech, .elevenLabsHTTP: addresses.aura
            case .openAISpeech, .openAITranscription, .openai, .openAIResponses, .openAIEmbeddings: addresses.openAI
            case .anthropic: addresses.anthropic
            case .gemini: addresses.gemini
            }
        return (
            url,
            {
                await fleet.shutdown()
                reader?.close()
            }
        )
    }

    private func configuration(_ reader: EmulatedReader?) throws -> EmulatorFleet.Configuration {
        var fleet = EmulatorFleet.Configuration()
        switch vendor {
        case .deepgram:
            fleet.deepgramPort = port
            fleet.deepgram = DeepgramEmulatorConfiguration(
                apiKey: apiKey, transcripts: transcripts, resultDelay: delay, faults: try faults.map { try $0.deepgram }
            )
            fleet.deepgram.languages = languages
        case .deepgramFlux:
            fleet.fluxPort = port
            fleet.flux = try listening()
        case .assemblyai:
            fleet.assemblyAIPort = port
            fleet.assemblyAI = try listening()
        case .openAIRealtime:
            fleet.openAIRealtimePort = port
            fleet.openAIRealtime = try listening()
        case .elevenLabsScribe:
            fleet.scribePort = port
            fleet.scribe = try listening()
        case .cartesiaInk:
            fleet.inkPort = port
            fleet.ink = try listening()
        case .soniox:
            fleet.sonioxPort = port
            fleet.soniox = try listening()
        case .speechmatics:
            fleet.speechmaticsPort = port
            fleet.speechmatics = try listening()
        case .azureTranscription:
            fleet.azureTranscriptionPort = port
            fleet.azureTranscription = try listening()
        case .openAISpeechToSpeech:
            fleet.openAIConversationsPort = port
            fleet.openAIConversations = RealtimeEmulatorConfiguration(
                apiKey: apiKey, transcripts: transcripts, firstDelay: delay,
                chunkDelay: chunkDelay > .zero ? chunkDelay : .milliseconds(10),
                faults: try faults.map { try $0.conversation })
            if let reader { fleet.openAIConversations.voice = reader.read }
        case .geminiLive:
            fleet.geminiLivePort = port
            fleet.geminiLive = GeminiLiveEmulatorConfiguration(
                apiKey: apiKey, transcripts: transcripts, firstDelay: delay,
                chunkDelay: chunkDelay > .zero ? chunkDelay : .milliseconds(10),
                faults: try faults.map { try $0.geminiLive })
            if let reader { fleet.geminiLive.voice = reader.read }
        case .elevenlabs:
            fleet.elevenLabsPort = port
            fleet.elevenLabs = ElevenLabsEmulatorConfiguration(
                apiKey: apiKey, firstAudioDelay: delay, chunkDelay: chunkDelay,
                faults: try faults.map { try $0.elevenLabs })
        case .cartesia:
            fleet.cartesiaPort = port
            fleet.cartesia = CartesiaEmulatorConfiguration(
                apiKey: apiKey, firstAudioDelay: delay, chunkDelay: chunkDelay,
                faults: try faults.map { try $0.cartesia })
        case .rime:
            fleet.rimePort = port
            fleet.rime = try voice()
        case .deepgramFluxVoice:
            fleet.fluxVoicePort = port
            fleet.fluxVoice = try voice()
        case .aura, .azureSpeech, .googleSpeech, .elevenLabsHTTP, .openAISpeech, .openAITranscription,
            .openAIEmbeddings:
            fleet.openAIPort = port
            let speech = SpeechEmulatorConfiguration(
                apiKey: apiKey, transcripts: transcripts, firstChunkDelay: delay, chunkDelay: chunkDelay,
                packetSize: packetSize, faults: try faults.map { try $0.speech })
            fleet.aura = speech
            fleet.azureSpeech = speech
            fleet.googleSpeech = speech
            fleet.elevenLabsSpeech = speech
            fleet.openAISpeech = speech
            fleet.transcription = speech
            fleet.embeddings = speech
        case .openai:
            fleet.openAIPort = port
            fleet.openAI = OpenAIChatEmulatorConfiguration(
                apiKey: apiKey, firstTokenDelay: delay, tokenDelay: chunkDelay, faults: try faults.map { try $0.model })
        case .openAIResponses, .anthropic, .gemini:
            fleet.openAIPort = port
            let model = ModelEmulatorConfiguration(
                apiKey: apiKey, firstTokenDelay: delay, tokenDelay: chunkDelay, packetSize: packetSize,
                faults: try faults.map { try $0.model })
            fleet.openAIResponses = model
            fleet.anthropic = model
            fleet.gemini = model
        }
        return fleet
    }

    private func voice() throws -> VoiceEmulatorConfiguration {
        VoiceEmulatorConfiguration(
            apiKey: apiKey, firstAudioDelay: delay, chunkDelay: chunkDelay, faults: try faults.map { try $0.voice })
    }

    private func listening() throws -> ListeningEmulatorConfiguration {
        var configuration = ListeningEmulatorConfiguration(
            apiKey: apiKey, transcripts: transcripts, resultDelay: delay, faults: try faults.map { try $0.listening })
        configuration.languages = languages
        return configuration
    }
}
