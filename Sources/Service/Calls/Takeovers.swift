import CallSession
import Foundation
import Networking
import Telephony

/// Lets operators take calls over from a browser: gives what their page needs to connect, and finds the call when it does.
final class Takeovers: Sendable {
    private static let prefix = "takeover"

    private let desk: CallDesk
    private let tokens: CallTokenAuthority
    private let used = Lock(ReplayGuard(lifetime: .seconds(3600)))

    /// - Parameter lifetime: how long an invitation is good.
    init(desk: CallDesk, lifetime: Duration) {
        self.desk = desk
        tokens = CallTokenAuthority(lifetime: lifetime)
    }

    /// What a page shows to get the line of a call, once.
    ///
    /// - Returns: `call` and `token` of its first message.
    func invite(callID: String, now: Duration) -> (call: String, token: String) {
        let call = "\(Self.prefix)-\(callID)-\(CallID.new())"
        return (call, tokens.issue(callID: call, now: now))
    }

    /// The call whose line is asked for.
    func redeem(call: String, token: String?, now: Duration) -> Result<CallSession, MediaRefusal> {
        guard let token else { return .failure(MediaRefusal(code: 1008, reason: "there is no token")) }
        switch tokens.verdict(on: token, callID: call, now: now) {
        case .forged: return .failure(MediaRefusal(code: 1008, reason: "the token is not for this call"))
        case .expired: return .failure(MediaRefusal(code: 1008, reason: "the token is too old"))
        case .valid: break
        }
        guard used.withLock({ $0.use(call, now: now) }) else {
            return .failure(MediaRefusal(code: 1008, reason: "the token was used before"))
        }
        let parts = call.split(separator: "-")
        guard parts.count == 3, let session = desk.session(callID: String(parts[1])) else {
            return .failure(MediaRefusal(code: 1008, reason: "the call is over"))
        }
        return .success(session)
    }
}
