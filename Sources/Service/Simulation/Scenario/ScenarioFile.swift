package import Agent
import CallSession
import Callers
package import Foundation
import Speech
import Store
import Yams

/// Reads scenarios: one YAML file each. docs/testing-agents.md describes the keys.
package enum ScenarioFile {
    /// Every `*.yaml` of a folder, by name.
    ///
    /// - Parameter known: asks whether a fixture of this id exists.
    /// - Throws: all faults of all files, as `AgentFileErrors`.
    package static func load(directory: URL, known: (String) -> Bool) throws -> [Scenario] {
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        guard !files.isEmpty else {
            throw AgentFileErrors([
                AgentFileFault(file: directory.path, reason: "there is no scenario here; add a file like books.yaml")
            ])
        }
        var scenarios: [Scenario] = []
        var faults: [AgentFileFault] = []
        for file in files {
            do throws(AgentFileErrors) {
                scenarios.append(try read(directory.appendingPathComponent(file), known: known))
            } catch { faults += error.faults }
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return scenarios
    }

    package static func read(_ file: URL, known: (String) -> Bool) throws(AgentFileErrors) -> Scenario {
        let text: String
        do { text = try String(contentsOf: file, encoding: .utf8) } catch {
            throw AgentFileErrors([
                AgentFileFault(file: file.lastPathComponent, reason: "cannot be read: \(error.localizedDescription)")
            ])
        }
        return try read(text, file: file.lastPathComponent, known: known)
    }

    /// - Parameter file: its name; the scenario is called so, without the ending.
    package static func read(_ text: String, file: String, known: (String) -> Bool) throws(AgentFileErrors) -> Scenario
    {
        let faults = ScenarioNode.Faults(file: file)
        var scenario = Scenario(
            name: file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file, summary: "", agent: "")
        do {
            if let root = try Yams.compose(yaml: text) {
                read(ScenarioNode(node: root, subject: "the scenario", faults: faults), into: &scenario, known: known)
            } else {
                faults.add(nil, "the file is empty; name at least `agent`, `answers` and `expect`")
            }
        } catch let error as YamlError {
            faults.add(nil, "the YAML is invalid: \(error)")
        } catch {
            faults.add(nil, "the YAML is invalid: \(error)")
        }
        guard faults.all.isEmpty else { throw AgentFileErrors(faults.all) }
        return scenario
    }

    private static func read(_ root: ScenarioNode, into scenario: inout Scenario, known: (String) -> Bool) {
        let keys = root.members(
            [
                "summary", "agent", "persona", "goal", "voice", "speed", "noise", "line", "placed", "given", "answers",
                "events", "limit", "expect", "expected",
            ], required: ["summary", "agent", "expect"])
        scenario.summary = keys["summary"]?.text ?? ""
        scenario.agent = keys["agent"]?.text ?? ""
        if let goal = keys["goal"]?.text {
            scenario.improvisation = Scenario.Improvisation(persona: keys["persona"]?.text ?? "anybody", goal: goal)
            keys["answers"]?.fault("are made up by a model where there is a `goal`; have one of the two")
        } else if keys["answers"] == nil {
            root.fault("lacks the key `answers`, or a `goal` for a caller who improvises")
        }
        if let node = keys["voice"] { scenario.voice = node.choice(FliteVoice.self)?.rawValue ?? scenario.voice }
        if let node = keys["speed"] { scenario.speed = node.number(0.5...2) ?? 1 }
        if let node = keys["limit"] { scenario.limit = node.duration(5...600) ?? scenario.limit }
        if let node = keys["noise"] {
            let noise = node.members(["kind", "snr"], required: ["kind", "snr"])
            if let kind = noise["kind"]?.choice(BackgroundNoise.self), let ratio = noise["snr"]?.number(-10...60) {
                scenario.noise = Scenario.Noise(kind: kind, ratio: ratio)
            }
        }
        if let node = keys["line"] {
            let line = node.members(["loss", "jitter"])
            if let node = line["loss"] { scenario.line.loss = node.number(0...0.5) ?? 0 }
            if let node = line["jitter"] { scenario.line.jitter = node.duration(0...1) ?? .zero }
        }
        if let node = keys["placed"] { scenario.placed = placed(node, known) }
        if let node = keys["given"] {
            let given = node.members(["appointments", "temperature", "variables"])
            if let node = given["appointments"] { scenario.given.appointments = appointments(node, whole: true) }
            scenario.given.variables = given["variables"]?.texts ?? [:]
            if let node = given["temperature"] { scenario.given.temperature = node.integer(40...95) ?? 64 }
        }
        if let node = keys["answers"] {
            for (question, list) in node.members(Expectation.Kind.allCases.map(\.rawValue)) {
                guard let kind = Expectation.Kind(rawValue: question) else { continue }
                scenario.answers[kind] = list.elements.compactMap { act($0, known) }
            }
        }
        for node in keys["events"]?.elements ?? [] {
            if let event = event(node, known) { scenario.events.append(event) }
        }
        if let node = keys["expect"] { expectations(node, into: &scenario.expectations) }
        if let node = keys["expected"] {
            let expected = node.members(["fails", "mishears"])
            scenario.knownFailure = expected["fails"]?.text
            scenario.knownMishearing = expected["mishears"]?.text
            if expected.isEmpty { node.fault("must say why it fails, or why it mishears") }
        }
    }

    private static func placed(_ node: ScenarioNode, _ known: (String) -> Bool) -> Scenario.Placed {
        let keys = node.members(["answer", "after", "machine", "message", "introduction"], required: ["answer"])
        var placed = Scenario.Placed()
        if let node = keys["answer"] { placed.answer = act(node, known) ?? .silence }
        if let node = keys["after"] { placed.after = node.duration(0...30) ?? placed.after }
        if let node = keys["machine"] { placed.policy.machine = node.choice(Machine.self)?.policy ?? .hangUp }
        placed.policy.message = keys["message"]?.text ?? ""
        placed.policy.introduction = keys["introduction"]?.text ?? ""
        if placed.policy.machine == .leaveMessage, placed.policy.message.isEmpty {
            node.fault("leaves a message on a machine and has no `message`")
        }
        return placed
    }

    /// What is done about a machine, in the words of a campaign's file.
    private enum Machine: String, CaseIterable {
        case hangUp = "hang_up"
        case leaveMessage = "leave_message"
        case talk

        var policy: PlacedCall.MachinePolicy {
            switch self {
            case .hangUp: .hangUp
            case .leaveMessage: .leaveMessage
            case .talk: .talk
            }
        }
    }

    private static let acts = ["fixture", "silence", "press", "hang_up", "say"]

    /// A text is said; a mapping with one key is something else.
    private static func act(_ node: ScenarioNode, _ known: (String) -> Bool) -> Scenario.Act? {
        guard node.node.mapping != nil else { return node.text.flatMap { say($0, node) } }
        let keys = node.members(acts)
        guard keys.count == 1 else {
            node.fault("must have one of: \(acts.joined(separator: ", "))")
            return nil
        }
        return act(keys, known)
    }

    private static func act(_ keys: [String: ScenarioNode], _ known: (String) -> Bool) -> Scenario.Act? {
        if let node = keys["say"] { return node.text.flatMap { say($0, node) } }
        if let node = keys["fixture"], let id = node.text {
            if !known(id) { node.fault("names `\(id)`, which is no id of audio-fixtures/manifest.json") }
            return .fixture(id)
        }
        if let node = keys["press"], let text = node.text {
            if !text.allSatisfy({ "0123456789*#".contains($0) }) { node.fault("holds what is no telephone key") }
            return .press(text)
        }
        if keys["silence"] != nil { return .silence }
        if keys["hang_up"] != nil { return .hangUp }
        return nil
    }

    private static func say(_ text: String, _ node: ScenarioNode) -> Scenario.Act {
        if case .fault(let reason) = SpokenLine.parts(of: text) { node.fault(reason) }
        return .say(text)
    }

    private static func event(_ node: ScenarioNode, _ known: (String) -> Bool) -> Scenario.Event? {
        let keys = node.members(["during", "after", "as"] + acts, required: ["during", "after"])
        guard keys.keys.count(where: acts.contains) == 1, let act = act(keys, known) else {
            node.fault("must have one of: \(acts.joined(separator: ", "))")
            return nil
        }
        guard let during = keys["during"]?.integer(0...50), let after = keys["after"]?.duration(0...60) else {
            return nil
        }
        let meaning = keys["as"].map { $0.choice(CallTimeline.Meaning.self) } ?? .bargeIn
        return Scenario.Event(during: during, after: after, act: act, meaning: meaning ?? .bargeIn)
    }

    private static func appointments(_ node: ScenarioNode, whole: Bool) -> [ScenarioAppointment] {
        node.elements.compactMap { element in
            let keys = element.members(
                ["name", "date", "time"], required: whole ? ["name", "date", "time"] : ["name"])
            guard let name = keys["name"]?.text else { return nil }
            if let node = keys["date"], CalendarDay(node.text ?? "") == nil {
                node.fault("must be a day like 2026-12-01")
            }
            if let node = keys["time"], CalendarTime(node.text ?? "") == nil {
                node.fault("must be a time like \"10:30\"")
            }
            return ScenarioAppointment(name: name, date: keys["date"]?.text, time: keys["time"]?.text)
        }
    }

    private static func expectations(_ node: ScenarioNode, into expectations: inout ScenarioExpectations) {
        let keys = node.members([
            "tools", "never_tools", "appointments", "messages", "temperature", "says", "never_says", "ends",
            "median_response_ms", "worst_response_ms", "interruptions", "not_understood", "answered_by", "presses",
        ])
        func texts(_ key: String) -> [String] { keys[key]?.elements.compactMap(\.text) ?? [] }
        expectations.tools = texts("tools")
        expectations.neverTools = texts("never_tools")
        expectations.says = texts("says")
        expectations.neverSays = texts("never_says")
        if let node = keys["appointments"] { expectations.appointments = appointments(node, whole: false) }
        expectations.messages = keys["messages"]?.elements.map { element in
            let keys = element.members(["name", "phone"])
            return ScenarioExpectations.Message(name: keys["name"]?.text, phone: keys["phone"]?.text)
        }
        expectations.temperature = keys["temperature"]?.integer(40...95)
        expectations.ends = keys["ends"]?.text
        expectations.medianResponse = keys["median_response_ms"]?.integer(1...60_000)
        expectations.worstResponse = keys["worst_response_ms"]?.integer(1...60_000)
        expectations.notUnderstood = keys["not_understood"]?.integer(0...100)
        if let node = keys["answered_by"] { expectations.answeredBy = node.choice(Answerer.self)?.rawValue }
        expectations.presses = keys["presses"]?.text
        if let node = keys["interruptions"] {
            let bounds = node.members(["min", "max"])
            let least = bounds["min"]?.integer(0...100) ?? 0
            let most = bounds["max"]?.integer(0...100) ?? .max
            if least <= most {
                expectations.interruptions = least...most
            } else {
                node.fault("has a max below its min")
            }
        }
    }
}
