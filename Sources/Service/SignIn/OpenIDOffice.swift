import Crypto
import Foundation
import Logging
import Networking
import Store

/// Signs people in to the console who have proven to an identity provider who they are: authorization code with PKCE.
struct OpenIDOffice: Sendable {
    /// Proves that the browser that comes back is the one that went. Lax, since it comes back from another site.
    static let cookie = "parley_sign_in"

    let name: String
    private let issuer: String
    private let clientID: String
    private let scopes: String
    private let claim: String
    private let redirect: String
    private let roles: OpenIDRoles
    private let provider: OpenIDProvider
    private let desk = SignInDesk()
    private let now: @Sendable () -> Date
    private let console: String

    /// - Returns: nil where no identity provider is set up.
    init?(
        _ configuration: ParleyConfiguration.Private, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let settings = configuration.openID
        guard let issuer = settings.issuer, let clientID = settings.clientID, let url = configuration.url else {
            return nil
        }
        self.issuer = issuer
        self.clientID = clientID
        scopes = settings.scopes
        claim = settings.claim
        console = url
        redirect = url + "/api/v1/session/openid/callback"
        name = settings.name
        roles = OpenIDRoles(
            claim: settings.claim, viewers: settings.viewers, operators: settings.operators,
            builders: settings.builders, admins: settings.admins)
        provider = OpenIDProvider(
            issuer: issuer, clientID: clientID, secret: settings.clientSecret, client: HTTPClient(logger: logger),
            now: now)
        self.now = now
    }

    /// Where a browser goes to sign in, and what it keeps until it comes back.
    func begin(page: String) async throws(OpenIDFault) -> (address: String, cookie: String) {
        let metadata = try await provider.describe()
        let browser = SignInAttempt.random()
        let (state, attempt) = desk.begin(page: page, browser: browser, now: now())
        let query = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirect),
            ("scope", scopes), ("state", state), ("nonce", attempt.nonce),
            ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ].map { "\($0.0)=\(OpenIDProvider.escaped($0.1))" }.joined(separator: "&")
        let mark = metadata.authorizationEndpoint.contains("?") ? "&" : "?"
        return (metadata.authorizationEndpoint + mark + query, browser)
    }

    /// Who came back, and the page that they wanted.
    ///
    /// - Parameters:
    ///   - issuer: who the answer says it is of (RFC 9207); nil where it does not say.
    func finish(
        state: String, code: String?, refusal: String?, issuer: String?, browser: String?
    ) async throws(OpenIDFault) -> (identity: Identity, page: String) {
        guard let attempt = desk.take(state: state, browser: browser, now: now()) else {
            throw OpenIDFault(
                code: .stale,
                description:
                    "This sign-in was not begun in this browser, is over already, or took longer than ten minutes. Begin again."
            )
        }
        guard issuer == nil || issuer == self.issuer else {
            throw OpenIDFault(code: .refused, description: "The answer is of another identity provider.")
        }
        guard refusal == nil, let code else {
            throw OpenIDFault(code: .refused, description: "The identity provider did not sign you in.")
        }
        let token = try await provider.token(for: code, of: attempt, redirect: redirect)
        guard let scope = roles.scope(of: token) else {
            throw OpenIDFault(
                code: .role,
                description:
                    "Nothing in the claim \"\(claim)\" lets you use this console; whoever runs it can change that.")
        }
        let digest = SHA256.hash(data: Data("\(self.issuer)\n\(token.subject)".utf8)).prefix(6)
        let id = "openid-" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        // The audit log must not have somebody else's address.
        let names = (token.hasVerifiedEmail ? ["email"] : []) + ["preferred_username", "name"]
        let name = names.lazy.compactMap { token.claims[$0]?.text }.first { !$0.isEmpty }
        return (Identity(keyID: id, name: String((name ?? token.subject).prefix(120)), scope: scope), attempt.page)
    }

    /// Where a browser ends its session at the provider; nil where it has no such page. Waits for nobody: every page of the console
    /// asks for this.
    func signOut() async -> String? {
        guard let address = await provider.known?.endSessionEndpoint else { return nil }
        let query =
            "client_id=\(OpenIDProvider.escaped(clientID))&post_logout_redirect_uri=\(OpenIDProvider.escaped(console + "/"))"
        return address + (address.contains("?") ? "&" : "?") + query
    }

    /// For `parley check`.
    func report() async throws(OpenIDFault) -> String {
        let metadata = try await provider.describe()
        guard try await provider.hasKeys() else {
            throw OpenIDFault(code: .provider, description: "\(metadata.keysEndpoint) has no key for RS256 or ES256")
        }
        return "\(metadata.issuer); it must let browsers back to \(redirect)"
    }
}
