/// An answer to a voice webhook, in Twilio's markup (twilio.com/docs/voice/twiml).
package struct TwiML: Sendable, Equatable {
    package enum RejectReason: String, Sendable {
        case busy
        case rejected
    }

    /// A text, and the language that it is in.
    package struct Phrase: Sendable, Equatable {
        package var text: String
        package var language: String

        package init(_ text: String, language: String) {
            self.text = text
            self.language = language
        }
    }

    package enum Verb: Sendable, Equatable {
        /// Bridges the call to a media WebSocket. The document goes on when our side closes it.
        ///
        /// - Parameters:
        ///   - url: `wss://…` without a query, which Twilio does not pass on.
        ///   - action: asked what to do once the stream is closed; nil goes on with the next verb.
        ///   - parameters: come back in `start.customParameters`; name and value together under 500 characters.
        case stream(url: String, action: String? = nil, parameters: [String: String])
        /// Rings a telephone number and bridges the caller to it.
        ///
        /// - Parameter action: asked what to do when that is over, however it ended; nil goes on with the next verb.
        case dial(String, action: String? = nil)
        /// Calls a SIP address, `sip:…`, and bridges the caller to it.
        case dialSIP(String, action: String? = nil)
        /// Speaks a text with the carrier's own voice.
        ///
        /// - Parameter language: `de-DE`; nil leaves it to the carrier, which takes the text for English.
        case say(String, language: String? = nil)
        /// Speaks texts and waits for one key, which may come before the end; without one it goes on with the next verb.
        ///
        /// - Parameters:
        ///   - seconds: from the end of what is said.
        ///   - action: asked what to do with the key.
        case gather([Phrase], seconds: Int, action: String)
        /// Asks at another address what to do.
        case redirect(String)
        /// Refuses the call before it is answered; only as the first verb.
        case reject(RejectReason)
        case hangUp
    }

    package let verbs: [Verb]

    package init(_ verbs: Verb...) { self.verbs = verbs }

    /// The media type of the answer.
    package static let contentType = "text/xml; charset=utf-8"

    /// The document.
    package var xml: String {
        #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<Response>" + verbs.map(Self.element).joined() + "</Response>\n"
    }

    private static func element(_ verb: Verb) -> String {
        switch verb {
        case .stream(let url, let action, let parameters):
            let inner = parameters.sorted { $0.key < $1.key }.map {
                "<Parameter name=\"\(escaped($0.key))\" value=\"\(escaped($0.value))\"/>"
            }
            let opening = action.map { "<Connect action=\"\(escaped($0))\">" } ?? "<Connect>"
            return opening + "<Stream url=\"\(escaped(url))\">\(inner.joined())</Stream></Connect>"
        case .dial(let number, let action): return dial(escaped(number), action)
        case .dialSIP(let address, let action): return dial("<Sip>\(escaped(address))</Sip>", action)
        case .say(let text, let language): return say(text, language)
        case .gather(let phrases, let seconds, let action):
            let said = phrases.map { say($0.text, $0.language) }.joined()
            return "<Gather action=\"\(escaped(action))\" numDigits=\"1\" timeout=\"\(seconds)\">\(said)</Gather>"
        case .redirect(let url): return "<Redirect>\(escaped(url))</Redirect>"
        case .reject(let reason): return "<Reject reason=\"\(reason.rawValue)\"/>"
        case .hangUp: return "<Hangup/>"
        }
    }

    private static func say(_ text: String, _ language: String?) -> String {
        let attribute = language.map { " language=\"\(escaped($0))\"" } ?? ""
        return "<Say\(attribute)>\(escaped(text))</Say>"
    }

    private static func dial(_ whom: String, _ action: String?) -> String {
        let attribute = action.map { " action=\"\(escaped($0))\"" } ?? ""
        return "<Dial\(attribute)>\(whom)</Dial>"
    }

    /// Text that is safe within elements and attributes; characters that XML 1.0 cannot hold are left out.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
