package import Foundation
package import Networking

/// Places, ends and looks up calls over Twilio's REST interface (api.twilio.com/2010-04-01).
///
/// It never repeats a request by itself: whether a call may be asked for again is the caller's to decide.
package struct TwilioCallControl: Sendable {
    package static let vendorURL = "https://api.twilio.com"

    private let client: HTTPClient
    private let base: String
    private let authorization: String

    /// - Parameters:
    ///   - url: `https://api.twilio.com`, a region of it, or the sandbox, without a slash at the end.
    ///   - account: `AC…`
    package init(client: HTTPClient, url: String = vendorURL, account: String, authToken: String) {
        self.client = client
        base = "\(url)/2010-04-01/Accounts/\(account)"
        authorization = "Basic " + Data("\(account):\(authToken)".utf8).base64EncodedString()
    }

    /// Asks for a call.
    ///
    /// - Returns: the call, most often `queued`.
    package func place(_ request: OutboundCallRequest) async throws(CallControlError) -> CarrierCall {
        try Self.call(
            in: try await send("POST", "/Calls.json", request.twilioForm, operation: "place a call"),
            operation: "place a call")
    }

    /// Ends a call that is held. One that is over already is no error.
    package func hangUp(callID: String) async throws(CallControlError) {
        try await end(callID, "completed", operation: "hang up")
    }

    /// Ends a call that nobody has answered yet.
    package func cancel(callID: String) async throws(CallControlError) {
        try await end(callID, "canceled", operation: "cancel a call")
    }

    private func end(_ id: String, _ status: String, operation: String) async throws(CallControlError) {
        do {
            _ = try await send(
                "POST", "/Calls/\(id).json", FormBody([.init("Status", status)]), operation: operation)
        } catch {
            guard error.code == .noSuchCall else { throw error }
        }
    }

    /// A call by its id.
    package func call(id: String) async throws(CallControlError) -> CarrierCall {
        try Self.call(
            in: try await send("GET", "/Calls/\(id).json", nil, operation: "look up a call"),
            operation: "look up a call")
    }

    /// Calls between two numbers, the newest first, 50 at most.
    package func calls(to: String, from: String) async throws(CallControlError) -> [CarrierCall] {
        let query = FormBody([.init("To", to), .init("From", from), .init("PageSize", "50")]).encoded()
        let body = try await send(
            "GET", "/Calls.json?" + String(decoding: query, as: UTF8.self), nil, operation: "list calls")
        guard let page = try? JSONDecoder().decode(TwilioCallPage.self, from: Data(body)) else {
            throw CallControlError(.ambiguous, operation: "list calls", detail: "the answer is no list of calls")
        }
        return page.calls.compactMap(\.call)
    }

    private static func call(in body: [UInt8], operation: String) throws(CallControlError) -> CarrierCall {
        guard let call = (try? JSONDecoder().decode(TwilioCall.self, from: Data(body)))?.call else {
            throw CallControlError(.ambiguous, operation: operation, detail: "the answer is no call")
        }
        return call
    }

    private func send(
        _ method: String, _ path: String, _ form: FormBody?, operation: String
    ) async throws(CallControlError) -> [UInt8] {
        var headers = [("Authorization", authorization), ("Accept", "application/json")]
        if form != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        let request = HTTPClientRequest(
            method: method, url: base + path, headers: headers, body: form?.encoded() ?? [],
            deadlines: .init(
                connect: .seconds(5), firstByte: .seconds(15), betweenChunks: .seconds(5), total: .seconds(20)))
        do {
            let response = try await client.send(request)
            let body = try await response.body.collect(upTo: 1 << 20)
            if (200..<300).contains(response.status) { return body }
            throw Self.refusal(response, body, operation: operation)
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

    private static func refusal(
        _ response: HTTPClientResponse, _ body: [UInt8], operation: String
    ) -> CallControlError {
        let fault = try? JSONDecoder().decode(TwilioFault.self, from: Data(body))
        let detail = "status \(response.status)" + (fault?.message.map { ": \($0)" } ?? "")
        let code: CallControlError.Code
        switch response.status {
        case 429:
            code = .tooMany(retryAfter: response.retryAfter())
        case 404: code = .noSuchCall
        case 500...: code = .ambiguous
        default: code = .refused(status: response.status, carrierCode: fault?.code)
        }
        return CallControlError(code, operation: operation, detail: detail)
    }
}

extension OutboundCallRequest {
    /// The fields of `POST Calls.json`.
    var twilioForm: FormBody {
        var fields: [FormBody.Field] = [
            .init("To", to), .init("From", from), .init("Url", answerURL), .init("Method", "POST"),
            .init("StatusCallback", statusURL), .init("StatusCallbackMethod", "POST"),
        ]
        fields += ["initiated", "ringing", "answered", "completed"].map { FormBody.Field("StatusCallbackEvent", $0) }
        fields.append(.init("Timeout", "\(ringTimeout.components.seconds)"))
        if let machineURL {
            // Asynchronous: else the person who answers hears nothing until the verdict.
            fields += [
                FormBody.Field("MachineDetection", "Enable"), .init("AsyncAmd", "true"),
                .init("AsyncAmdStatusCallback", machineURL), .init("AsyncAmdStatusCallbackMethod", "POST"),
            ]
        }
        return FormBody(fields)
    }
}

private struct TwilioFault: Decodable {
    var code: Int?
    var message: String?
}

private struct TwilioCallPage: Decodable {
    var calls: [TwilioCall]
}

private struct TwilioCall: Decodable {
    var sid: String
    var to: String?
    var from: String?
    var status: String
    var dateCreated: String?
    var duration: String?
    var answeredBy: String?

    enum CodingKeys: String, CodingKey {
        case sid, to, from, status, duration
        case dateCreated = "date_created"
        case answeredBy = "answered_by"
    }

    /// Nil when its status is none that is known: then nothing is known.
    var call: CarrierCall? {
        guard let status = CarrierCall.Status(rawValue: status) else { return nil }
        return CarrierCall(
            id: sid, to: to ?? "", from: from ?? "", status: status, created: dateCreated.flatMap(TwilioDate.date),
            duration: duration.flatMap(Int.init).map { .seconds($0) }, answeredBy: answeredBy)
    }
}

/// Twilio's times: `Wed, 25 Nov 2026 18:00:00 +0000` (RFC 2822).
package enum TwilioDate {
    private static let format: Date.FormatString =
        "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) +0000"
    private static let locale = Locale(identifier: "en_US_POSIX")
    private static let style = Date.VerbatimFormatStyle(
        format: format, locale: locale, timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    private static let strategy = Date.ParseStrategy(
        format: format, locale: locale, timeZone: .gmt, calendar: Calendar(identifier: .gregorian))

    static func date(_ text: String) -> Date? { try? Date(text, strategy: strategy) }

    package static func text(_ date: Date) -> String { date.formatted(style) }
}
