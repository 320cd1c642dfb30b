package import Networking

/// A server that behaves like a vendor's synthesis on a socket of turns, and refuses what the vendor refuses.
package final class VoiceEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let turns = Tally()
        package let cuts = Tally()
        /// Orders to stop that said how much was heard.
        package let offsets = Tally()
        package let characters = Tally()
        /// Messages answered with an error.
        package let violations = Tally()
    }

    let api: any EmulatedVoiceAPI
    let configuration: VoiceEmulatorConfiguration
    package let counts = Counts()

    init(_ api: any EmulatedVoiceAPI, _ configuration: VoiceEmulatorConfiguration) {
        self.api = api
        self.configuration = configuration
    }

    /// Rime's `/ws3`.
    package static func rime(_ configuration: VoiceEmulatorConfiguration = .init()) -> VoiceEmulator {
        VoiceEmulator(RimeAPI(), configuration)
    }

    /// Deepgram's `/v2/speak`.
    package static func flux(_ configuration: VoiceEmulatorConfiguration = .init()) -> VoiceEmulator {
        VoiceEmulator(FluxVoiceAPI(), configuration)
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        let query = Query(request.query)
        var refusal = api.objection(to: request, query, apiKey: configuration.apiKey)
        if case .refuse(let status) = fault, refusal == nil {
            refusal = EmulatedRefusal(status, "REFUSED", "refused as configured")
        }
        if let refusal {
            counts.refusals.add()
            return .refuse(api.refuse(refusal))
        }
        guard let format = api.format(query) else {
            counts.refusals.add()
            return .refuse(api.refuse(EmulatedRefusal(400, "BAD_FORMAT", "the emulator does not speak that format")))
        }
        return .accept(
            VoiceConnection(
                emulator: self, query: query, encoding: format.encoding, sampleRate: format.sampleRate, fault: fault),
            subprotocol: nil)
    }
}
