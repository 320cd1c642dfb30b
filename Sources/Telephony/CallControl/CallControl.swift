package import Foundation
package import Networking

/// Places, ends and looks up calls over a carrier's REST interface; how that carrier words it is its dialect's.
///
/// It never repeats a request by itself: whether a call may be asked for again is the caller's to decide.
package struct CallControl: Sendable {
    private let client: HTTPClient
    private let dialect: any CallControlDialect
    private let now: @Sendable () -> Date

    package init(
        client: HTTPClient, _ dialect: any CallControlDialect, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.client = client
        self.dialect = dialect
        self.now = now
    }

    /// As in `carriers.NAME`, and in the paths where the carrier finds us.
    package var name: String { dialect.name }

    /// Asks for a call.
    ///
    /// - Returns: the call, most often `queued`; nil when the carrier took the request, and names the call only in what it
    ///   tells of it later.
    package func place(_ request: OutboundCallRequest) async throws(CallControlError) -> CarrierCall? {
        let operation = "place a call"
        let body = try await send(dialect.place(request), operation: operation)
        switch dialect.placement(in: body, of: request) {
        case .call(let call): return call
        case .unnamed: return nil
        case .unreadable:
            throw CallControlError(.ambiguous, operation: operation, detail: "the answer is no call")
        }
    }

    /// Ends a call that is held. One that is over already is no error.
    package func hangUp(callID: String) async throws(CallControlError) {
        try await end(callID, isAnswered: true, operation: "hang up")
    }

    /// Ends a call that nobody has answered yet.
    package func cancel(callID: String) async throws(CallControlError) {
        try await end(callID, isAnswered: false, operation: "cancel a call")
    }

    private func end(_ id: String, isAnswered: Bool, operation: String) async throws(CallControlError) {
        do { _ = try await send(dialect.end(id, isAnswered: isAnswered), operation: operation) } catch {
            guard error.code == .noSuchCall else { throw error }
        }
    }

    /// A call by its id.
    package func call(id: String) async throws(CallControlError) -> CarrierCall {
        let operation = "look up a call"
        var missing: CallControlError?
        for request in dialect.lookUp(id) {
            do throws(CallControlError) {
                let body = try await send(request, operation: operation)
                if let call = dialect.call(in: body) { return call }
                throw CallControlError(.ambiguous, operation: operation, detail: "the answer is no call")
            } catch {
                guard error.code == .noSuchCall else { throw error }
                missing = error
            }
        }
        throw missing ?? CallControlError(.noSuchCall, operation: operation, detail: "there is no way to look it up")
    }

    /// Calls that a carrier names without saying more are looked up one by one, as many as this.
    private static let mostLookedUp = 100

    /// Calls between two numbers that were asked for since a moment, or a little longer ago; the newest first where the
    /// carrier has an order.
    package func calls(to: String, from: String, since: Date) async throws(CallControlError) -> CallPage {
        let wanted = CallSearch(to: to, from: from, since: since)
        var found = CallPage()
        for request in dialect.list(wanted) {
            let body = try await send(request, operation: "list calls")
            guard let page = dialect.page(in: body, for: wanted) else {
                throw CallControlError(.ambiguous, operation: "list calls", detail: "the answer is no list of calls")
            }
            found.calls += page.calls
            if !page.isComplete || page.unseen.count > Self.mostLookedUp { found.isComplete = false }
            for id in page.unseen.prefix(Self.mostLookedUp) {
                do throws(CallControlError) {
                    var call = try await call(id: id)
                    // One that waits at the carrier has no time yet; it was made since the one that is looked for.
                    if call.created == nil { call.created = since }
                    found.calls.append(call)
                } catch {
                    switch error.code {
                    case .noSuchCall: break
                    // Somebody else's, perhaps, in a state that is not known: it must not hide ours.
                    case .ambiguous: found.isComplete = false
                    default: throw error
                    }
                }
            }
        }
        found.calls.removeAll { $0.to != to || $0.from != from }
        return found
    }

    private func send(
        _ request: CarrierRequest, operation: String
    ) async throws(CallControlError) -> [UInt8] {
        let authorization: String
        do { authorization = try dialect.authorization(now: now()) } catch {
            throw CallControlError(.notSent, operation: operation, detail: "the request cannot be signed: \(error)")
        }
        var headers = [("Authorization", authorization), ("Accept", "application/json")]
        if let type = request.body.type { headers.append(("Content-Type", type)) }
        let sent = HTTPClientRequest(
            method: request.method, url: request.url, headers: headers, body: request.body.bytes,
            deadlines: .init(
                connect: .seconds(5), firstByte: .seconds(15), betweenChunks: .seconds(5), total: .seconds(20)))
        do {
            let response = try await client.send(sent)
            let body = try await response.body.collect(upTo: 1 << 20)
            if (200..<300).contains(response.status) { return body }
            throw refusal(response, body, operation: operation)
        } catch let error as CallControlError {
            throw error
        } catch let error as NetworkError {
            // Before a connection stands nothing can have been done.
            let isUnsent = [.connectFailed, .nameNotResolved, .tlsFailed, .invalidArgument, .unavailable].contains(
                error.code)
            throw CallControlError(isUnsent ? .notSent : .ambiguous, operation: operation, detail: "\(error)")
        } catch {
            throw CallControlError(.ambiguous, operation: operation, detail: "\(error)")
        }
    }

    private func refusal(_ response: HTTPClientResponse, _ body: [UInt8], operation: String) -> CallControlError {
        let fault = dialect.fault(in: body)
        // Carriers repeat the number that they do not like.
        let words = fault.words?.replacing(/\+?[0-9](?:[ ().-]?[0-9]){6,}/, with: "…")
        let detail = "status \(response.status)" + (words.map { ": \($0)" } ?? "")
        let code: CallControlError.Code
        switch response.status {
        case 429: code = .tooMany(retryAfter: response.retryAfter())
        case 404: code = .noSuchCall
        case _ where fault.kind == .overAlready: code = .noSuchCall
        case 500...: code = .ambiguous
        case _ where fault.kind == .wrongNumber: code = .wrongNumber(status: response.status, carrierCode: fault.code)
        default: code = .refused(status: response.status, carrierCode: fault.code)
        }
        var error = CallControlError(code, operation: operation, detail: detail)
        error.retryAfter = response.retryAfter()
        return error
    }
}
