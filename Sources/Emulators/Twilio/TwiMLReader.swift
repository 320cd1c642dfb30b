import Foundation
import FoundationXML

/// The first instruction of an answer to a webhook. Strict: what the real carrier would reject or ignore is a fault.
enum TwiMLInstruction: Equatable {
    case stream(url: String, action: String?, parameters: [String: String])
    case dial(String)
    case reject
    case hangUp
    /// Nothing is left to do.
    case end
    case fault(String)

    init(_ body: [UInt8]) {
        let reader = TwiMLReader()
        let parser = XMLParser(data: Data(body))
        parser.delegate = reader
        if parser.parse(), reader.isResponse {
            self = reader.fault.map { TwiMLInstruction.fault($0) } ?? reader.instruction ?? .end
        } else {
            self = .fault("the answer is no TwiML")
        }
    }
}

/// Reads the elements Parley uses.
private final class TwiMLReader: NSObject, XMLParserDelegate {
    var isResponse = false
    var instruction: TwiMLInstruction?
    var fault: String?
    private var path: [String] = []
    private var action: String?
    private var url: String?
    private var parameters: [String: String] = [:]
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        path.append(name)
        text = ""
        switch path {
        case ["Response"]: isResponse = true
        case ["Response", "Connect"]: action = attributes["action"]
        case ["Response", "Connect", "Stream"]:
            url = attributes["url"]
            if url?.hasPrefix("ws") != true { fault = "Stream has no url that begins with ws" }
        case ["Response", "Connect", "Stream", "Parameter"]:
            guard let key = attributes["name"], let value = attributes["value"], key.count + value.count <= 500 else {
                fault = "Parameter lacks name or value, or is too long"
                return
            }
            parameters[key] = value
        case ["Response", "Dial"], ["Response", "Dial", "Sip"], ["Response", "Reject"], ["Response", "Hangup"]: break
        default: fault = "\(path.joined(separator: "/")) is not known in the sandbox"
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        let found: TwiMLInstruction? =
            switch path {
            case ["Response", "Connect"]:
                url.map { .stream(url: $0, action: action, parameters: parameters) }
            case ["Response", "Dial", "Sip"]: .dial(text)
            case ["Response", "Dial"]:
                text.hasPrefix("sip") && instruction == nil
                    ? .fault("Dial holds a SIP address outside of Sip") : .dial(text)
            case ["Response", "Reject"]: .reject
            case ["Response", "Hangup"]: .hangUp
            default: nil
            }
        if instruction == nil { instruction = found }
        path.removeLast()
    }
}
