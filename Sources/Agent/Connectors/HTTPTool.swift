package import Foundation
package import Networking

/// A request of a connector as a tool.
///
/// An act is sent a second time only where that cannot do it twice: by its method, by the vendor's own idempotency key,
/// or because the first certainly never arrived. Redirects are not followed: they would lead past the address policy's
/// reasons and carry credentials elsewhere.
package struct HTTPTool: Tool {
    package let definition: ToolDefinition
    private let connector: Connector
    private let operation: HTTPOperation
    private let credentials: ConnectorCredentials
    private let client: HTTPClient
    private let once: ActOnce
    private let clock: any Clock<Duration>

    /// The tools of a connector. They share its tokens.
    ///
    /// - Parameters:
    ///   - client: with the address policy that holds for tools.
    ///   - ledger: remembers what was done.
    package static func all(
        _ connector: Connector, client: HTTPClient, ledger: any ToolActLedger,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() }
    ) -> [any Tool] {
        let credentials = ConnectorCredentials(connector.authentication, client: client, now: now)
        return connector.operations.map {
            HTTPTool(
                definition: $0.definition, connector: connector, operation: $0, credentials: credentials,
                client: client, ledger: ledger, clock: clock)
        }
    }

    private init(
        definition: ToolDefinition, connector: Connector, operation: HTTPOperation, credentials: ConnectorCredentials,
        client: HTTPClient, ledger: any ToolActLedger, clock: any Clock<Duration>
    ) {
        self.definition = definition
        self.connector = connector
        self.operation = operation
        self.credentials = credentials
        self.client = client
        once = ActOnce(ledger: ledger, definition: definition, isRepeatable: operation.isRepeatable)
        self.clock = clock
    }

    package func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard connector.missing.isEmpty else {
            throw failure(
                .unavailable,
                "\(connector.name) is not set up: the environment lacks \(connector.missing.joined(separator: ", "))")
        }
        return try await once.perform(key: context.idempotencyKey) { await attempts(arguments, context) }
    }

    // MARK: Attempts

    /// What one attempt came to.
    private enum Attempt {
        case done(JSONValue)
        /// Not done, for certain.
        case refused(ToolError, retryAfter: Duration?)
        /// Nobody knows whether it was done.
        case lost(ToolError)
        /// The token is not accepted.
        case unauthorized(ToolError)
    }

    private static let retries = 2

    private func attempts(
        _ arguments: JSONValue, _ context: ToolContext
    ) async -> Result<JSONValue, ToolError> {
        let start = ContinuousClock.now
        var renewed = false
        var retries = 0
        while true {
            let left = definition.deadline - (ContinuousClock.now - start)
            guard left > .zero else {
                return .failure(failure(.deadlineExceeded, "no answer within \(definition.deadline)"))
            }
            let delay: Duration
            switch await attempt(arguments, context, within: left) {
            case .done(let value): return .success(value)
            case .unauthorized(let error):
                guard credentials.canRenew, !renewed else { return .failure(error) }
                renewed = true
                await credentials.invalidate()
                continue
            case .refused(let error, let retryAfter):
                guard error.code == .unavailable, let retryAfter, retries < Self.retries else {
                    return .failure(error)
                }
                delay = max(retryAfter, .milliseconds(200 << retries))
                guard delay < definition.deadline - (ContinuousClock.now - start) else { return .failure(error) }
            case .lost(let error):
                guard operation.isRepeatable || definition.risk == .read, retries < Self.retries else {
                    return .failure(error)
                }
                delay = .milliseconds(200 << retries)
                guard delay < definition.deadline - (ContinuousClock.now - start) else { return .failure(error) }
            }
            retries += 1
            guard (try? await clock.sleep(for: delay)) != nil else {
                return .failure(failure(.cancelled, "given up between attempts"))
            }
        }
    }

    private func attempt(_ arguments: JSONValue, _ context: ToolContext, within left: Duration) async -> Attempt {
        var request: HTTPClientRequest
        do throws(ToolError) { request = try makeRequest(arguments, context) } catch {
            return .refused(error, retryAfter: nil)
        }
        do { request.headers += try await credentials.headers() } catch {
            return .refused(
                failure(.unavailable, "\(connector.name): \(error.reason)"),
                retryAfter: error.isRetryable ? .milliseconds(200) : nil)
        }
        request.deadlines = HTTPClientRequest.Deadlines(
            connect: min(left, .seconds(3)), firstByte: left, betweenChunks: left, total: left)
        do throws(NetworkError) {
            let response = try await client.send(request)
            let body = try await response.body.collect(upTo: operation.maximumBytes)
            return judge(response, body)
        } catch {
            return judge(error)
        }
    }

    private func judge(_ error: NetworkError) -> Attempt {
        let detail = "\(connector.name): \(error)"
        switch error.code {
        // Nothing of the request was sent.
        case .nameNotResolved, .connectFailed, .tlsFailed, .unavailable:
            return .refused(failure(.unavailable, detail), retryAfter: .milliseconds(200))
        case .invalidArgument: return .refused(failure(.unavailable, detail), retryAfter: nil)
        // The answer was too large, but there was one.
        case .limitExceeded where definition.risk == .read:
            return .refused(failure(.unavailable, detail), retryAfter: nil)
        case .cancelled: return .lost(failure(.cancelled, detail))
        default: return .lost(failure(.deadlineExceeded, detail))
        }
    }

    private func judge(_ response: HTTPClientResponse, _ body: [UInt8]) -> Attempt {
        let parsed = body.isEmpty ? JSONValue.object([:]) : try? JSONValue(parsing: Data(body))
        let answer = parsed ?? .object(["text": .string(String(decoding: body, as: UTF8.self))])
        let reason = reason(answer)
        let detail = "\(connector.name) answered with status \(response.status)\(reason.map { ": \($0)" } ?? "")"
        if let code = operation.errors[response.status] { return .refused(failure(code, detail), retryAfter: nil) }
        switch response.status {
        case 200..<300:
            if parsed == nil, operation.result != nil, definition.risk == .read {
                return .refused(
                    failure(.unavailable, "\(connector.name) answered with something that is no JSON"),
                    retryAfter: nil)
            }
            if let success = operation.success,
                ResultMapping.value(at: success.flag, in: answer)?.bool != true
            {
                let words = ResultMapping.value(at: success.reason, in: answer)?.string ?? "no reason given"
                return .refused(failure(.unavailable, "\(connector.name) refused: \(words)"), retryAfter: nil)
            }
            let mapped = operation.result.map { $0.map(answer) ?? .null } ?? answer
            return .done(mapped.redacted(operation.redacted).capped(bytes: Self.largestResult))
        case 300..<400:
            return .refused(
                failure(.unavailable, "\(detail); it sends elsewhere, which is not followed: correct `url`"),
                retryAfter: nil)
        case 401: return .unauthorized(failure(.unavailable, "\(detail): our credentials are not accepted"))
        case 403: return .refused(failure(.unavailable, "\(detail): our account lacks the right"), retryAfter: nil)
        case 404, 410: return .refused(failure(.notFound, detail), retryAfter: nil)
        case 409: return .refused(failure(.conflict, detail), retryAfter: nil)
        case 408, 425, 429, 503:
            return .refused(
                failure(.unavailable, detail), retryAfter: Self.wait(response.retryAfter()))
        case 500...: return .lost(failure(.deadlineExceeded, detail))
        default: return .refused(failure(.invalidArguments, detail), retryAfter: nil)
        }
    }

    /// What a model gets to read of one answer, at most.
    private static let largestResult = 16 * 1024

    /// The vendor's own words, wherever vendors put them.
    private func reason(_ answer: JSONValue) -> String? {
        let places = [
            answer["message"], answer["error"]?["message"], answer["error"], answer["detail"],
            answer["errors"]?[0]?["message"], answer[0]?["message"],
        ]
        let words = places.lazy.compactMap { $0?.string }.first
        return words.map { String($0.prefix(300)) }
    }

    /// How long to wait for a second try: a minute at most, whatever the server asks for, and briefly where it does not say.
    package static func wait(_ asked: Duration?) -> Duration { min(asked ?? .milliseconds(200), .seconds(60)) }

    // MARK: The request

    private func makeRequest(
        _ arguments: JSONValue, _ context: ToolContext
    ) throws(ToolError) -> HTTPClientRequest {
        let value = { (path: [String]) -> JSONValue? in
            switch path[0] {
            case "call":
                JSONValue.object([
                    "id": .string(context.call.callID), "caller": .string(context.call.callerNumber),
                    "called": .string(context.call.calledNumber),
                ]).value(at: path.dropFirst())
            case "key": .string(context.idempotencyKey)
            default: arguments.value(at: path)
            }
        }
        let path = operation.path.text(value) ?? ""
        let query = operation.query.compactMap { name, template in
            template.text(value).map { "\(name)=\(ToolTemplate.percentEncoded($0))" }
        }
        var headers: [(String, String)] = [("Accept", "application/json")]
        for (name, template) in connector.headers.merging(operation.headers, uniquingKeysWith: { $1 }).sorted(by: {
            $0.key < $1.key
        }) {
            guard let text = template.text(value) else { continue }
            headers.removeAll { $0.0.lowercased() == name.lowercased() }
            headers.append((name, text))
        }
        if let trace = context.call.traceparent {
            // Two of them would be none.
            headers.removeAll { $0.0.lowercased() == "traceparent" }
            headers.append(("traceparent", trace))
        }
        if let name = operation.keyHeader { headers.append((name, context.idempotencyKey)) }
        var body: [UInt8] = []
        switch operation.body {
        case .none: break
        case .json(let template):
            body = Array((template.render(value) ?? [:]).text.utf8)
            headers.append(("Content-Type", "application/json"))
        case .form(let fields):
            let pairs = fields.sorted { $0.key < $1.key }.compactMap { name, template in
                template.text(value).map { "\(name)=\(ToolTemplate.percentEncoded($0))" }
            }
            body = Array(pairs.joined(separator: "&").utf8)
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        }
        return HTTPClientRequest(
            method: operation.method,
            url: connector.url + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")), headers: headers,
            body: body, mayBeRepeated: operation.keyHeader == nil ? nil : true)
    }

    private func failure(_ code: ToolError.Code, _ detail: String) -> ToolError {
        var detail = detail
        for secret in connector.secrets { detail = detail.replacing(secret, with: "[redacted]") }
        return ToolError(code, tool: definition.name, detail: detail)
    }
}
