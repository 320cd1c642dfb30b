import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Who is signed in to the console of this service, and putting somebody out.
extension OperatorAPI {
    var openSessionRoutes: [APIRoute] {
        [
            APIRoute(.get, "/sessions", scope: .admin, listSessions),
            APIRoute(.post, "/sessions/{id}/end", scope: .admin, endSession),
        ]
    }

    private func listSessions(_ request: Request, _ context: APIContext) async throws -> Response {
        let own = request.cookies[SessionDesk.cookie].flatMap { sessions.id(of: $0.value) }
        var views: [SessionListView.Session] = []
        for entry in sessions.open(at: now()) {
            // One whose key was revoked since opens nothing any more.
            guard let identity = try await self.identity(of: entry.holder) else { continue }
            views.append(SessionListView.Session(entry, identity, isOwn: entry.id == own))
        }
        return .json(SessionListView(sessions: views))
    }

    private func endSession(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard let entry = sessions.end(id, now: now()) else {
            throw Problem.notFound("There is no such session; GET /api/v1/sessions lists those that are open here.")
        }
        context.act.tell("whose", Self.actor(of: entry.holder))
        return Response(status: .noContent)
    }

    /// Whose session it is by now. Looking is no use of a key.
    private func identity(of holder: SessionDesk.Holder) async throws -> Identity? {
        switch holder {
        case .person(let identity): return identity
        case .account(let name, let since): return try await accounts.identity(of: name, since: since)
        case .key(let id):
            guard let key = try await store.key(id), key.works(at: now()) else { return nil }
            return Identity(keyID: key.id, name: key.name, scope: key.scope)
        }
    }

    /// As the audit log calls them.
    private static func actor(of holder: SessionDesk.Holder) -> String {
        switch holder {
        case .person(let identity): identity.actor
        case .account(let name, since: _): AccountDesk.mark + name
        case .key(let id): "key \(id)"
        }
    }
}

/// The sessions that are open, as JSON.
private struct SessionListView: Encodable {
    struct Session: Encodable {
        enum Means: String, Encodable {
            case key
            case password
            case openID = "openid"
        }

        let id: String
        /// As the audit log calls them.
        let actor: String
        let name: String
        let scope: APIKeyRecord.Scope
        let signedInBy: Means
        let signedInAt: Date
        let lastSeenAt: Date
        /// Whether it is the one that the list was asked for in.
        let isOwn: Bool

        init(_ entry: SessionDesk.Entry, _ identity: Identity, isOwn: Bool) {
            (id, actor, name, scope) = (entry.id, identity.actor, identity.name, identity.scope)
            signedInBy =
                switch entry.holder {
                case .key: .key
                case .account: .password
                case .person: .openID
                }
            (signedInAt, lastSeenAt) = (entry.begun, entry.seen)
            self.isOwn = isOwn
        }
    }

    let sessions: [Session]
}
