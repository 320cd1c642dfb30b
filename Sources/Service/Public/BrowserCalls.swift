import Foundation
import Networking
import Telephony

/// Lets people call from a browser: keeps a place for their call and gives what their page needs to connect.
package final class BrowserCalls: Sendable {
    /// What a page needs for one call. Good for one connection, within ``ParleyConfiguration/Public/tokenLifetime``.
    package struct Invitation: Sendable, Equatable, Codable {
        /// `ws://…/browser/media` or `wss://…`.
        package var url: String
        /// For `call` and `token` of the first message.
        package var call: String
        package var token: String
    }

    /// Why nobody was invited.
    package enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// The service does not take calls yet.
        case notOpen
        case unknownAgent(String)
        /// Every line is taken, the service is stopping, or its media threads are behind.
        case desk(CallDesk.Refusal)

        package var description: String {
            switch self {
            case .notOpen: "cannot take a call: the service is still starting"
            case .unknownAgent(let name): "cannot take a call: there is no agent called \"\(name)\""
            case .desk(let reason): "cannot take a call now: \(reason.rawValue)"
            }
        }
    }

    private struct Opening {
        var desk: CallDesk
        var tokens: CallTokenAuthority
        var host: CallHost
        var baseURL: String
    }

    private let opening = Lock<Opening?>(nil)

    init() {}

    /// Calls are taken from now on.
    func open(desk: CallDesk, tokens: CallTokenAuthority, host: CallHost, baseURL: String) {
        opening.withLock { $0 = Opening(desk: desk, tokens: tokens, host: host, baseURL: baseURL) }
    }

    /// Keeps a place for one call.
    ///
    /// - Parameters:
    ///   - agent: who answers.
    ///   - from: who calls, for the call's record; a name will do.
    package func invite(agent: String, from: String = "browser") throws(Refusal) -> Invitation {
        guard let open = opening.withLock({ $0 }) else { throw .notOpen }
        guard open.host.hasAgent(agent) else { throw .unknownAgent(agent) }
        let now = Duration.seconds(Date().timeIntervalSince1970)
        let call = "browser-" + CallID.new()
        let expected = CallDesk.Expected(callID: CallID.new(), agent: agent, from: from, to: "browser", expires: now)
        if let refusal = open.desk.expect(carrierCallID: call, expected, now: now) { throw .desk(refusal) }
        return Invitation(
            url: "ws" + open.baseURL.dropFirst(4) + BrowserEntrance.path, call: call,
            token: open.tokens.issue(callID: call, now: now))
    }
}
