import Foundation
import HTTPTypes
import Hummingbird
import Store

/// People who sign in to the console by name and password.
extension OperatorAPI {
    var accountRoutes: [APIRoute] {
        [
            APIRoute(.get, "/accounts", scope: .admin) { request, _ in
                let wish = try request.query.page(usual: 1000)
                let page = ListPage(try await store.accounts(limit: wish.asked, after: wish.after), wish) {
                    ListCursor(id: $0.name)
                }
                return .json(AccountListing(page.records, next: page.next))
            },
            APIRoute(.post, "/accounts", scope: .admin, writesRow: true, keepsAnswer: false, addAccount),
            APIRoute(
                .post, "/accounts/{name}/password", scope: .admin, writesRow: true, keepsAnswer: false, setPassword),
            APIRoute(.post, "/accounts/{name}/remove", scope: .admin, writesRow: true, removeAccount),
        ]
    }

    private struct AccountWish: Decodable {
        let name: String
        let scope: APIKeyRecord.Scope
        let password: String
    }

    private struct PasswordWish: Decodable {
        let password: String
    }

    private func addAccount(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(AccountWish.self, upTo: 4096)
        if let objection = AccountName.objection(to: wish.name) {
            throw Problem.unprocessable("\"name\": \(objection).")
        }
        let password = try await hash(wish.password)
        let moment = now()
        let account = AccountRecord(
            name: wish.name, scope: wish.scope, password: password, createdAt: moment, changedAt: moment)
        let draft = audit.draft(
            context.identity, "accounts add", of: wish.name, .done, ["scope": wish.scope.rawValue])
        do throws(StoreError) { try await store.add(account, audit: draft) } catch {
            guard error.code == .rejected else { throw error }
            throw Problem.conflict("Somebody has this name; GET /api/v1/accounts lists who there is.")
        }
        return .json(AccountListing.Account(account), status: .created)
    }

    private func hash(_ password: String) async throws -> PasswordHash {
        if let objection = Password.objection(to: password) {
            throw Problem.unprocessable("\"password\": \(objection).")
        }
        return try await accounts.hash(password)
    }

    private func setPassword(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        let wish = try await request.object(PasswordWish.self, upTo: 4096)
        let password = try await hash(wish.password)
        let draft = audit.draft(context.identity, "accounts password", of: name)
        do throws(StoreError) { try await store.setPassword(of: name, password, at: now(), audit: draft) } catch {
            throw Self.explained(error)
        }
        return Response(status: .noContent)
    }

    private func removeAccount(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        let draft = audit.draft(context.identity, "accounts remove", of: name)
        do throws(StoreError) { try await store.removeAccount(name, at: now(), audit: draft) } catch {
            throw Self.explained(error)
        }
        return Response(status: .noContent)
    }

    private static func explained(_ error: StoreError) -> any Error {
        guard error.code == .notFound else { return error }
        return Problem.notFound("Nobody has this name; GET /api/v1/accounts lists who there is.")
    }
}
