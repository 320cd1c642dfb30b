import Foundation
import FoundationXML

/// What an SSML document would have said: it must be well formed, and of the elements that its vendor wants where it wants them.
struct SSMLDocument {
    let text: String

    /// Whose documents they are.
    enum Vendor { case azure, google }

    private static let namespace = "http://www.w3.org/2001/10/synthesis"

    /// - Throws: ``EmulatedRefusal`` for what is not such a document.
    init(_ body: [UInt8], of vendor: Vendor = .azure) throws {
        let reader = Reader(vendor)
        let parser = XMLParser(data: Data(body))
        parser.delegate = reader
        guard parser.parse() else { throw EmulatedRefusal(400, "BadRequest", "the SSML is not well formed") }
        if let objection = reader.objection { throw EmulatedRefusal(400, "BadRequest", objection) }
        guard reader.text.contains(where: { !$0.isWhitespace }) else {
            throw EmulatedRefusal(400, "BadRequest", "there is nothing to say")
        }
        text = reader.text
    }

    private final class Reader: NSObject, XMLParserDelegate {
        private(set) var text = ""
        private(set) var objection: String?
        private var path: [String] = []
        private let vendor: Vendor

        init(_ vendor: Vendor) { self.vendor = vendor }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            objection = objection ?? objection(to: name, attributes)
            path.append(name)
        }

        private func objection(to name: String, _ attributes: [String: String]) -> String? {
            switch (name, path.last) {
            case ("phoneme", "voice"), ("phoneme", "lang"),
                ("phoneme", "speak") where vendor == .google || path.last != "speak":
                return attributes["alphabet"] == "ipa" && attributes["ph"]?.isEmpty == false
                    ? nil : "phoneme needs the alphabet ipa and ph"
            case ("speak", nil) where vendor == .google: return nil
            case ("speak", nil):
                guard attributes["version"] == "1.0", attributes["xmlns"] == SSMLDocument.namespace else {
                    return "speak needs version 1.0 and the namespace of SSML"
                }
                return attributes["xml:lang"]?.isEmpty == false ? nil : "speak needs xml:lang"
            case ("voice", "speak"):
                return attributes["name"]?.hasSuffix("Neural") == true ? nil : "voice needs the name of a voice"
            case ("lang", "voice"):
                return attributes["xml:lang"]?.isEmpty == false ? nil : "lang needs xml:lang"
            case let (name, parent): return "\(name) cannot stand in \(parent ?? "the document")"
            }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            path.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if path.contains(vendor == .azure ? "voice" : "speak") {
                text += string
            } else if string.contains(where: { !$0.isWhitespace }) {
                objection = objection ?? "words must stand in a voice"
            }
        }
    }
}
