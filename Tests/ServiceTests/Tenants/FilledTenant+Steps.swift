@testable import Service

/// How each operation of the API is asked for this tenant's things.
extension FilledTenant {
    struct Step {
        /// Nil for the operation's own, which names nothing.
        var path: String?
        var query = ""
        var json: [String: any Sendable]?
        /// What the body says that it is; JSON without it.
        var type: String?
    }

    /// Operations whose answers have the word when this tenant itself is asked.
    static let telling: Set = [
        "session", "calls", "call", "journal", "dialled", "agents", "agent", "agentVersions", "agentVersion",
        "agentDiff", "scorecard", "analysis", "keys", "accounts", "sessions", "suppressionLists", "lookupNumber",
        "exportCampaign", "reviews", "callbacks", "voicemails", "webhookDeliveries", "webhookDelivery",
        "incidents", "audit", "exportPerson", "document", "searchDocuments", "searchContacts",
        "contact",
    ]

    /// - Returns: nil for an operation that is not known here.
    func step(_ operation: String) -> Step? {
        sessionStep(operation) ?? callStep(operation) ?? agentStep(operation) ?? officeStep(operation)
            ?? recordStep(operation) ?? accessStep(operation) ?? consentStep(operation) ?? documentStep(operation)
    }

    private func sessionStep(_ operation: String) -> Step? {
        switch operation {
        case "session", "signOut", "openIDSignIn", "openapi", "health", "nodes", "live", "events": Step()
        // Another key than this tenant's: with that one it is a test of its own.
        case "signIn": Step(json: ["key": "parley_none_0"])
        case "openIDCallback": Step(query: "?state=a&code=b")
        default: nil
        }
    }

    private func callStep(_ operation: String) -> Step? {
        let one = "/calls/\(live)"
        return switch operation {
        case "calls": Step(query: "?text=\(mark)")
        case "analytics": Step(query: "?bucket=day")
        case "dial":
            Step(json: [
                "number": "+12127365000", "agent": agent, "from": "+12127365999", "seller": "x", "consentSource": "y",
            ])
        case "dialled": Step(path: "/dials/\(attempt)")
        case "call": Step(path: "/calls/\(call)")
        case "journal": Step(path: "/calls/\(call)/journal")
        case "recording": Step(path: "/calls/\(call)/recording")
        case "waveform": Step(path: "/calls/\(call)/waveform")
        case "hangUp": Step(path: "\(one)/hangup")
        case "mute": Step(path: "\(one)/mute", json: ["isMuted": true])
        case "pauseRecording": Step(path: "\(one)/recording/pause")
        case "resumeRecording": Step(path: "\(one)/recording/resume")
        case "say": Step(path: "\(one)/say", json: ["text": "hello"])
        case "whisper": Step(path: "\(one)/whisper", json: ["text": "hello"])
        case "takeOver": Step(path: "\(one)/takeover")
        case "handBack": Step(path: "\(one)/handback")
        case "listen": Step(path: "\(one)/audio")
        case "transfer": Step(path: "\(one)/transfer", json: ["to": "+12127365000", "say": "hello"])
        case "hangUpMany": Step(json: ["agent": agent])
        case "stops": Step()
        case "stopAgents": Step(json: ["agent": agent, "calls": "leave", "newCalls": "escalate"])
        case "resumeAgents": Step(path: "/stops/resume", json: ["agent": agent])
        case "scorecard", "score": Step(path: "/calls/\(call)/scorecard")
        case "analysis", "analyze": Step(path: "/calls/\(call)/analysis")
        case "browserCall": Step(json: ["agent": agent])
        default: nil
        }
    }

    private func agentStep(_ operation: String) -> Step? {
        let one = "/agents/\(agent)"
        return switch operation {
        case "agents": Step()
        case "agent": Step(path: one)
        case "agentVersions": Step(path: "\(one)/versions")
        case "agentVersion": Step(path: "\(one)/versions/1")
        case "agentDiff": Step(path: "\(one)/diff", query: "?from=1&to=2")
        case "publishAgent": Step(path: "\(one)/publish", json: ["note": "x"])
        case "rollBackAgent": Step(path: "\(one)/rollback", json: ["version": 1])
        case "splitAgent": Step(path: "\(one)/split", json: ["version": 2, "percent": 50])
        case "unpublishAgent": Step(path: "\(one)/unpublish")
        case "tryAgent": Step(path: "\(one)/trial", json: ["inputs": [["kind": "says", "text": "hello"]]])
        case "runAgentScripts": Step(path: "\(one)/scripts", json: [:])
        case "validateAgent": Step(json: ["source": "name: x"])
        default: nil
        }
    }

    private func officeStep(_ operation: String) -> Step? {
        let one = "/campaigns/\(campaign)"
        return switch operation {
        case "campaigns": Step()
        case "campaign": Step(path: one)
        case "exportCampaign": Step(path: "\(one)/export")
        case "pauseCampaign": Step(path: "\(one)/pause", json: ["reason": "x"])
        case "resumeCampaign": Step(path: "\(one)/resume")
        // Of another name than this tenant's own.
        case "createCampaign":
            Step(json: ["name": "another", "agent": agent, "seller": "x", "caller_ids": ["+12127365999"]])
        case "startCampaign": Step(path: "\(one)/start")
        case "rehearseCampaign": Step(path: "\(one)/rehearsal", json: [:])
        case "importContacts": Step(path: "\(one)/contacts", json: ["contacts": [["phone": "+12127365000"]]])
        case "previewContacts": Step(path: "\(one)/contacts/preview", json: ["phone": "x"], type: "text/csv")
        case "rejectedContacts": Step(path: "\(one)/imports/\(rejects)/rejected")
        case "reviews": Step()
        case "approve": Step(path: "/reviews/\(review)/approve", json: [:])
        case "reject": Step(path: "/reviews/\(review)/reject", json: [:])
        case "callbacks": Step()
        case "cancelCallback": Step(path: "/callbacks/\(callback)/cancel")
        case "voicemails": Step()
        case "heardVoicemail": Step(path: "/voicemails/\(call)/heard")
        default: nil
        }
    }

    private func recordStep(_ operation: String) -> Step? {
        switch operation {
        case "webhookEndpoints", "webhookDeliveries", "incidents", "audit", "verifyAudit": Step()
        case "enableWebhookEndpoint": Step(path: "/webhooks/endpoints/\(endpoint)/enable")
        case "testWebhookEndpoint": Step(path: "/webhooks/endpoints/\(endpoint)/test")
        case "webhookDelivery": Step(path: "/webhooks/deliveries/\(delivery)")
        case "replayWebhook": Step(path: "/webhooks/deliveries/\(delivery)/replay")
        case "exportPerson", "erasePerson": Step(json: ["number": "+15550100"])
        default: nil
        }
    }

    /// What it makes has other names than what is this tenant's.
    private func accessStep(_ operation: String) -> Step? {
        switch operation {
        case "keys", "accounts", "sessions": Step()
        case "endSession": Step(path: "/sessions/\(session)/end")
        case "makeKey": Step(json: ["name": "wall", "scope": "viewer"])
        case "rotateKey": Step(path: "/keys/\(keyID)/rotate", json: ["graceHours": 1])
        case "revokeKey": Step(path: "/keys/\(keyID)/revoke")
        case "addAccount": Step(json: ["name": "purser", "scope": "viewer", "password": password])
        case "changeOwnPassword": Step(json: ["old": password, "new": "another dozen"])
        case "setPassword": Step(path: "/accounts/\(account)/password", json: ["password": password])
        case "removeAccount": Step(path: "/accounts/\(account)/remove")
        default: nil
        }
    }

    private func consentStep(_ operation: String) -> Step? {
        switch operation {
        case "suppressionLists", "numbers", "consents": Step()
        case "searchContacts": Step(json: ["text": mark])
        case "contact": Step(json: ["number": "+15550100"])
        case "changeFacts": Step(json: ["number": "+15550100", "facts": ["pet": "none"]])
        case "importSuppressions":
            Step(path: "/do-not-call/import", query: "?reason=x", json: ["phone": "x"], type: "text/csv")
        case "revokeConsent": Step(json: ["number": suppressed, "seller": "x", "kind": "express"])
        case "suppress": Step(json: ["number": suppressed, "reason": "x"])
        case "lookupNumber": Step(json: ["number": suppressed])
        case "storeConsent":
            Step(json: [
                "number": suppressed, "seller": "x", "kind": "express", "source": "y",
                "givenAt": "2020-01-02T03:04:05Z",
            ])
        default: nil
        }
    }

    private func documentStep(_ operation: String) -> Step? {
        switch operation {
        case "documents": Step()
        case "document", "removeDocument": Step(path: "/documents/house.md")
        case "putDocument": Step(path: "/documents/house.md", json: ["rules": "none"], type: "text/markdown")
        case "searchDocuments": Step(json: ["question": "what is \(mark)"])
        default: nil
        }
    }
}
