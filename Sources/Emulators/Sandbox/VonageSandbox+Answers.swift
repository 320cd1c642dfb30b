import Foundation
import Telephony

/// What answers to Vonage's webhooks want to be done: call control objects.
extension VonageSandbox {
    private struct Action: Decodable {
        struct Endpoint: Decodable {
            var type: String
            var uri: String?
            var number: String?
            var contentType: String?

            enum CodingKeys: String, CodingKey, CaseIterable {
                case type, uri, number
                case contentType = "content-type"
            }

            init(from decoder: any Decoder) throws {
                try decoder.allowOnly(Set(CodingKeys.allCases.map(\.rawValue)))
                let container = try decoder.container(keyedBy: CodingKeys.self)
                type = try container.decode(String.self, forKey: .type)
                uri = try container.decodeIfPresent(String.self, forKey: .uri)
                number = try container.decodeIfPresent(String.self, forKey: .number)
                contentType = try container.decodeIfPresent(String.self, forKey: .contentType)
            }
        }

        struct Keys: Decodable {
            var maxDigits: Int?
            var timeOut: Int?

            enum CodingKeys: String, CodingKey, CaseIterable { case maxDigits, timeOut }

            init(from decoder: any Decoder) throws {
                try decoder.allowOnly(Set(CodingKeys.allCases.map(\.rawValue)))
                let container = try decoder.container(keyedBy: CodingKeys.self)
                maxDigits = try container.decodeIfPresent(Int.self, forKey: .maxDigits)
                timeOut = try container.decodeIfPresent(Int.self, forKey: .timeOut)
            }
        }

        var action: String
        var eventType: String?
        var eventUrl: [String]?
        var endpoint: [Endpoint]?
        var randomFromNumber: Bool?
        var text: String?
        var language: String?
        var bargeIn: Bool?
        var type: [String]?
        var dtmf: Keys?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case action, eventType, eventUrl, endpoint, randomFromNumber, text, language, bargeIn, type, dtmf
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(Set(CodingKeys.allCases.map(\.rawValue)))
            let container = try decoder.container(keyedBy: CodingKeys.self)
            action = try container.decode(String.self, forKey: .action)
            eventType = try container.decodeIfPresent(String.self, forKey: .eventType)
            eventUrl = try container.decodeIfPresent([String].self, forKey: .eventUrl)
            endpoint = try container.decodeIfPresent([Endpoint].self, forKey: .endpoint)
            randomFromNumber = try container.decodeIfPresent(Bool.self, forKey: .randomFromNumber)
            text = try container.decodeIfPresent(String.self, forKey: .text)
            language = try container.decodeIfPresent(String.self, forKey: .language)
            bargeIn = try container.decodeIfPresent(Bool.self, forKey: .bargeIn)
            type = try container.decodeIfPresent([String].self, forKey: .type)
            dtmf = try container.decodeIfPresent(Keys.self, forKey: .dtmf)
        }
    }

    package func instructions(in answer: [UInt8]) -> [SandboxInstruction] {
        do {
            return try JSONDecoder().decode([Action].self, from: Data(answer)).map(Self.instruction)
        } catch {
            return [.fault("the answer is no NCCO: \((error as? DecodingError)?.summary ?? "\(error)")")]
        }
    }

    private static func instruction(_ action: Action) -> SandboxInstruction {
        if action.action == "talk" {
            // Of the keys known here it has these three.
            guard let text = action.text, (1...1500).contains(text.count), action.language?.isEmpty != true,
                action.endpoint == nil, action.eventType == nil, action.eventUrl == nil, action.randomFromNumber == nil,
                action.type == nil, action.dtmf == nil
            else { return .fault("talk has a text of 1500 characters at most and a language") }
            return .say(text)
        }
        if action.action == "input" { return input(action) }
        guard action.action == "connect", let endpoint = action.endpoint?.first, action.endpoint?.count == 1,
            action.text == nil, action.language == nil, action.bargeIn == nil, action.type == nil, action.dtmf == nil
        else { return .fault("the sandbox knows `talk`, `input`, and `connect` to one endpoint, only") }
        // Only a synchronous event may be answered with what to do instead.
        let next = action.eventType == "synchronous" ? action.eventUrl?.first : nil
        // As Vonage's own package has it.
        guard endpoint.type == "websocket" || action.randomFromNumber == true else {
            return .fault("who is called has to be shown a number: randomFromNumber")
        }
        switch endpoint.type {
        case "websocket":
            guard let uri = endpoint.uri, uri.hasPrefix("ws"), endpoint.contentType == "audio/l16;rate=8000" else {
                return .fault("the sandbox's sockets have a uri with ws and audio/l16;rate=8000")
            }
            return .stream(url: uri, action: next, parameters: [:])
        case "phone":
            guard let number = endpoint.number, !number.isEmpty, number.allSatisfy(\.isNumber) else {
                return .fault("a phone has a number without a plus")
            }
            return .dial(number, action: next)
        case "sip": return endpoint.uri.map { .dial($0, action: next) } ?? .fault("sip has no uri")
        default: return .fault("there is no endpoint of type \(endpoint.type)")
        }
    }

    private static func input(_ action: Action) -> SandboxInstruction {
        guard action.type == ["dtmf"], action.dtmf?.maxDigits == 1, let seconds = action.dtmf?.timeOut,
            (0...10).contains(seconds)
        else { return .fault("input has the type dtmf, one key for maxDigits and a timeOut of 10 seconds at most") }
        guard let url = action.eventUrl?.first, action.eventUrl?.count == 1, url.hasPrefix("http") else {
            return .fault("input has no eventUrl that begins with http")
        }
        guard action.endpoint == nil, action.eventType == nil, action.randomFromNumber == nil, action.text == nil,
            action.language == nil, action.bargeIn == nil
        else { return .fault("input has type, dtmf and eventUrl only") }
        return .gather(says: [], seconds: seconds, action: url, asksWithoutKey: true)
    }
}
