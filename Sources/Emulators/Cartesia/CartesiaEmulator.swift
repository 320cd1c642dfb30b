package import Networking

/// A server that behaves like Cartesia's synthesis socket, and refuses what Cartesia refuses.
package final class CartesiaEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let contexts = Tally()
        package let cancellations = Tally()
        package let characters = Tally()
        /// Messages answered with an error.
        package let violations = Tally()
    }

    let configuration: CartesiaEmulatorConfiguration
    package let counts = Counts()

    package init(_ configuration: CartesiaEmulatorConfiguration = CartesiaEmulatorConfiguration()) {
        self.configuration = configuration
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        guard let refusal = check(request, fault) else {
            return .accept(CartesiaEmulatorConnection(emulator: self, fault: fault), subprotocol: nil)
        }
        counts.refusals.add()
        return .refuse(refusal)
    }

    private func check(_ request: HTTPRequest, _ fault: CartesiaEmulatorConfiguration.Fault) -> HTTPResponse? {
        guard request.path == "/tts/websocket" else { return refusal(404, "no such path") }
        let key = request[header: "authorization"].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
        guard key ?? request[header: "x-api-key"] == configuration.apiKey else {
            return refusal(401, "Invalid API key")
        }
        guard let version = request[header: "cartesia-version"], version >= "2026-03-01" else {
            return refusal(400, "a Cartesia-Version of 2026 is wanted")
        }
        if case .refuse(let status) = fault { return refusal(status, "refused as configured") }
        return nil
    }

    private func refusal(_ status: Int, _ words: String) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"title":"refused","message":"#)
        body.string(words)
        body.raw("}")
        return HTTPResponse(status: status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }
}
