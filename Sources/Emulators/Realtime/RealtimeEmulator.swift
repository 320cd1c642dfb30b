package import Networking

/// A server that behaves like OpenAI's realtime conversations with the client's own turn detection, and refuses what the
/// vendor refuses.
package final class RealtimeEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let audioBytes = Tally()
        package let commits = Tally()
        package let responses = Tally()
        package let cancellations = Tally()
        /// Messages that were answered with an error.
        package let violations = Tally()
    }

    /// What a client said the caller heard of an item.
    package struct Truncation: Sendable, Equatable {
        package let item: String
        /// Of the item's audio.
        package let milliseconds: Int
        /// Milliseconds of its audio that had been sent.
        package let sent: Int
        package let text: String
    }

    let configuration: RealtimeEmulatorConfiguration
    package let counts = Counts()

    private struct Notes: Sendable {
        var truncations: [Truncation] = []
        var deletions: [String] = []
        var errors: [String] = []
        var items: [String] = []
        var orders: [[String]] = []
    }

    private let notes = Lock(Notes())

    package init(_ configuration: RealtimeEmulatorConfiguration = .init()) {
        self.configuration = configuration
    }

    /// In the order in which they came.
    package var truncations: [Truncation] { notes.withLock { $0.truncations } }
    /// Ids of items that clients deleted.
    package var deletions: [String] { notes.withLock { $0.deletions } }
    /// What clients were told to have done wrong.
    package var errors: [String] { notes.withLock { $0.errors } }
    /// What clients put into conversations themselves: `role: text`, `call: name`, `result: content`.
    package var items: [String] { notes.withLock { $0.items } }

    /// The order of the conversation at each response: `system`, `user`, `assistant`, `call`, `result`.
    package var orders: [[String]] { notes.withLock { $0.orders } }

    func note(_ truncation: Truncation) { notes.withLock { $0.truncations.append(truncation) } }
    func note(deletion: String) { notes.withLock { $0.deletions.append(deletion) } }
    func note(error: String) { notes.withLock { $0.errors.append(error) } }
    func note(order: [String]) { notes.withLock { $0.orders.append(order) } }
    func note(item: String) { notes.withLock { $0.items.append(item) } }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        let query = Query(request.query)
        do throws(EmulatedRefusal) {
            try check(request, query)
            if case .refuse(let status, let code) = fault {
                throw EmulatedRefusal(status, code, "refused as configured")
            }
        } catch {
            counts.refusals.add()
            return .refuse(RealtimeTranscriptionAPI.refuse(error))
        }
        return .accept(
            RealtimeEmulatorConnection(emulator: self, model: query["model"] ?? "", fault: fault), subprotocol: nil)
    }

    private func check(_ request: HTTPRequest, _ query: Query) throws(EmulatedRefusal) {
        guard request.path == "/v1/realtime" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "authorization"] == "Bearer \(configuration.apiKey)" else {
            throw EmulatedRefusal(401, "invalid_api_key", "Incorrect API key provided.")
        }
        guard request[header: "openai-beta"] == nil else {
            throw EmulatedRefusal(400, "beta_api_shape_disabled", "the beta's shape is gone")
        }
        guard let model = query["model"], !model.isEmpty, query["intent"] == nil else {
            throw EmulatedRefusal(400, "missing_model", "You must provide a model parameter.")
        }
        guard configuration.models.isEmpty || configuration.models.contains(model) else {
            throw EmulatedRefusal(404, "model_not_found", "The model `\(model)` does not exist.")
        }
    }
}
