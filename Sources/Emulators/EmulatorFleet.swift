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
        /// 0 takes any free port.
        package var deepgramPort = 0
        /// Of all language models.
        package var openAIPort = 0
        package var elevenLabsPort = 0

        package init() {}
    }

    /// Base addresses, as they go into a provider's `url`.
    package struct Addresses: Sendable, Equatable {
        /// `ws://…`
        package let deepgram: String
        /// `http://…/v1`, of chat completions and of responses
        package let openAI: String
        /// `http://…`
        package let anthropic: String
        /// `http://…/v1beta`
        package let gemini: String
        /// `ws://…`
        package let elevenLabs: String
    }

    package let deepgram: DeepgramEmulator
    package let openAI: OpenAIChatEmulator
    package let openAIResponses: ModelEmulator
    package let anthropic: ModelEmulator
    package let gemini: ModelEmulator
    package let elevenLabs: ElevenLabsEmulator
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
        loop = EventLoop(name: "emulators", logger: logger)
        // One server for all language models: their paths tell them apart.
        chatServer = StreamServer { request in
            others.first { $0.owns(request.path) }?.respond(to: request) ?? openAI.respond(to: request)
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
            let chat = try chatServer.start(port: configuration.openAIPort)
            return Addresses(
                deepgram: "ws://127.0.0.1:\(recognition)", openAI: "http://127.0.0.1:\(chat)/v1",
                anthropic: "http://127.0.0.1:\(chat)", gemini: "http://127.0.0.1:\(chat)/v1beta",
                elevenLabs: "ws://127.0.0.1:\(synthesis)")
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
