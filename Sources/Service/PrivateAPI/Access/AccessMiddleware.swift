import Foundation
import HTTPTypes
import Hummingbird

/// Finds out who asks, and keeps other sites' pages in an operator's browser from asking in their name.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let keys: KeyRing
    let sessions: SessionDesk
    let accounts: AccountDesk
    let now: @Sendable () -> Date

    @concurrent func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        try refuseStrangePage(request)
        var context = context
        context.identity = try await identity(request)
        return try await next(request, context)
    }

    /// Who asks; nil when nobody said.
    func identity(_ request: Request) async throws -> Identity? {
        if let value = request.headers[.authorization] {
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let identity = try await keys.identity(ofKey: String(parts[1]))
            else {
                throw Problem(
                    status: .unauthorized, code: "unauthenticated",
                    detail: "This key is not known here, or was revoked; `parley keys list` shows those there are.",
                    headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
            }
            return identity
        }
        switch request.cookies[SessionDesk.cookie].flatMap({ sessions.holder(of: $0.value, now: now()) }) {
        case .person(let identity): return identity
        case .account(let name, let since):
            if let identity = try await accounts.identity(of: name, since: since) { return identity }
        case .key(let id): if let identity = try await keys.identity(ofKeyID: id) { return identity }
        case nil: break
        }
        guard try await keys.isOpen() else { return nil }
        // A name that somebody else's DNS points at this machine is no proof of being on it.
        guard let host = request.head.authority, LoopbackAddress.isLoopback(Self.name(host)) else {
            throw Problem(
                status: .forbidden, code: "forbidden",
                detail: "Without a key the console answers at 127.0.0.1, [::1] and localhost only; "
                    + "`parley keys create` makes a key.")
        }
        return .anybodyHere
    }

    /// A browser says on whose behalf it asks.
    private func refuseStrangePage(_ request: Request) throws {
        guard request.method != .get, request.method != .head, let origin = request.headers[.origin] else { return }
        let host = origin.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init)
        guard host == request.head.authority else {
            throw Problem(
                status: .forbidden, code: "forbidden",
                detail: "A page of another site asked for this; the console's own pages may.")
        }
    }

    /// The host's name without its port.
    static func name(_ authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}
