package import Logging
package import Networking

/// The emulated vendors of a whole service, on free ports of 127.0.0.1: what tests and load drivers talk to in place
/// of the real ones.
package final class EmulatorFleet: Sendable {
    package struct Configuration: Sendable {
        package var deepgram = DeepgramEmulatorConfiguration()
        package var openAI = OpenAIChatEmulatorConfiguration()
        package var openAIResponses = ModelEmulatorConfiguration()
        package var anthropic = ModelEmulatorConfiguration()
        package var gemini = ModelEmulatorConfiguration()
        package var elevenLabs = ElevenLabsEmulatorConfiguration()
        package var flux = ListeningEmulatorConfiguration()
        package var assemblyAI = ListeningEmulatorConfiguration()
        package var openAIRealtime = ListeningEmulatorConfiguration()
        package var scribe = ListeningEmulatorConfiguration()
        package var ink = ListeningEmulatorConfiguration()
        package var soniox = ListeningEmulatorConfiguration()
        package var speechmatics = ListeningEmulatorConfiguration()
        package var azureTranscription = ListeningEmulatorConfiguration()
        package var openAIConversations = RealtimeEmulatorConfiguration()
        package var geminiLive = GeminiLiveEmulatorConfiguration()
        package var cartesia = CartesiaEmulatorConfiguration()
        package var aura = SpeechEmulatorConfiguration()
        package var azureSpeech = SpeechEmulatorConfiguration()
        package var googleSpeech = SpeechEmulatorConfiguration()
        package var elevenLabsSpeech = SpeechEmulatorConfiguration()
        package var rime = VoiceEmulatorConfiguration()
        package var fluxVoice = VoiceEmulatorConfiguration()
        package var openAISpeech = SpeechEmulatorConfiguration()
        package var transcription = SpeechEmulatorConfiguration()
        /// Of which only key, delays and faults count.
        package var embeddings = SpeechEmulatorConfiguration()
        /// 0 takes any free port.
        package var deepgramPort = 0
        /// Of all that is asked over HTTP.
        package var openAIPort = 0
        package var elevenLabsPort = 0
        package var fluxPort = 0
        package var assemblyAIPort = 0
        package var openAIRealtimePort = 0
        package var scribePort = 0
        package var inkPort = 0
        package var sonioxPort = 0
        package var speechmaticsPort = 0
        package var azureTranscriptionPort = 0
        package var openAIConversationsPort = 0
        package var geminiLivePort = 0
        package var cartesiaPort = 0
        package var rimePort = 0
        package var fluxVoicePort = 0

        package init() {}
    }

    /// Base addresses, as they go into a provider's `url`.
    package struct Addresses: Sendable, Equatable {
        /// `ws://…`
        package let deepgram: String
        /// `http://…/v1`, of chat completions, responses, speech, transcriptions and embeddings
        package let openAI: String
        /// `http://…`
        package let anthropic: String
        /// `http://…/v1beta`
        package let gemini: String
        /// `ws://…`
        package let elevenLabs: String
        /// `ws://…`
        package let flux: String
        /// `ws://…`
        package let assemblyAI: String
        /// `ws://…/v1`
        package let openAIRealtime: String
        /// `ws://…`
        package let scribe: String
        /// `ws://…`
        package let ink: String
        /// `ws://…`
        package let soniox: String
        /// `ws://…`
        package let speechmatics: String
        /// `ws://…`
        package let azureTranscription: String
        /// `ws://…/v1`
        package let openAIConversations: String
        /// `ws://…`
        package let geminiLive: String
        /// `ws://…`
        package let cartesia: String
        /// `ws://…`
        package let rime: String
        /// `ws://…`
        package let fluxVoice: String
        /// `http://…`, of Azure's, Google's and ElevenLabs' voices, too
        package let aura: String
    }

    package let deepgram: DeepgramEmulator
    package let openAI: OpenAIChatEmulator
    package let openAIResponses: ModelEmulator
    package let anthropic: ModelEmulator
    package let gemini: ModelEmulator
    package let elevenLabs: ElevenLabsEmulator
    package let flux: ListeningEmulator
    package let assemblyAI: ListeningEmulator
    package let openAIRealtime: ListeningEmulator
    package let scribe: ListeningEmulator
    package let ink: ListeningEmulator
    package let soniox: ListeningEmulator
    package let speechmatics: ListeningEmulator
    package let azureTranscription: ListeningEmulator
    package let openAIConversations: RealtimeEmulator
    package let geminiLive: GeminiLiveEmulator
    package let cartesia: CartesiaEmulator
    package let aura: SpeechEmulator
    package let azureSpeech: SpeechEmulator
    package let googleSpeech: SpeechEmulator
    package let elevenLabsSpeech: SpeechEmulator
    package let rime: VoiceEmulator
    package let fluxVoice: VoiceEmulator
    package let openAISpeech: SpeechEmulator
    package let transcription: SpeechEmulator
    package let embeddings: SpeechEmulator
    private let configuration: Configuration
    private let loop: EventLoop
    private let chatServer: StreamServer

    package init(_ configuration: Configuration = Configuration(), logger: Logger) {
        self.configuration = configuration
        deepgram = DeepgramEmulator(configuration.deepgram)
        let openAI = OpenAIChatEmulator(configuration.openAI)
        self.openAI = openAI
        openAIResponses = ModelEmulator(ResponsesAPI(), configuration.openAIResponses)
        anthropic = ModelEmulator(AnthropicAPI(), configuration.anthropic)
        gemini = ModelEmulator(GeminiAPI(), configuration.gemini)
        let others = [openAIResponses, anthropic, gemini]
        elevenLabs = ElevenLabsEmulator(configuration.elevenLabs)
        flux = .flux(configuration.flux)
        assemblyAI = .assemblyAI(configuration.assemblyAI)
        openAIRealtime = .openAIRealtime(configuration.openAIRealtime)
        scribe = .scribe(configuration.scribe)
        ink = .ink(configuration.ink)
        soniox = .soniox(configuration.soniox)
        speechmatics = .speechmatics(configuration.speechmatics)
        azureTranscription = .azure(configuration.azureTranscription)
        openAIConversations = RealtimeEmulator(configuration.openAIConversations)
        geminiLive = GeminiLiveEmulator(configuration.geminiLive)
        cartesia = CartesiaEmulator(configuration.cartesia)
        aura = SpeechEmulator(AuraAPI(), configuration.aura)
        azureSpeech = SpeechEmulator(AzureSpeechAPI(), configuration.azureSpeech)
        googleSpeech = SpeechEmulator(GoogleSpeechAPI(), configuration.googleSpeech)
        elevenLabsSpeech = SpeechEmulator(ElevenLabsSpeechAPI(), configuration.elevenLabsSpeech)
        rime = .rime(configuration.rime)
        fluxVoice = .flux(configuration.fluxVoice)
        openAISpeech = SpeechEmulator(OpenAISpeechAPI(), configuration.openAISpeech)
        transcription = SpeechEmulator(TranscriptionAPI(), configuration.transcription)
        embeddings = SpeechEmulator(EmbeddingsAPI(), configuration.embeddings)
        let voices = [
            aura, azureSpeech, googleSpeech, elevenLabsSpeech, openAISpeech, transcription, embeddings,
        ]
        loop = EventLoop(name: "emulators", logger: logger)
        // One server for all that is asked over HTTP: their paths tell them apart.
        chatServer = StreamServer { request in
            if let voice = voices.first(where: { $0.owns(request.path) }) { return voice.respond(to: request) }
            return others.first { $0.owns(request.path) }?.respond(to: request) ?? openAI.respond(to: request)
        }
    }

    /// Models' answers whose client went away before their end.
    package var abandonedChats: Int { chatServer.abandoned.count }

    /// Begins to listen: two sockets' vendors on one loop, the models on a thread of their own. At most once.
    package func start() async throws(NetworkError) -> Addresses {
        try loop.start()
        do throws(NetworkError) {
            // Synthesized audio comes faster than it is played, so a good deal of it waits for its client.
            let limits = WebSocketLimits(sendQueueBytes: 16 << 20, pingInterval: nil, idleTimeout: nil)
            let recognition = try await loop.listen(
                ListenerConfiguration(port: configuration.deepgramPort, webSocket: limits), service: deepgram)
            let synthesis = try await loop.listen(
                ListenerConfiguration(port: configuration.elevenLabsPort, webSocket: limits), service: elevenLabs)
            let rime = try await loop.listen(
                ListenerConfiguration(port: configuration.rimePort, webSocket: limits), service: rime)
            let fluxVoice = try await loop.listen(
                ListenerConfiguration(port: configuration.fluxVoicePort, webSocket: limits), service: fluxVoice)
            var ports: [Int] = []
            let sockets: [(any ListenerService, Int)] = [
                (flux, configuration.fluxPort), (assemblyAI, configuration.assemblyAIPort),
                (openAIRealtime, configuration.openAIRealtimePort), (cartesia, configuration.cartesiaPort),
                (openAIConversations, configuration.openAIConversationsPort), (scribe, configuration.scribePort),
                (ink, configuration.inkPort), (soniox, configuration.sonioxPort),
                (speechmatics, configuration.speechmaticsPort),
                (geminiLive, configuration.geminiLivePort),
                (azureTranscription, configuration.azureTranscriptionPort),
            ]
            for (service, port) in sockets {
                ports.append(
                    try await loop.listen(ListenerConfiguration(port: port, webSocket: limits), service: service))
            }
            let chat = try chatServer.start(port: configuration.openAIPort)
            return Addresses(
                deepgram: "ws://127.0.0.1:\(recognition)", openAI: "http://127.0.0.1:\(chat)/v1",
                anthropic: "http://127.0.0.1:\(chat)", gemini: "http://127.0.0.1:\(chat)/v1beta",
                elevenLabs: "ws://127.0.0.1:\(synthesis)", flux: "ws://127.0.0.1:\(ports[0])",
                assemblyAI: "ws://127.0.0.1:\(ports[1])", openAIRealtime: "ws://127.0.0.1:\(ports[2])/v1",
                scribe: "ws://127.0.0.1:\(ports[5])", ink: "ws://127.0.0.1:\(ports[6])",
                soniox: "ws://127.0.0.1:\(ports[7])", speechmatics: "ws://127.0.0.1:\(ports[8])",
                azureTranscription: "ws://127.0.0.1:\(ports[10])",
                openAIConversations: "ws://127.0.0.1:\(ports[4])/v1", geminiLive: "ws://127.0.0.1:\(ports[9])",
                cartesia: "ws://127.0.0.1:\(ports[3])", rime: "ws://127.0.0.1:\(rime)",
                fluxVoice: "ws://127.0.0.1:\(fluxVoice)", aura: "http://127.0.0.1:\(chat)")
        } catch {
            await loop.shutdown()
            throw error
        }
    }

    /// Closes every connection and joins both threads. Once, after ``start()``.
    package func shutdown() async {
        await loop.shutdown()
        chatServer.stop()
    }
}
