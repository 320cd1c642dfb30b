package import Networking

/// A server that behaves like Google's Live API with the client's own detection of activity, and refuses what the vendor
/// refuses. It refuses `clientContent` too, as the vendor's newer models do in mid-conversation.
package final class GeminiLiveEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let audioBytes = Tally()
        package let activities = Tally()
        package let turns = Tally()
        package let interruptions = Tally()
        /// Connections that went on from a handle.
        package let resumptions = Tally()
        /// Connections that were closed for what the client said.
        package let violations = Tally()
    }

    let configuration: GeminiLiveEmulatorConfiguration
    package let counts = Counts()

    private struct Notes: Sendable {
        var errors: [String] = []
        var items: [String] = []
        var instructions: [String] = []
        var sessions: [String: GeminiLiveEmulatedSession] = [:]
        var sentences = 0
    }

    private let notes = Lock(Notes())

    package init(_ configuration: GeminiLiveEmulatorConfiguration = .init()) { self.configuration = configuration }

    /// What clients were told to have done wrong.
    package var errors: [String] { notes.withLock { $0.errors } }
    /// What clients put beside the caller's sound: `text: …`, `result: …`, `notes: …`.
    package var items: [String] { notes.withLock { $0.items } }
    /// What clients said the model is, in order.
    package var instructions: [String] { notes.withLock { $0.instructions } }

    func note(error: String) { notes.withLock { $0.errors.append(error) } }
    func note(item: String) { notes.withLock { $0.items.append(item) } }
    func note(instructions: String) { notes.withLock { $0.instructions.append(instructions) } }

    /// What the next stretch of sound says.
    func nextSentence() -> String {
        let number = notes.withLock { notes in
            notes.sentences += 1
            return notes.sentences - 1
        }
        return configuration.transcripts[number % configuration.transcripts.count]
    }

    /// - Returns: what a later connection can go on from.
    func keep(_ session: GeminiLiveEmulatedSession) -> String {
        notes.withLock {
            let handle = "handle-\($0.sessions.count + 1)"
            $0.sessions[handle] = session
            return handle
        }
    }

    func session(of handle: String) -> GeminiLiveEmulatedSession? { notes.withLock { $0.sessions[handle] } }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        let key = request[header: "x-goog-api-key"] ?? Query(request.query)["key"]
        do throws(EmulatedRefusal) {
            guard request.path == "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
            else { throw EmulatedRefusal(404, "NOT_FOUND", "no such path") }
            guard key != nil else {
                throw EmulatedRefusal(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
            }
            if case .refuse(let status) = fault { throw EmulatedRefusal(status, "UNAVAILABLE", "as configured") }
        } catch {
            counts.refusals.add()
            return .refuse(RealtimeTranscriptionAPI.refuse(error))
        }
        return .accept(
            GeminiLiveEmulatorConnection(emulator: self, isKnown: key == configuration.apiKey, fault: fault),
            subprotocol: nil)
    }
}
