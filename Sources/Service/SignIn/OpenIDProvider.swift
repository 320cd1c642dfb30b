import Foundation
import Networking

/// Asks an identity provider: where its pages are, which keys it signs with, and who has signed in (OpenID Connect Discovery
/// 1.0, Core 1.0 § 3.1.3).
actor OpenIDProvider {
    /// What it says of itself.
    struct Metadata: Decodable, Sendable {
        let issuer: String
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let keysEndpoint: String
        /// Where a browser ends its session there, too; nil where it has no such page.
        let endSessionEndpoint: String?
        let tokenAuthentication: [String]?

        private enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case keysEndpoint = "jwks_uri"
            case endSessionEndpoint = "end_session_endpoint"
            case tokenAuthentication = "token_endpoint_auth_methods_supported"
        }
    }

    /// What it says of itself is asked again after this.
    private static let freshness: TimeInterval = 3600
    /// Keys are asked for again at most so often, however many tokens name keys that nobody knows.
    private static let keyPause: TimeInterval = 30
    private static let mostBytes = 262_144
    private static let deadlines = HTTPClientRequest.Deadlines(
        connect: .seconds(3), firstByte: .seconds(5), betweenChunks: .seconds(5), total: .seconds(10))

    private let issuer: String
    private let clientID: String
    private let secret: Secret?
    private let client: HTTPClient
    private let now: @Sendable () -> Date
    private var metadata: (value: Metadata, at: Date)?
    private var keys: (value: JSONWebKeySet, at: Date)?

    init(
        issuer: String, clientID: String, secret: Secret?, client: HTTPClient, now: @escaping @Sendable () -> Date
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.secret = secret
        self.client = client
        self.now = now
    }

    /// What it said of itself last, however long ago; nil before it was asked.
    var known: Metadata? { metadata?.value }

    /// What it says of itself, at most an hour old.
    func describe() async throws(OpenIDFault) -> Metadata {
        if let metadata, now().timeIntervalSince(metadata.at) < Self.freshness { return metadata.value }
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let data = try await fetch(HTTPClientRequest(url: base + "/.well-known/openid-configuration"))
        guard let found = try? JSONDecoder().decode(Metadata.self, from: data) else {
            throw OpenIDFault(code: .provider, description: "\(issuer) has no description of itself")
        }
        guard found.issuer == issuer else {
            throw OpenIDFault(
                code: .provider,
                description:
                    "\(issuer) calls itself \"\(found.issuer.prefix(200))\"; `private.openid.issuer` must be just that")
        }
        for address in [found.authorizationEndpoint, found.tokenEndpoint, found.keysEndpoint, found.endSessionEndpoint]
        {
            guard let address, !ParleyConfiguration.Private.OpenID.isSafe(address) else { continue }
            throw OpenIDFault(
                code: .provider, description: "\(issuer) names \(address.prefix(200)), which is not https")
        }
        metadata = (found, now())
        return found
    }

    /// How many keys it signs with that can be used here; for `parley check`.
    func hasKeys() async throws(OpenIDFault) -> Bool { try await !currentKeys(orNewerThan: nil).isEmpty }

    /// Exchanges what a browser brought for a token, and believes it or not.
    func token(for code: String, of attempt: SignInAttempt, redirect: String) async throws(OpenIDFault) -> IDToken {
        let provider = try await describe()
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", attempt.verifier), ("client_id", clientID),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if let secret {
            // Basic is what a provider that says nothing takes (RFC 8414 § 2).
            if provider.tokenAuthentication.map({ $0.contains("client_secret_basic") }) ?? true {
                let pair = "\(Self.escaped(clientID)):\(Self.escaped(secret.value))"
                headers.append(("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
                form.removeLast()
            } else {
                form.append(("client_secret", secret.value))
            }
        }
        let body = form.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        let data = try await fetch(
            HTTPClientRequest(
                method: "POST", url: provider.tokenEndpoint, headers: headers, body: Array(body.utf8),
                mayBeRepeated: false))
        struct Answer: Decodable {
            let token: String

            private enum CodingKeys: String, CodingKey { case token = "id_token" }
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: data) else {
            throw OpenIDFault(code: .refused, description: "the identity provider gave no ID token")
        }
        return try await verify(answer.token, nonce: attempt.nonce)
    }

    /// Keys change: one that is not known is looked for once more.
    private func verify(_ text: String, nonce: String) async throws(OpenIDFault) -> IDToken {
        let asked = now()
        let expected = IDToken.Expectation(
            issuer: issuer, clientID: clientID, nonce: nonce, now: asked)
        let known = try await currentKeys(orNewerThan: nil)
        do { return try IDToken(text, keys: known, expecting: expected) } catch {
            guard error == .unknownKey else { throw Self.disbelief(error) }
        }
        let newer = try await currentKeys(orNewerThan: asked)
        do { return try IDToken(text, keys: newer, expecting: expected) } catch { throw Self.disbelief(error) }
    }

    private static func disbelief(_ fault: IDToken.Fault) -> OpenIDFault {
        OpenIDFault(code: .refused, description: "the ID token is not believed: \(fault)")
    }

    private func currentKeys(orNewerThan moment: Date?) async throws(OpenIDFault) -> JSONWebKeySet {
        if let keys {
            let age = now().timeIntervalSince(keys.at)
            if moment == nil ? age < Self.freshness : age < Self.keyPause { return keys.value }
        }
        let address = try await describe().keysEndpoint
        let data = try await fetch(HTTPClientRequest(url: address))
        guard let found = try? JSONWebKeySet(json: data) else {
            throw OpenIDFault(code: .provider, description: "\(address) is no set of keys")
        }
        keys = (found, now())
        return found
    }

    private func fetch(_ request: HTTPClientRequest) async throws(OpenIDFault) -> Data {
        var request = request
        request.deadlines = Self.deadlines
        let place = request.url
        do {
            let response = try await client.send(request)
            let body = Data(try await response.body.collect(upTo: Self.mostBytes))
            guard response.status == 200 else {
                throw OpenIDFault(
                    code: (400..<500).contains(response.status) && request.method == "POST" ? .refused : .provider,
                    description: "\(place) answered \(response.status)")
            }
            return body
        } catch let fault as OpenIDFault { throw fault } catch {
            throw OpenIDFault(code: .provider, description: "\(place) cannot be asked: \(error)")
        }
    }

    /// As a form and a query have it.
    static func escaped(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
