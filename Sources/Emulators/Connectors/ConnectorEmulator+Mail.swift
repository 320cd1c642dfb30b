import Foundation

/// Google Calendar, Gmail, SendGrid, Slack and Cal.com.
extension ConnectorEmulator {
    private func googleToken(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        let form = try call.form()
        guard call.method == "POST", form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" else {
            throw .init(400, #"{"error":"unsupported_grant_type"}"#)
        }
        guard let claims = form["assertion"].flatMap(tokens.claims),
            claims["iss"]?.text == "bot@project.iam.example.com",
            claims["aud"]?.text?.hasSuffix("/google/token") == true,
            case .number(let issued)? = claims["iat"], case .number(let expires)? = claims["exp"],
            expires - issued <= 3600, abs(Date().timeIntervalSince1970 - issued) < 300
        else { throw .init(400, #"{"error":"invalid_grant"}"#) }
        let prefix = claims["scope"]?.text?.hasSuffix("calendar") == true ? "calendar" : "gmail"
        if prefix == "gmail", claims["sub"]?.text != "desk@example.com" {
            throw .init(401, #"{"error":"unauthorized_client"}"#)
        }
        return .init(
            200, "{\"access_token\":\"\(tokens.issue(prefix))\",\"expires_in\":3599,\"token_type\":\"Bearer\"}")
    }

    func googleCalendar(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        if call.path == "/token" { return try googleToken(call) }
        guard tokens.isValid(call.header("authorization"), prefix: "calendar") else {
            throw .init(401, #"{"error":{"code":401,"message":"Invalid Credentials"}}"#)
        }
        switch (call.method, call.path) {
        case ("POST", "/calendar/v3/freeBusy"):
            let body = try call.json(
                .object(["timeMin": .text, "timeMax": .text, "items": .list(.object(["id": .text]), atLeast: 1)]))
            let id = (body["items"]?[0]?["id"]?.text ?? "").quotedJSON
            return .init(
                200,
                "{\"kind\":\"calendar#freeBusy\",\"calendars\":{\(id):{\"busy\":[{\"start\":\"2026-12-01T10:00:00Z\",\"end\":\"2026-12-01T11:00:00Z\"}]}}}"
            )
        case ("POST", _) where call.path.hasPrefix("/calendar/v3/calendars/") && call.path.hasSuffix("/events"):
            // The calendar's id is an address, which must stay one part of the path.
            guard call.path.split(separator: "/").count == 5 else { throw call.unknown }
            _ = try call.json(
                .object(
                    [
                        "summary": .text, "start": .object(["dateTime": .text]), "end": .object(["dateTime": .text]),
                    ], optional: ["attendees": .list(.object(["email": .text]), atLeast: 1)]))
            return .init(200, #"{"id":"ev1","status":"confirmed","htmlLink":"https://calendar.example.com/ev1"}"#)
        default: throw call.unknown
        }
    }

    func gmail(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        guard tokens.isValid(call.header("authorization"), prefix: "gmail") else {
            throw .init(401, #"{"error":{"code":401,"message":"Invalid Credentials"}}"#)
        }
        let raw: String?
        switch (call.method, call.path) {
        case ("POST", "/gmail/v1/users/me/drafts"):
            raw = try call.json(.object(["message": .object(["raw": .text])]))["message"]?["raw"]?.text
        case ("POST", "/gmail/v1/users/me/messages/send"): raw = try call.json(.object(["raw": .text]))["raw"]?.text
        default: throw call.unknown
        }
        guard let message = raw.flatMap(Data.init(base64URL:)).map({ String(decoding: $0, as: UTF8.self) }),
            let end = message.range(of: "\r\n\r\n")
        else { throw .init(400, #"{"error":{"code":400,"message":"Invalid raw message"}}"#) }
        // Exactly the headers that a message of ours has: one more would have been smuggled in.
        let names = message[..<end.lowerBound].components(separatedBy: "\r\n")
            .map { $0.prefix { $0 != ":" }.lowercased() }
        guard names == ["to", "subject", "mime-version", "content-type", "content-transfer-encoding"] else {
            throw .init(400, #"{"error":{"code":400,"message":"Unexpected headers"}}"#)
        }
        return .init(200, #"{"id":"msg1","threadId":"t1"}"#)
    }

    func sendGrid(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        guard call.header("authorization") == "Bearer SG.emulated" else {
            throw .init(401, #"{"errors":[{"message":"The provided authorization grant is invalid"}]}"#)
        }
        guard call.method == "POST", call.path == "/v3/mail/send" else { throw call.unknown }
        _ = try call.json(
            .object(
                [
                    "personalizations": .list(
                        .object(["to": .list(.object(["email": .text]), atLeast: 1)]), atLeast: 1),
                    "from": .object(["email": .text]), "subject": .text,
                    "content": .list(.object(["type": .exactly("text/plain"), "value": .text]), atLeast: 1),
                ], optional: ["custom_args": .object([:], optional: ["parley_key": .text])]))
        return .init(202, "")
    }

    func slack(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        guard call.method == "POST", call.path == "/api/chat.postMessage" else { throw call.unknown }
        guard call.header("authorization") == "Bearer xoxb-emulated" else {
            return .init(200, #"{"ok":false,"error":"invalid_auth"}"#)
        }
        let body = try call.json(.object(["channel": .text, "text": .text], optional: ["unfurl_links": .truth]))
        guard body["channel"]?.text == "#sales" else { return .init(200, #"{"ok":false,"error":"channel_not_found"}"#) }
        return .init(200, #"{"ok":true,"channel":"C024","ts":"1503435956.000247","message":{"text":"x"}}"#)
    }

    func calCom(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        try call.requireBearer("cal_emulated")
        switch (call.method, call.path) {
        case ("GET", "/v2/slots"):
            try call.requireHeader("cal-api-version", "2024-09-04")
            try call.allowQuery([], required: ["eventTypeId", "start", "end"])
            return .init(
                200, #"{"status":"success","data":{"2026-12-01":[{"start":"2026-12-01T10:30:00.000Z"}]}}"#)
        case ("POST", "/v2/bookings"):
            try call.requireHeader("cal-api-version", "2024-08-13")
            let body = try call.json(
                .object(
                    [
                        "eventTypeId": .number, "start": .text,
                        "attendee": .object(["name": .text, "email": .text, "timeZone": .text]),
                    ], optional: ["metadata": .object([:], optional: ["parley_key": .text])]))
            guard body["start"]?.text == "2026-12-01T10:30:00Z" else {
                throw .init(
                    400,
                    #"{"status":"error","error":{"code":"BadRequestException","message":"User either already has booking at this time or is not available"}}"#
                )
            }
            return .init(
                201, #"{"status":"success","data":{"uid":"bk1","status":"accepted","start":"2026-12-01T10:30:00Z"}}"#)
        default: throw call.unknown
        }
    }
}
