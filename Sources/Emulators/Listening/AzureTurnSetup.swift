/// `speech.context`: what a turn is about. Only what the vendor's SDK sends is known here.
struct AzureTurnSetup: Decodable {
    private struct Detection: Decodable { let language: String? }

    private struct Grammar: Decodable {
        struct Group: Decodable {
            struct Item: Decodable {
                let text: String

                private enum CodingKeys: String, CodingKey { case text = "Text" }
            }
            let items: [Item]

            private enum CodingKeys: String, CodingKey { case items = "Items" }
        }
        let groups: [Group]

        private enum CodingKeys: String, CodingKey { case groups = "Groups" }
    }

    private struct Languages: Decodable {
        let languages: [String]
        let mode: String
    }

    private struct Output: Decodable { let format: String }

    /// Among which it is to be found out which one is spoken; nil where it is known.
    let languages: [String]?

    private enum CodingKeys: String, CodingKey {
        case detection = "phraseDetection"
        case grammar = "dgi"
        case languages = "languageId"
        case output = "phraseOutput"
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(["phraseDetection", "dgi", "languageId", "phraseOutput", "audio", "continuation"])
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let detection = try container.decode(Detection.self, forKey: .detection)
        _ = try container.decodeIfPresent(Grammar.self, forKey: .grammar)
        let languages = try container.decodeIfPresent(Languages.self, forKey: .languages)
        let output = try container.decode(Output.self, forKey: .output)
        guard output.format == "Detailed", (detection.language == nil) != (languages == nil),
            languages?.mode ?? "DetectContinuous" == "DetectContinuous"
        else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a turn wants details, and one language or several to find it out among"))
        }
        self.languages = languages?.languages
    }
}
