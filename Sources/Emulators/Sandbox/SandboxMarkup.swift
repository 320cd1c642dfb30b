import Foundation
import FoundationXML

/// An element of call markup.
struct MarkupElement: Equatable {
    var name: String
    var attributes: [String: String] = [:]
    var text = ""
    var children: [MarkupElement] = []

    /// The elements within `Response`; nil when the body is no such document.
    static func response(in body: [UInt8]) -> [MarkupElement]? {
        let reader = MarkupReader()
        let parser = XMLParser(data: Data(body))
        parser.delegate = reader
        guard parser.parse(), let root = reader.root, root.name == "Response" else { return nil }
        return root.children
    }

    /// What it wants to be spoken.
    var speech: SandboxInstruction {
        if let stranger = stranger(attributes: ["language", "voice", "loop"]) { return .fault(stranger) }
        if attributes["language"]?.isEmpty == true { return .fault("\(name) has a language that is none") }
        return text.isEmpty ? .fault("\(name) holds no text") : .say(text)
    }

    /// What it wants to be spoken before a key comes.
    ///
    /// - Parameters:
    ///   - known: attributes that it may have.
    ///   - wait: the name of the one that says for how many seconds it waits, and which it may say.
    ///   - verb: of what is spoken.
    func gathering(
        attributes known: Set<String>, wait: (name: String, range: ClosedRange<Int>), verb: String
    ) -> SandboxInstruction {
        if let stranger = stranger(attributes: known.union([wait.name]), children: [verb]) { return .fault(stranger) }
        guard let action = attributes["action"], action.hasPrefix("http") else {
            return .fault("\(name) has no action that begins with http")
        }
        guard attributes["method"] ?? "POST" == "POST" else { return .fault("\(name): the sandbox knows POST only") }
        guard attributes["numDigits"] == "1" else { return .fault("\(name): the sandbox waits for one key only") }
        guard let seconds = attributes[wait.name].flatMap({ Int($0) }), wait.range.contains(seconds) else {
            return .fault("\(name) must have \(wait.name) from \(wait.range.lowerBound) to \(wait.range.upperBound)")
        }
        var says: [String] = []
        for child in children {
            guard case .say(let text) = child.speech else { return child.speech }
            says.append(text)
        }
        return .gather(says: says, seconds: seconds, action: action, asksWithoutKey: false)
    }

    /// Where it sends the call.
    var redirection: SandboxInstruction {
        if let stranger = stranger(attributes: ["method"]) { return .fault(stranger) }
        return text.hasPrefix("http") ? .redirect(text) : .fault("\(name) holds no address that begins with http")
    }

    /// What of it is not known; nil when nothing is.
    func stranger(attributes known: Set<String>, children names: Set<String> = []) -> String? {
        if let attribute = attributes.keys.sorted().first(where: { !known.contains($0) }) {
            return "\(name) has no attribute \(attribute)"
        }
        if let child = children.first(where: { !names.contains($0.name) }) {
            return "\(name)/\(child.name) is not known in the sandbox"
        }
        return nil
    }
}

private final class MarkupReader: NSObject, XMLParserDelegate {
    var root: MarkupElement?
    private var open: [MarkupElement] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) { open.append(MarkupElement(name: name, attributes: attributes)) }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += string
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard let element = open.popLast() else { return }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }
}
