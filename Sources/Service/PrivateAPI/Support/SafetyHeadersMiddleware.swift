import HTTPTypes
import Hummingbird

/// Headers that keep a browser from doing with our answers what they are not for.
struct SafetyHeadersMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// Whether this plane speaks TLS: then a browser is to ask it over TLS only, for a day from each answer.
    let isSecure: Bool
    /// Where a browser may open a media socket, for the page that talks to an agent; told what the request called us.
    let mediaOrigin: @Sendable (Request) -> String?

    @concurrent func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        let media = mediaOrigin(request).map { " \($0)" } ?? ""
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
            + "connect-src 'self'\(media); worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "microphone=(self), camera=(), geolocation=()"
        if isSecure, Self.holdsToTLS(request.head.authority) {
            response.headers[.strictTransportSecurity] = "max-age=86400"
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    /// Whether a browser is told to ask `authority` over TLS only. It does so at every port of the name: on one's own machine
    /// that would be what others serve there.
    static func holdsToTLS(_ authority: String?) -> Bool {
        guard let authority else { return false }
        return !LoopbackAddress.isLoopback(AccessMiddleware.name(authority.lowercased()))
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
    fileprivate static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    fileprivate static let permissionsPolicy = Self("Permissions-Policy")!
}
