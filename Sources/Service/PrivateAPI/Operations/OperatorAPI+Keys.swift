import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Keys of the API and the console. What makes a key work is in one answer, that of its making, and nowhere else.
extension OperatorAPI {
    /// How long a key that was replaced still works, unless told.
    private static let usualGrace = 24
    /// Hours; a week.
    private static let longestGrace = 168

    var keyRoutes: [APIRoute] {
        [
            APIRoute(.get, "/keys", scope: .admin) { request, _ in
                let wish = try request.query.page(usual: 1000)
                let page = ListPage(try await store.keys(limit: wish.asked, after: wish.after), wish) {
                    ListCursor(at: $0.createdAt, id: $0.id)
                }
                return .json(KeyListing(page.records, next: page.next))
            },
            APIRoute(.post, "/keys", scope: .admin, writesRow: true, keepsAnswer: false, makeKey),
            APIRoute(.post, "/keys/{id}/rotate", scope: .admin, writesRow: true, keepsAnswer: false, rotateKey),
            APIRoute(.post, "/keys/{id}/revoke", scope: .admin, writesRow: true, revokeKey),
        ]
    }

    private struct KeyWish: Decodable {
        let name: String
        let scope: APIKeyRecord.Scope
    }

    private struct RotationWish: Decodable {
        let graceHours: Int?
    }

    /// The only sight of what makes a key work.
    private struct NewKey: Encodable {
        let id: String
        let key: String
        let name: String
        let scope: APIKeyRecord.Scope

        init(_ made: (key: String, record: APIKeyRecord)) {
            (id, key, name, scope) = (made.record.id, made.key, made.record.name, made.record.scope)
        }
    }

    private func makeKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(KeyWish.self)
        guard (1...80).contains(wish.name.count) else {
            throw Problem.invalid("\"name\" must have 1 to 80 characters.")
        }
        let made = KeyRing.make(name: wish.name, scope: wish.scope, at: now())
        try await store.add(
            made.record,
            audit: audit.draft(
                context.identity, "keys create", of: made.record.id,
                .done, ["name": wish.name, "scope": wish.scope.rawValue]))
        return .secret(NewKey(made), status: .created)
    }

    private func rotateKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let grace = try await request.object(RotationWish.self).graceHours ?? Self.usualGrace
        guard (0...Self.longestGrace).contains(grace) else {
            throw Problem.invalid("\"graceHours\" must be a whole number from 0 to \(Self.longestGrace).")
        }
        guard let old = try await store.key(id) else { throw Self.unknownKey }
        let moment = now()
        guard old.works(at: moment) else { throw Self.revokedKey }
        let made = KeyRing.make(name: old.name, scope: old.scope, at: moment)
        let draft = audit.draft(
            context.identity, "keys rotate", of: id, .done, ["by": made.record.id, "grace_hours": "\(grace)"])
        let end = moment.addingTimeInterval(Double(grace) * 3600)
        do throws(StoreError) { try await store.replaceKey(id, by: made.record, until: end, audit: draft) } catch {
            guard error.code == .notFound else { throw error }
            throw Self.revokedKey
        }
        return .secret(NewKey(made), status: .created)
    }

    private func revokeKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let draft = audit.draft(context.identity, "keys revoke", of: id)
        do throws(StoreError) { try await store.revokeKey(id, at: now(), audit: draft) } catch {
            guard error.code == .notFound else { throw error }
            throw Self.unknownKey
        }
        return Response(status: .noContent)
    }

    private static let revokedKey = Problem.conflict("This key was revoked; POST /api/v1/keys makes a new one.")

    private static let unknownKey = Problem.notFound(
        "There is no key with this id; GET /api/v1/keys lists those there are.")
}

extension Response {
    /// An answer that nobody on the way may keep.
    fileprivate static func secret(_ value: some Encodable, status: HTTPResponse.Status) -> Response {
        var response = Response.json(value, status: status)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
