import CallSession
import Foundation
import Hummingbird
import Store

/// Taking a call over from the agent, with a browser's microphone, and handing it back.
extension OperatorAPI {
    var takeoverRoutes: [APIRoute] {
        [
            APIRoute(.post, "/calls/{id}/takeover", scope: .operator, takeOver),
            APIRoute(.post, "/calls/{id}/handback", scope: .operator, handBack),
        ]
    }

    /// Nothing happens on the call until the browser has connected: it has to ask for its microphone first.
    private func takeOver(_ request: Request, _ context: APIContext) async throws -> Response {
        let (id, session) = try await liveCall(context)
        guard await !session.isTakenOver else {
            throw Problem.conflict("An operator has this call's line; POST …/handback gives it back to the agent.")
        }
        guard let origin = lines.mediaOrigin(request) else {
            throw Problem.unavailable("The public listener is not there yet; GET /readyz says when it is.")
        }
        let invitation = takeovers.invite(callID: id, now: .seconds(now().timeIntervalSince1970))
        note("take over", callID: id, context: context)
        return .json(
            BrowserCalls.Invitation(
                url: origin + OperatorEntrance.path, call: invitation.call, token: invitation.token), status: .created)
    }

    private func handBack(_ request: Request, _ context: APIContext) async throws -> Response {
        let (_, session) = try await liveCall(context)
        guard await session.isTakenOver else {
            throw Problem.conflict("No operator has this call's line; the agent has it already.")
        }
        return try await operate(.handBack(wasLost: false), "hand back", request, context)
    }
}
