import Foundation
import Networking

/// Gives a connector's requests what proves who they come from, and fetches tokens where that takes one.
actor ConnectorCredentials {
    private struct Token: Sendable {
        var value: String
        var expires: Date
    }

    private let authentication: Connector.Authentication
    private let client: HTTPClient
    private let now: @Sendable () -> Date
    private var token: Token?
    /// Everybody who needs a token waits for the one request for it.
    private var request: Task<Result<Token, TokenError>, Never>?

    /// Why there is no token.
    struct TokenError: Error {
        var reason: String
        var isRetryable: Bool
    }

    init(_ authentication: Connector.Authentication, client: HTTPClient, now: @escaping @Sendable () -> Date) {
        self.authentication = authentication
        self.client = client
        self.now = now
    }

    /// Whether a refused request is worth another try with a new token.
    nonisolated var canRenew: Bool {
        switch authentication {
        case .clientCredentials, .serviceAccount: true
        case .none, .bearer, .basic, .header: false
        }
    }

    func headers() async throws(TokenError) -> [(String, String)] {
        switch authentication {
        case .none: return []
        case .bearer(let token): return [("Authorization", "Bearer \(token)")]
        case .basic(let user, let password):
            return [("Authorization", "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())")]
        case .header(let name, let value): return [(name, value)]
        case .clientCredentials, .serviceAccount: return [("Authorization", "Bearer \(try await currentToken())")]
        }
    }

    /// Forgets a token that was refused.
    func invalidate() { token = nil }

    private func currentToken() async throws(TokenError) -> String {
        // A token that ends during the request is none.
        if let token, token.expires > now().addingTimeInterval(30) { return token.value }
        let task: Task<Result<Token, TokenError>, Never>
        if let request {
            task = request
        } else {
            task = Task { [authentication, client, now] in await Self.fetch(authentication, client, now) }
            request = task
        }
        let result = await task.value
        request = nil
        let fresh = try result.get()
        token = fresh
        return fresh.value
    }

    private static func fetch(
        _ authentication: Connector.Authentication, _ client: HTTPClient, _ now: @Sendable () -> Date
    ) async -> Result<Token, TokenError> {
        do throws(TokenError) {
            let (url, form, headers) = try tokenRequest(authentication, now())
            let body = form.map { "\($0.0)=\(ToolTemplate.percentEncoded($0.1))" }.joined(separator: "&")
            var request = HTTPClientRequest(
                method: "POST", url: url,
                headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
                    + headers, body: Array(body.utf8))
            request.deadlines.total = .seconds(10)
            return .success(try await send(request, client, now))
        } catch {
            return .failure(error)
        }
    }

    private static func tokenRequest(
        _ authentication: Connector.Authentication, _ now: Date
    ) throws(TokenError) -> (url: String, form: [(String, String)], headers: [(String, String)]) {
        switch authentication {
        case .clientCredentials(let client):
            var form = [("grant_type", "client_credentials")]
            if let scope = client.scope { form.append(("scope", scope)) }
            if let audience = client.audience { form.append(("audience", audience)) }
            // RFC 6749 §2.3.1: each half is form-encoded before they are joined.
            let pair =
                "\(ToolTemplate.percentEncoded(client.clientID)):\(ToolTemplate.percentEncoded(client.clientSecret))"
            return (
                client.tokenURL, form, [("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())")]
            )
        case .serviceAccount(let account):
            let key: ServiceAccountKey
            do { key = try ServiceAccountKey(file: account.keyFile) } catch {
                throw TokenError(reason: "\(error)", isRetryable: false)
            }
            let assertion: String
            do { assertion = try key.assertion(scope: account.scope, subject: account.subject, now: now) } catch {
                throw TokenError(reason: "\(error)", isRetryable: false)
            }
            return (
                key.tokenURL,
                [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)], []
            )
        case .none, .bearer, .basic, .header:
            throw TokenError(reason: "this kind of authentication needs no token", isRetryable: false)
        }
    }

    private static func send(
        _ request: HTTPClientRequest, _ client: HTTPClient, _ now: @Sendable () -> Date
    ) async throws(TokenError) -> Token {
        let status: Int
        let answer: JSONValue
        do throws(NetworkError) {
            let response = try await client.send(request)
            status = response.status
            let bytes = try await response.body.collect(upTo: 65_536)
            answer = (try? JSONValue(parsing: Data(bytes))) ?? .null
        } catch {
            throw TokenError(reason: "\(error)", isRetryable: error.isRetryable)
        }
        guard status == 200, let value = answer["access_token"]?.string else {
            let code = answer["error"]?.string ?? "no access_token in the answer"
            throw TokenError(
                reason: "the token was refused with status \(status): \(code)", isRetryable: status >= 500)
        }
        let seconds = min(max(answer["expires_in"]?.double ?? 300, 0), 86_400)
        return Token(value: value, expires: now().addingTimeInterval(seconds))
    }
}
