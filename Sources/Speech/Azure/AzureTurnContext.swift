/// `speech.context`: what a turn is about, in the form of the vendor's SDK 1.53.
struct AzureTurnContext: Encodable, Sendable {
    struct Grammar: Encodable, Sendable {
        struct Group: Encodable, Sendable {
            struct Item: Encodable, Sendable {
                let text: String

                private enum CodingKeys: String, CodingKey { case text = "Text" }
            }
            let type = "Generic"
            let items: [Item]

            private enum CodingKeys: String, CodingKey {
                case type = "Type"
                case items = "Items"
            }
        }
        let groups: [Group]
        let bias = 1.0

        private enum CodingKeys: String, CodingKey {
            case groups = "Groups"
            case bias
        }
    }

    struct Action: Encodable, Sendable { let action: String }

    struct Languages: Encodable, Sendable {
        let languages: [String]
        let onSuccess = Action(action: "Recognize")
        let onUnknown = Action(action: "None")
        let mode = "DetectContinuous"
        let priority = "PrioritizeLatency"

        private enum CodingKeys: String, CodingKey {
            case languages, onSuccess, onUnknown, mode
            case priority = "Priority"
        }
    }

    struct Detection: Encodable, Sendable {
        /// Nil where it has to be found out.
        let language: String?
        let mode: String?
        let onSuccess: Action?
        let onInterim: Action?
    }

    struct Output: Encodable, Sendable {
        struct Results: Encodable, Sendable { let resultType: String }
        struct Details: Encodable, Sendable { let options = ["WordTimings", "WordConfidence"] }
        let format = "Detailed"
        let detailed = Details()
        let interimResults: Results?
        let phraseResults: Results?
    }

    let detection: Detection
    let grammar: Grammar?
    let languages: Languages?
    let output: Output

    private enum CodingKeys: String, CodingKey {
        case detection = "phraseDetection"
        case grammar = "dgi"
        case languages = "languageId"
        case output = "phraseOutput"
    }

    init(languages: [String], terms: [String]) {
        let isKnown = languages.count == 1
        detection =
            isKnown
            ? Detection(language: languages[0], mode: nil, onSuccess: nil, onInterim: nil)
            : Detection(
                language: nil, mode: "CONVERSATION", onSuccess: Action(action: "None"),
                onInterim: Action(action: "None"))
        grammar = terms.isEmpty ? nil : Grammar(groups: [.init(items: terms.map { .init(text: $0) })])
        self.languages = isKnown ? nil : Languages(languages: languages)
        output = Output(
            interimResults: isKnown ? nil : .init(resultType: "Auto"),
            phraseResults: isKnown ? nil : .init(resultType: "Always"))
    }
}
