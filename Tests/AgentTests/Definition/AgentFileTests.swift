import Agent
import Foundation
import Testing

@Suite("Agent files")
struct AgentFileTests {
    private func faults(_ yaml: String) -> [AgentFileFault] { faults(Data(yaml.utf8)) }

    private func faults(_ bytes: Data) -> [AgentFileFault] {
        do throws(AgentFileErrors) {
            _ = try AgentDefinition(yaml: bytes, file: "small.yaml") { path in
                throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
            }
            return []
        } catch {
            return error.faults
        }
    }

    /// The first line of `yaml` that holds `text`.
    private func line(_ text: String, in yaml: String = Faulty.sound) -> Int {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.contains(text) } ?? -1) + 1
    }

    @Test("without fault are taken")
    func sound() {
        #expect(faults(Faulty.sound) == [])
    }

    @Test("say how words are said, with their sounds or without")
    func sayAs() throws {
        let text =
            Faulty.sound + "\nsay_as: {Lakeside: lake side, Siobhan: {as: shi vawn, ipa: ʃɪˈvɔːn}, Ng: {ipa: əŋ}}\n"
        let agent = try AgentDefinition(yaml: Data(text.utf8), file: "small.yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        #expect(
            agent.sayAs == [
                "Lakeside": SayAs(text: "lake side"), "Siobhan": SayAs(text: "shi vawn", sounds: "ʃɪˈvɔːn"),
                "Ng": SayAs(text: "Ng", sounds: "əŋ"),
            ])
    }

    @Test(
        "name the line and the reason of each fault",
        arguments: [
            // found, replacement, text of the line it is on then, reason contains
            ("kind: flow", "kind: flwo", "kind:", "`kind` is `flwo` but must be one of: flow, model"),
            ("greeting:", "greting:", "greting:", "unknown key `greting` in the agent; did you mean `greeting`?"),
            ("name: small", "name: Small One", "name: Small One", "small letters"),
            ("reask_below: 0.4", "reask_below: 1.4", "thresholds:", "`reask_below` is 1.4 but must be from 0 to 1"),
            ("reask_below: 0.4", "reask_below: much", "thresholds:", "`reask_below` must be a number, not `much`"),
            (
                "reask_below: 0.4", "reask_below: 0.4, agree_below: 0.3", "thresholds:",
                "must not be below `reask_below`"
            ),
            ("escalate_below: 0.0", "escalate_below: 0.9", "thresholds:", "must not be above `reask_below`"),
            ("max_reasks: 2", "max_reasks: 2.5", "thresholds:", "must be a whole number"),
            (", max_reasks: 2", "", "thresholds:", "`thresholds` lacks the key `max_reasks`"),
            ("reprompt_after: 7", "reprompt_after: 0", "silence:", "must be from 1 to 120"),
            (
                "greeting:", "say_as: {Siobhan: {as: shi vawn}}\ngreeting:", "say_as:",
                "how to say `Siobhan` lacks the key `ipa`"
            ),
            (
                "greeting:", "say_as: {Siobhan: {ipa: \"[ʃɪ]\"}}\ngreeting:", "say_as:",
                "must be at most 64 signs of the phonetic alphabet"
            ),
            ("look: read", "look: harmless", "look: harmless", "must be one of: read, reversible, irreversible"),
            ("- hang_up: true", "- hangup: true", "hangup: true", "did you mean `hang_up`?"),
            ("opens: \"08:00\"", "opens: eight", "hours:", "must be a time such as \"08:00\""),
            ("opens: \"08:00\"", "opens: \"19:00\"", "hours:", "`opens` must be before `closes`"),
            ("  menu:\n", "  menu:\n    check: \"Really?\"\n", "check: \"Really?\"", "the state menu has no `on`"),
            ("start: menu", "start: menue", "start:", "unknown state `menue`; did you mean `menu`?"),
            ("type: date", "type: day", "type: day", "must be one of: yes_no"),
            ("ask: \"Which day?\"", "ask: \"Which {dya}?\"", "Which {dya}", "unknown value {dya}; did you mean {day}?"),
            (
                "ask: \"Which day?\"", "ask: \"Which {day|loud}?\"", "Which {day|loud}",
                "unknown filter loud; known are: spoken"
            ),
            ("ask: \"Which day?\"", "ask: \"Which {day?\"", "Which {day?", "a { without }"),
            ("ask: \"Which day?\"", "minimum: 3", "type: date", "lacks the key `ask`"),
            ("ask: \"Which day?\"", "ask: []", "ask: []", "is an empty list"),
            ("ask: \"Which day?\"", "ask: {a: b}", "ask: {a: b}", "must be a text, not a mapping"),
            ("look on {date}", "look on {dat}", "look on {dat}", "unknown value {dat}; known are: date"),
            ("- \"please look\"", "- \"bye\"", "goodbye: [", "\"bye\" is an example of the intents"),
            ("on: look", "on: lok", "on: lok", "unknown intent `lok`; did you mean `look`?"),
            ("on: goodbye", "on: inform", "on: inform", "answered by the flow itself"),
            ("collect: day", "collect: days", "collect: days", "unknown slot `days`; did you mean `day`?"),
            ("call: look", "call: loo", "call: loo", "unknown tool `loo`; did you mean `look`?"),
            ("failed: lost", "failed: lst", "failed: lst", "unknown state `lst`; did you mean `lost`?"),
            ("failed: lost", "failed: {oops: lost, else: lost}", "failed: {oops", "unknown error `oops`"),
            ("seen.seen}.\"", "seen.seen}.\"\n        when: seen = 3", "seen = 3", "unknown comparison ="),
            ("- goto: menu\n  lost", "- goto: look\n  lost", "- goto: look", "goes to itself without end"),
            (
                "- hang_up: \"said goodbye\"", "- hang_up: \"x\"\n        when: day is known", "hang_up: \"x\"",
                "ends here with nowhere to go"
            ),
            ("- hang_up: \"said goodbye\"", "- dance: now", "dance: now", "unknown step `dance`"),
            ("look: read", "look: irreversible", "call: look", "is irreversible; add a `confirm` step"),
            ("look: read", "look: read\n  dig: read", "dig: read", "the tool `dig` is never called"),
            (
                "  end:\n", "  attic:\n    steps: [{goto: menu}]\n  end:\n", "  attic:",
                "the state attic cannot be reached"
            ),
            ("  day:\n", "  hat: {type: name, ask: \"Hat?\"}\n  day:\n", "  hat:", "nobody fills the slot hat"),
            (
                "goodbye: [\"goodbye\", \"bye\"]", "goodbye: [\"goodbye\"]\n  wave: [\"hello\"]", "wave: [",
                "the intent wave leads nowhere"
            ),
        ])
    func located(found: String, replacement: String, at: String, reason: String) throws {
        #expect(Faulty.sound.contains(found))
        let faulty = Faulty.sound.replacing(found, with: replacement, maxReplacements: 1)
        let all = faults(faulty)
        let fault = try #require(all.first { $0.reason.contains(reason) }, "\(all)")
        #expect(fault.line == line(at, in: faulty), "\(fault)")
        #expect(fault.column >= 1)
        #expect(fault.description.hasPrefix("small.yaml:\(fault.line):\(fault.column): "))
    }

    @Test("name every fault at once, in the order of the lines")
    func allAtOnce() {
        let yaml = Faulty.sound.replacing("max_reasks: 2", with: "max_reasks: 99")
            .replacing("type: date", with: "type: day").replacing("failed: lost", with: "failed: lst")
        let lines = faults(yaml).map(\.line)
        #expect(lines.count >= 4)  // the three, and a state that nothing leads to any more
        #expect(lines == lines.sorted())
    }

    @Test("with keys given twice are checked further")
    func duplicates() {
        let yaml = Faulty.sound.replacing("start: menu", with: "start: menu\nstart: look").replacing(
            "type: date", with: "type: day"
        )
        .replacing("  lost:\n", with: "  lost:\n    steps: [{goto: menu}]\n  lost:\n")
        let all = faults(yaml)
        #expect(all.contains { $0.reason.contains("`start` is given twice") && $0.line == line("start:") + 1 })
        #expect(all.contains { $0.reason.contains("`lost` is given twice") })
        #expect(all.contains { $0.reason.contains("`type` of the slot day") })
    }

    @Test("that are no agent say what they are")
    func notEvenYAML() {
        #expect(faults("").first?.reason.contains("the file is empty") == true)
        #expect(faults("   \n\n").first?.reason.contains("the file is empty") == true)
        #expect(faults("# name: small\n").map(\.reason) == ["the file has comments only, and says nothing"])
        #expect(faults("hello").first?.reason.contains("must be a mapping") == true)
        #expect(faults("- a\n- b").first?.reason.contains("not a list") == true)
        let invalid = faults("name: small\nkind: [flow\ngreeting: x").first
        #expect(invalid?.reason.contains("the YAML is invalid") == true)
        #expect((invalid?.line ?? 0) >= 2)
        #expect(
            faults("name: small\r\nsummary: é\u{4}") == [
                AgentFileFault(
                    file: "small.yaml", line: 2, column: 11,
                    reason: "the YAML cannot be read: control characters are not allowed (U+0004)")
            ])
        let latin = faults(Data("name: small\nsummary: ".utf8) + [0xE9, 0x0A])
        #expect(
            latin == [
                AgentFileFault(
                    file: "small.yaml", line: 2, column: 1, reason: "the line is not UTF-8; save the file as UTF-8")
            ])
    }

    @Test("indented with tabs say where, and are checked further")
    func tabs() {
        let yaml = Faulty.sound.replacing("  look: read", with: "\tlook: read").replacing(
            "type: date", with: "type: day")
        let all = faults(yaml)
        #expect(all.contains { $0.line == line("look: read") && $0.reason.contains("indented with a tab") })
        #expect(all.contains { $0.reason.contains("`type` of the slot day") })
    }

    @Test("have a version that changes with their content only")
    func versions() throws {
        func version(_ yaml: String) throws -> String {
            try AgentDefinition(yaml: Data(yaml.utf8), file: "small.yaml") { _ in Data() }.version
        }
        let first = try version(Faulty.sound)
        #expect(first.count == 16)
        #expect(try version(Faulty.sound) == first)
        #expect(try version(Faulty.sound.replacing("Hello.", with: "Hello!")) != first)
    }

    @Test("of a directory are read together, with all their faults")
    func library() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("agents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func write(_ name: String, _ yaml: String) throws {
            try Data(yaml.utf8).write(to: directory.appendingPathComponent(name))
        }
        #expect(throws: AgentFileErrors.self) { try AgentLibrary.load(directory: directory) }
        try write("a.yaml", Faulty.sound)
        #expect(try AgentLibrary.load(directory: directory).agents.keys.sorted() == ["small"])
        try write("b.yaml", Faulty.sound)
        try write("c.yaml", "")
        do throws(AgentFileErrors) {
            _ = try AgentLibrary.load(directory: directory)
            Issue.record("must be refused")
        } catch {
            #expect(error.faults.map(\.file) == ["b.yaml", "c.yaml"])
            #expect(error.faults[0].reason.contains("as is the one in a.yaml"))
        }
        #expect(throws: AgentFileErrors.self) {
            try AgentLibrary.load(directory: directory.appendingPathComponent("none"))
        }
    }

    @Test("are held against the tools and providers that exist")
    func world() throws {
        let agent = try Fixtures.agent("receptionist")
        let tools = FakeCalendar().tools.map(\.definition)
        #expect(agent.faults(tools: tools, providers: []) == [])
        #expect(
            agent.faults(tools: Array(tools.dropFirst()), providers: []).map(\.reason) == [
                "there is no tool `calendar_find_slots`; remove it or add the tool"
            ])
        var strict = tools
        strict[5].risk = .irreversible
        strict[0].parameters = ["type": "object", "properties": ["day": [:]], "required": ["day"]]
        #expect(agent.faults(tools: strict, providers: []).count == 5)
        let assistant = try Fixtures.agent("assistant")
        #expect(
            assistant.faults(tools: tools, providers: []).map(\.reason).first?.contains("no model provider `openai`")
                == true)
        #expect(assistant.faults(tools: tools, providers: ["openai"]) == [])
    }
}
