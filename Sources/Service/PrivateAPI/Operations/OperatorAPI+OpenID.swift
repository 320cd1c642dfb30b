import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Signing in with an identity provider. A browser goes from here to there and comes back; a program uses a key.
extension OperatorAPI {
    private static let place = "/api/v1/session/openid"

    var openIDRoutes: [APIRoute] {
        [
            APIRoute(.get, "/session/openid", scope: nil, goThere),
            APIRoute(.get, "/session/openid/callback", scope: nil, comeBack),
        ]
    }

    private func office() throws -> OpenIDOffice {
        guard let openID else {
            throw Problem.notFound("No identity provider is set up here; \"private.openid.issuer\" names one.")
        }
        return openID
    }

    private func goThere(_ request: Request, _ context: APIContext) async throws -> Response {
        let office: OpenIDOffice = try office()
        do throws(OpenIDFault) {
            let (address, browser) = try await office.begin(page: (try? request.query.text("page", upTo: 500)) ?? "")
            return Self.redirect(to: address, cookie: mark(browser, age: Int(SignInAttempt.lifetime)))
        } catch { return refuse(error) }
    }

    private func comeBack(_ request: Request, _ context: APIContext) async throws -> Response {
        let office: OpenIDOffice = try office()
        let query = request.uri.queryParameters
        do throws(OpenIDFault) {
            let (identity, page) = try await office.finish(
                state: query.get("state") ?? "", code: query.get("code"), refusal: query.get("error"),
                issuer: query.get("iss"), browser: request.cookies[OpenIDOffice.cookie]?.value)
            await audit.note(identity, "GET /session/openid/callback", of: "/session")
            closeSession(of: request)
            let token = sessions.open(.person(identity), now: now())
            var response = Self.redirect(to: "/" + page, cookie: mark("", age: 0))
            response.headers[values: .setCookie].append(cookie(token, age: Int(SessionDesk.lifetime)))
            return response
        } catch { return refuse(error) }
    }

    /// Tells the one who tries by the console's own page, and those who run it by the log.
    private func refuse(_ fault: OpenIDFault) -> Response {
        logger.warning(
            "somebody could not be signed in", metadata: ["code": "\(fault.code.rawValue)", "reason": "\(fault)"])
        return Self.redirect(to: "/#/live?sign-in=\(fault.code.rawValue)", cookie: mark("", age: 0))
    }

    private func mark(_ value: String, age: Int) -> String {
        "\(OpenIDOffice.cookie)=\(value); Path=\(Self.place); Max-Age=\(age); HttpOnly; SameSite=Lax"
            + (configuration.private.isSecure ? "; Secure" : "")
    }

    private static func redirect(to address: String, cookie: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .setCookie: cookie])
    }
}
