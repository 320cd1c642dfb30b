/// A call in plain sentences, made of what its record says and of nothing else: who, what was asked, what was done, how it ended.
struct CallInSentences {
    /// Words that answer something and ask for nothing.
    private static let answers: Set<String> = ["none", "yes", "no", "inform", "goodbye"]
    private static let mostWishes = 5
    private static let mostActs = 5
    private static let longestQuote = 160
    private static let longestValue = 60

    private let call: ScoredCall

    init(_ call: ScoredCall) {
        self.call = call
    }

    var text: String { ([who, asked] + acts + [end]).joined(separator: " ") }

    private var who: String {
        let told = call.tools.filter { $0.succeeded == true }.compactMap { $0.arguments["name"]?.string }
            .filter { $0 != JSONValue.blot }
        let name = told.last ?? call.turns.compactMap { $0.entities["name"] }.last
        return name.map { "The caller gave the name \(Self.short($0))." } ?? "The caller gave no name."
    }

    private var asked: String {
        guard let first = call.callerTurns.first else { return "The caller said nothing that was understood." }
        var wishes: [String] = []
        for intent in call.callerTurns.compactMap(\.intent) where !Self.answers.contains(intent) {
            if !wishes.contains(intent) { wishes.append(intent) }
        }
        if wishes.isEmpty {
            return "The first words were “\(Self.cut(first.text, to: Self.longestQuote))”."
        }
        let rest = wishes.count > Self.mostWishes ? " and \(wishes.count - Self.mostWishes) more" : ""
        return "It was about: \(wishes.prefix(Self.mostWishes).map(Self.plain).joined(separator: ", "))\(rest)."
    }

    private var acts: [String] {
        let acting = call.tools.filter { call.actingTools.contains($0.name) || $0.name == call.outcome }
        guard !acting.isEmpty else { return ["Nothing was done."] }
        let rest = acting.count - Self.mostActs
        let told = acting.prefix(Self.mostActs).map { tool -> String in
            switch tool.succeeded {
            case true?: "Done: \(Self.plain(tool.name))\(Self.list(tool.arguments))."
            case false?: "Not done, for it failed: \(Self.plain(tool.name))."
            case nil: "Begun, and it is not known whether done: \(Self.plain(tool.name))."
            }
        }
        return told + (rest > 0 ? ["There were \(rest) more acts."] : [])
    }

    private var end: String {
        let seconds = call.length / 1000
        let length = seconds == 1 ? "1 second" : "\(seconds) seconds"
        return switch call.resolution {
        case "contained": "The agent kept the call to its end, after \(length)."
        case "transferred": "A person took the call; it lasted \(length)."
        case "abandoned": "The caller hung up before the agent had answered, after \(length)."
        case "failed": "The agent or the line could not go on, after \(length)."
        case "unreached": "No person took the call; it lasted \(length)."
        default: "The call lasted \(length)."
        }
    }

    /// Arguments that say something to people: in the order of their names, without ids.
    private static func list(_ arguments: JSONValue) -> String {
        let members = (arguments.object ?? [:]).filter { $0.key != "id" && !$0.key.hasSuffix("_id") }
            .sorted { $0.key < $1.key }
            .compactMap { name, value -> String? in
                switch value {
                case .string(let text) where text != JSONValue.blot: "\(plain(name)) \(short(text))"
                case .integer, .number, .bool: "\(plain(name)) \(value.text)"
                default: nil
                }
            }
        return members.isEmpty ? "" : " (\(members.joined(separator: ", ")))"
    }

    private static func plain(_ name: String) -> String { name.replacing("_", with: " ") }

    private static func short(_ text: String) -> String { cut(text, to: longestValue) }

    private static func cut(_ text: String, to most: Int) -> String {
        text.count <= most ? text : String(text.prefix(most - 1)) + "…"
    }
}
