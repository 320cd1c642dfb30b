import Foundation
import Hummingbird
import Networking

/// What the console needs to have operators call an agent from their browser: an invitation that is good where the browser
/// is, and which agents answer.
final class BrowserLines: Sendable {
    private struct State {
        /// The public base address, once the listener has its port.
        var address: String?
        /// Why an agent answers no call, by its name.
        var objections: [String: String] = [:]
    }

    private let configuration: ParleyConfiguration.Public
    private let calls: BrowserCalls
    private let state = Lock(State())

    init(configuration: ParleyConfiguration.Public, calls: BrowserCalls) {
        self.configuration = configuration
        self.calls = calls
    }

    /// Browsers can connect.
    func listening(at address: String) { state.withLock { $0.address = address } }

    /// An agent will answer no call.
    func leaveOut(_ agent: String, because objection: String) {
        state.withLock { $0.objections[agent] = objection }
    }

    /// An agent that was left out can be called after all.
    func takeBack(_ agent: String) {
        state.withLock { $0.objections[agent] = nil }
    }

    func objection(to agent: String) -> String? { state.withLock { $0.objections[agent] } }

    /// Keeps a place for a call to `agent`.
    func invite(agent: String, request: Request) throws -> BrowserCalls.Invitation {
        if let objection = objection(to: agent) {
            throw Problem.conflict("The agent \"\(agent)\" answers no call: \(objection).")
        }
        do throws(BrowserCalls.Refusal) {
            var invitation = try calls.invite(agent: agent)
            if let origin = mediaOrigin(request) { invitation.url = origin + BrowserEntrance.path }
            return invitation
        } catch {
            switch error {
            case .unknownAgent:
                throw Problem.notFound("There is no agent \"\(agent)\"; GET /api/v1/agents lists those there are.")
            case .notOpen:
                throw Problem.unavailable("The models are still being prepared; GET /readyz says when calls are taken.")
            case .desk(.stopped):
                throw Problem.conflict(
                    "The agent \"\(agent)\" is stopped; POST /api/v1/stops/resume lets it take calls again.")
            case .desk(let reason):
                throw Problem.unavailable(
                    "No call is taken now (\(reason.rawValue)); try again when others have ended.")
            }
        }
    }

    /// Where media sockets are opened, without a path; nil when that is not known yet.
    ///
    /// Without a configured address the host is the one by which the browser found this plane.
    func mediaOrigin(_ request: Request) -> String? {
        // A page that was loaded while models were being prepared must be able to connect later.
        let planned =
            configuration.port == 0
            ? nil : configuration.nodeURL ?? configuration.baseURL(boundPort: configuration.port)
        guard let address = state.withLock({ $0.address }) ?? planned, var parts = URLComponents(string: address)
        else { return nil }
        parts.scheme = parts.scheme == "https" ? "wss" : "ws"
        if configuration.url == nil, configuration.nodeURL == nil, let authority = request.head.authority {
            let name = AccessMiddleware.name(authority)
            // It goes into a header, where a semicolon would begin something new.
            guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:".contains($0)) }) else {
                return nil
            }
            parts.host = name.contains(":") ? "[\(name)]" : name
        }
        return parts.string
    }
}
