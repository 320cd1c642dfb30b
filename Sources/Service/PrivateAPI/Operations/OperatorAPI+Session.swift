import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Signing in and out, for browsers.
extension OperatorAPI {
    var sessionRoutes: [APIRoute] {
        [
            APIRoute(.get, "/session", scope: nil) { _, context in
                let isPerson = context.identity?.isPerson ?? false
                return .json(
                    SessionView(
                        context.identity, warning: try await openWarning(), signIn: openID?.name,
                        signOut: isPerson ? await openID?.signOut() : nil))
            },
            APIRoute(.post, "/session", scope: nil, signIn),
            APIRoute(.delete, "/session", scope: nil) { request, context in
                if closeSession(of: request) { await audit.note(context.identity, "DELETE /session", of: "/session") }
                return Response(
                    status: .noContent, headers: [.setCookie: cookie("", age: 0)])
            },
        ]
    }

    /// Ends the session that the browser has, if it has one: whoever signs in anew leaves none behind.
    @discardableResult func closeSession(of request: Request) -> Bool {
        guard let token = request.cookies[SessionDesk.cookie]?.value else { return false }
        return sessions.close(token)
    }

    /// A key, or a name and a password.
    private struct SignIn: Decodable {
        let key: String?
        let name: String?
        let password: String?
    }

    private func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let given = try await request.object(SignIn.self, upTo: 4096)
        let (identity, holder) =
            switch (given.key, given.name, given.password) {
            case (let key?, nil, nil): try await holder(ofKey: key)
            case (nil, let name?, let password?):
                try await holder(named: name, password, from: SignInGuard.origin(context.address))
            default: throw Problem.invalid("Either \"key\", or \"name\" and \"password\".")
            }
        await audit.note(identity, "POST /session", of: "/session")
        closeSession(of: request)
        let token = sessions.open(holder, now: now())
        var response = Response.json(SessionView(identity, warning: nil))
        response.headers[.setCookie] = cookie(token, age: Int(SessionDesk.lifetime))
        return response
    }

    private func holder(ofKey key: String) async throws -> (Identity, SessionDesk.Holder) {
        guard let identity = try await keys.identity(ofKey: key), let id = identity.keyID else {
            throw Problem(
                status: .unauthorized, code: "unauthenticated",
                detail: "This key is not known here, or was revoked; `parley keys list` shows those there are.")
        }
        return (identity, .key(id))
    }

    private func holder(
        named name: String, _ password: String, from origin: String?
    ) async throws -> (Identity, SessionDesk.Holder) {
        do {
            let (identity, since) = try await accounts.signIn(name, password, from: origin)
            return (identity, .account(name, since: since))
        } catch let refusal as AccountDesk.Refusal {
            switch refusal {
            case .wrong:
                // What was checked took its time; tries that cost nothing must not fill the audit log.
                if AccountName.objection(to: name) == nil {
                    await audit.note(nil, "POST /session", of: "account \(name)", .refused)
                }
                throw Problem(
                    status: .unauthorized, code: "unauthenticated", detail: "The name or the password is wrong.")
            case .wait(let seconds): throw Problem.tooManyTries(seconds: seconds)
            }
        }
    }

    /// Over TLS the browser is to send it over TLS only.
    func cookie(_ value: String, age: Int) -> String {
        "\(SessionDesk.cookie)=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict"
            + (configuration.private.isSecure ? "; Secure" : "")
    }
}

extension Problem {
    /// Of passwords that were wrong.
    static func tooManyTries(seconds: Int) -> Problem {
        Problem(
            status: .tooManyRequests, code: "too_many_requests", detail: "Too many tries; wait \(seconds) s.",
            headers: [.retryAfter: "\(seconds)"])
    }
}

/// Who asks.
private struct SessionView: Encodable {
    /// Absent when nobody is signed in.
    let name: String?
    let scope: APIKeyRecord.Scope?
    /// True for whoever signed in with a password of their own, which they may change; else absent.
    let hasPassword: Bool?
    /// What operators should know about how this console is protected.
    let warning: String?
    /// What the identity provider is called that people may sign in with; absent where there is none.
    let signIn: String?
    /// Where a browser goes that signs out, to end its session at the provider, too.
    let signOut: String?

    init(_ identity: Identity?, warning: String?, signIn: String? = nil, signOut: String? = nil) {
        name = identity?.name
        scope = identity?.scope
        hasPassword = identity?.account == nil ? nil : true
        self.warning = warning
        self.signIn = signIn
        self.signOut = signOut
    }
}
