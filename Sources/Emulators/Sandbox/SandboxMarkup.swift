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
