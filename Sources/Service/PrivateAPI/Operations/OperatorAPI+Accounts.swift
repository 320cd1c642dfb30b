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
            APIRoute(
                .post, "/session/password", isAudited: true, writesRow: true, keepsAnswer: false, changeOwnPassword),
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

    private struct OwnPasswordWish: Decodable {
        let old: String
        let new: String
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

    /// All other sessions of theirs end with it, and this one goes on under another cookie.
    private func changeOwnPassword(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(OwnPasswordWish.self, upTo: 4096)
        guard let name = context.identity?.account else {
            throw Problem.conflict("Only who signed in with a name and a password has a password here to change.")
        }
        if let objection = Password.objection(to: wish.new) { throw Problem.unprocessable("\"new\": \(objection).") }
        let draft = audit.draft(context.identity, "accounts password", of: name)
        let since: Date
        do {
            since = try await accounts.change(
                name, from: wish.old, to: wish.new, origin: SignInGuard.origin(context.address), audit: draft)
        } catch let refusal as AccountDesk.Refusal {
            switch refusal {
            case .wrong:
                // Not 401: they are signed in.
                throw Problem(status: .forbidden, code: "forbidden", detail: "The old password is wrong.")
            case .wait(let seconds): throw Problem.tooManyTries(seconds: seconds)
            }
        } catch let error as StoreError where error.code == .notFound {
            throw Problem.conflict("Somebody else has changed this password, or removed the account; sign in again.")
        }
        if let token = request.cookies[SessionDesk.cookie]?.value { sessions.close(token) }
        let token = sessions.open(.account(name, since: since), now: now())
        var response = Response(status: .noContent)
        response.headers[.setCookie] = cookie(token, age: Int(SessionDesk.lifetime))
        return response
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
