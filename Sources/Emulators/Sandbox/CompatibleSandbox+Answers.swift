import Telephony

/// Answers to webhooks, in markup.
extension CompatibleSandbox {
    package func instructions(in answer: [UInt8]) -> [SandboxInstruction] {
        guard let elements = MarkupElement.response(in: answer) else { return [.fault("the answer is no TwiML")] }
        return elements.map(instruction)
    }

    private func instruction(_ element: MarkupElement) -> SandboxInstruction {
        switch element.name {
        case "Connect": return connect(element)
        case "Dial":
            if let stranger = element.stranger(attributes: ["action", "method"], children: ["Sip"]) {
                return .fault(stranger)
            }
            let whom = element.children.first?.text ?? element.text
            if element.children.isEmpty, whom.hasPrefix("sip") {
                return .fault("Dial holds a SIP address outside of Sip")
            }
            return .dial(whom, action: element.attributes["action"])
        case "Redirect": return element.redirection
        case "Gather":
            return element.gathering(
                attributes: ["action", "method", "numDigits"], wait: ("timeout", kind.gatherSeconds), verb: "Say")
        case "Say": return element.speech
        case "Reject": return .reject
        case "Hangup": return .hangUp
        default: return .fault("Response/\(element.name) is not known in the sandbox")
        }
    }

    private func connect(_ element: MarkupElement) -> SandboxInstruction {
        if let stranger = element.stranger(attributes: kind.connectAttributes, children: ["Stream"]) {
            return .fault(stranger)
        }
        guard element.children.count == 1, let url = element.children[0].attributes["url"], url.hasPrefix("ws") else {
            return .fault("Stream has no url that begins with ws")
        }
        let stream = element.children[0]
        if let stranger = stream.stranger(attributes: kind.streamAttributes, children: ["Parameter"]) {
            return .fault(stranger)
        }
        var parameters: [String: String] = [:]
        if case .telnyx = kind {
            guard stream.attributes["bidirectionalMode"] == "rtp" else {
                return .fault("Stream must have bidirectionalMode=\"rtp\" for audio that is no MP3")
            }
            for name in ["codec", "bidirectionalCodec"] {
                let value = stream.attributes[name] ?? "none"
                // In capitals only.
                guard let codec = TelnyxCodec.allCases.first(where: { $0.name == value }) else {
                    return .fault("Stream has \(name)=\"\(value)\", which the sandbox does not speak")
                }
                parameters[name] = codec.rawValue
            }
            let rate = stream.attributes["bidirectionalSamplingRate"] ?? "8000"
            guard ["8000", "16000", "22050", "24000", "48000"].contains(rate) else {
                return .fault("Stream has bidirectionalSamplingRate=\"\(rate)\", which is none")
            }
        }
        for parameter in stream.children {
            guard let key = parameter.attributes["name"], let value = parameter.attributes["value"],
                key.count + value.count <= 500
            else { return .fault("Parameter lacks name or value, or is too long") }
            parameters[key] = value
        }
        // Addresses with a query are not passed on.
        if url.contains("?") { return .fault("Stream has a url with a query") }
        return .stream(url: url, action: element.attributes["action"], parameters: parameters)
    }
}

extension CompatibleSandbox.Kind {
    var connectAttributes: Set<String> {
        if case .twilio = self { return ["action", "method"] }
        return []
    }

    /// How long a key may be waited for.
    var gatherSeconds: ClosedRange<Int> {
        if case .telnyx = self { return 1...120 }
        return 1...600
    }

    var streamAttributes: Set<String> {
        switch self {
        case .twilio: ["url", "name"]
        case .signalWire: ["url", "name", "codec", "realtime", "authBearerToken", "track"]
        case .telnyx:
            ["url", "track", "codec", "bidirectionalMode", "bidirectionalCodec", "bidirectionalSamplingRate", "name"]
        }
    }
}
