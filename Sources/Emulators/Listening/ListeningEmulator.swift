package import Networking

/// A server that behaves like a vendor of recognition that hears a stream, and refuses what the vendor refuses.
package final class ListeningEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let audioBytes = Tally()
        package let finalizes = Tally()
        package let results = Tally()
        package let violations = Tally()
        /// Sessions that clients ended as they should.
        package let endings = Tally()
    }

    let configuration: ListeningEmulatorConfiguration
    package let counts = Counts()
    private let api: any EmulatedListeningAPI.Type

    init(_ api: any EmulatedListeningAPI.Type, _ configuration: ListeningEmulatorConfiguration) {
        self.api = api
        self.configuration = configuration
    }

    /// Deepgram's Flux.
    package static func flux(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(FluxAPI.self, configuration)
    }

    /// AssemblyAI's Universal-Streaming.
    package static func assemblyAI(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(AssemblyAIAPI.self, configuration)
    }

    /// OpenAI's realtime transcription.
    package static func openAIRealtime(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(RealtimeTranscriptionAPI.self, configuration)
    }

    /// ElevenLabs' Scribe in real time.
    package static func scribe(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(ScribeAPI.self, configuration)
    }

    /// Cartesia's Ink with ends of turns.
    package static func ink(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(InkAPI.self, configuration)
    }

    /// Soniox in real time.
    package static func soniox(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(SonioxAPI.self, configuration)
    }

    /// Speechmatics in real time.
    package static func speechmatics(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(SpeechmaticsAPI.self, configuration)
    }

    /// Azure's recognition of a conversation.
    package static func azure(_ configuration: ListeningEmulatorConfiguration = .init()) -> ListeningEmulator {
        ListeningEmulator(AzureListeningAPI.self, configuration)
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        let query = Query(request.query)
        do throws(EmulatedRefusal) {
            try api.check(request, query, apiKey: configuration.apiKey)
            if case .refuse(let status, let code) = fault {
                throw EmulatedRefusal(status, code, "refused as configured")
            }
        } catch {
            counts.refusals.add()
            return .refuse(api.refuse(error))
        }
        return .accept(
            ListeningConnection(
                emulator: self, api: api.init(query, interimInterval: configuration.interimInterval), fault: fault),
            subprotocol: nil)
    }
}
