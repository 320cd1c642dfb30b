/// HubSpot and Salesforce.
extension ConnectorEmulator {
    private static let search = JSONShape.object([
        "filterGroups": .list(
            .object(["filters": .list(.object(["propertyName": .text, "operator": .text, "value": .text]), atLeast: 1)]
            ),
            atLeast: 1),
        "properties": .list(.text, atLeast: 1), "limit": .number,
    ])

    func hubSpot(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        try call.requireBearer("pat-emulated")
        try call.allowQuery([])
        switch (call.method, call.path) {
        case ("POST", "/crm/v3/objects/contacts/search"):
            let email = try call.json(Self.search)["filterGroups"]?[0]?["filters"]?[0]?["value"]?.text
            guard email == "ann@acme.example" else { return .init(200, #"{"total":0,"results":[]}"#) }
            return .init(
                200,
                #"{"total":1,"results":[{"id":"501","properties":{"email":"ann@acme.example","firstname":"Ann","lastname":"Lee","phone":"+15550101","company":"Acme","lifecyclestage":"lead"},"createdAt":"2026-01-02T03:04:05Z","archived":false}]}"#
            )
        case ("PATCH", _) where call.path.hasPrefix("/crm/v3/objects/contacts/"):
            _ = try call.json(
                .object([
                    "properties": .object(
                        [:],
                        optional: [
                            "phone": .text, "company": .text, "jobtitle": .text, "website": .text, "industry": .text,
                        ])
                ]))
            guard call.lastPart == "501" else { throw .init(404, #"{"message":"resource not found"}"#) }
            return .init(200, #"{"id":"501","properties":{}}"#)
        case ("POST", "/crm/v3/objects/notes"):
            _ = try call.json(
                .object([
                    "properties": .object(["hs_note_body": .text, "hs_timestamp": .text]),
                    "associations": .list(
                        .object([
                            "to": .object(["id": .text]),
                            "types": .list(
                                .object([
                                    "associationCategory": .exactly("HUBSPOT_DEFINED"), "associationTypeId": .number,
                                ]), atLeast: 1),
                        ]), atLeast: 1),
                ]))
            return .init(201, #"{"id":"9001","properties":{}}"#)
        case ("POST", "/crm/v3/objects/deals/search"):
            _ = try call.json(Self.search)
            return .init(
                200,
                #"{"total":2,"results":[{"id":"71","properties":{"dealname":"Acme renewal","amount":"12000","dealstage":"contractsent","hubspot_owner_id":"7","hs_lastmodifieddate":"2026-09-01T08:00:00Z"}},{"id":"72","properties":{"dealname":"Borg pilot","amount":"4000","dealstage":"appointmentscheduled","hubspot_owner_id":"8","hs_lastmodifieddate":"2026-08-11T08:00:00Z"}}]}"#
            )
        default: throw call.unknown
        }
    }

    func salesforce(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        if call.path == "/services/oauth2/token" {
            guard call.method == "POST" else { throw .init(405, "{}") }
            let form = try call.form()
            // client:s3cr%26t, each half form-encoded before they are joined.
            guard call.header("authorization") == "Basic Y2xpZW50OnMzY3IlMjZ0" else {
                throw .init(401, #"{"error":"invalid_client"}"#)
            }
            guard form["grant_type"] == "client_credentials" else {
                throw .init(400, #"{"error":"unsupported_grant_type"}"#)
            }
            return .init(
                200, "{\"access_token\":\"\(tokens.issue("sf"))\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
        }
        guard tokens.isValid(call.header("authorization"), prefix: "sf") else {
            throw .init(401, #"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#)
        }
        switch (call.method, call.path) {
        case ("GET", "/services/data/v62.0/query"): return try query(call)
        case ("POST", "/services/data/v62.0/sobjects/Task"):
            _ = try call.json(
                .object(
                    ["WhatId": .text, "Subject": .text, "ActivityDate": .text, "Status": .exactly("Not Started")],
                    optional: ["OwnerId": .text]))
            return .init(201, #"{"id":"00T000000000001","success":true,"errors":[]}"#)
        case ("PATCH", _) where call.path.hasPrefix("/services/data/v62.0/sobjects/Opportunity/"):
            _ = try call.json(.object(["StageName": .text]))
            guard call.lastPart == "006000000000001" else {
                throw .init(404, #"[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}]"#)
            }
            return .init(204, "")
        default: throw call.unknown
        }
    }

    /// A quotation in a query must end where it should, or somebody has broken out of it.
    private func query(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        try call.allowQuery([], required: ["q"])
        let text = call.query["q"] ?? ""
        var quotations: [String] = []
        var current: String?
        var isEscaped = false
        for character in text {
            switch (current, character) {
            case (let open?, _) where isEscaped:
                current = open + String(character)
                isEscaped = false
            case (.some, "\\"): isEscaped = true
            case (let open?, "'"):
                quotations.append(open)
                current = nil
            case (let open?, _): current = open + String(character)
            case (nil, "'"): current = ""
            case (nil, _): break
            }
        }
        guard current == nil, quotations.count <= 1,
            !text.contains(" OR ") || quotations.first?.contains(" OR ") == true
        else { throw .init(400, #"[{"message":"unexpected token","errorCode":"MALFORMED_QUERY"}]"#) }
        if text.contains("FROM Lead") {
            guard quotations.first == "ann@acme.example" else {
                return .init(200, #"{"totalSize":0,"done":true,"records":[]}"#)
            }
            return .init(
                200,
                #"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Lead"},"Id":"00Q000000000001","Name":"Ann Lee","Company":"Acme","Status":"Open"}]}"#
            )
        }
        guard text.contains("FROM Opportunity"), text.contains("LAST_N_DAYS:") else {
            throw .init(400, #"[{"message":"unknown object","errorCode":"INVALID_TYPE"}]"#)
        }
        return .init(
            200,
            #"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Opportunity"},"Id":"006000000000001","Name":"Acme renewal","Amount":12000,"StageName":"Proposal","OwnerId":"005000000000001","LastActivityDate":"2026-09-01"}]}"#
        )
    }
}
