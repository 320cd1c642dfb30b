extension AgentDefinition {
    /// A dialogue for one call.
    ///
    /// - Parameters:
    ///   - tools: what exists; the agent uses those it names.
    ///   - environment: time, place and providers.
    package func makeDialogue(
        call: CallFacts, tools: [any Tool], environment: DialogueEnvironment
    ) -> any Dialogue {
        var environment = environment
        environment.verifications = CallerVerifications()
        let isTeam = !handoff.isEmpty || !languages.isEmpty || handsOverInFlow
        guard !isTeam || environment.agents.isEmpty else {
            return TeamDialogue(first: self, call: call, tools: tools, environment: environment)
        }
        return makeOwnDialogue(call: call, tools: tools, environment: environment)
    }

    /// The names of tools that an agent may call beside those that exist for all.
    package static let ownToolNames: Set<String> = [ColleagueTool.name, VerifyCallerTool.name]

    /// A dialogue with this agent alone.
    func makeOwnDialogue(call: CallFacts, tools: [any Tool], environment: DialogueEnvironment) -> any Dialogue {
        let colleagues = delegate.compactMap { environment.agents[$0] }
        let asking: [any Tool] =
            colleagues.isEmpty ? [] : [ColleagueTool(colleagues, tools: tools, environment: environment)]
        let verifier = verification.map { policy in
            VerifyCallerTool(
                policy, state: environment.verifications.state(of: name, tries: policy.tries),
                hasCaller: environment.hasCaller, tools: tools.filter { policy.tools.contains($0.definition.name) },
                clock: environment.clock)
        }
        let own =
            tools.filter { self.tools[$0.definition.name] != nil && $0.definition.name != VerifyCallerTool.name }
            + asking + (verifier.map { [$0] } ?? [])
        let dialogue: any Dialogue =
            switch engine {
            case .flow(let flow):
                FlowDialogue(
                    agent: self, flow: flow, call: call, tools: own, environment: environment, verifier: verifier)
                    as any Dialogue
            case .model(let settings):
                ModelDialogue(
                    agent: self, settings: settings, call: call, tools: own, environment: environment,
                    verifier: verifier)
            }
        guard environment.hasCaller, takesCallersBack else { return dialogue }
        return PathDialogue(
            dialogue, steps: escalation, in: spokenLanguage, call: call, tools: tools, environment: environment)
    }

    private var handsOverInFlow: Bool { flowDestinations.contains { $0.hasPrefix(TeamDialogue.prefix) } }

    /// The agents that its flow hands callers over to, by name; sorted. A model's are ``handoff``.
    package var flowHandovers: [String] {
        flowDestinations.filter { $0.hasPrefix(TeamDialogue.prefix) }.map {
            String($0.dropFirst(TeamDialogue.prefix.count))
        }.sorted()
    }

    /// Where the agent may send callers outside the service, as its file names it; sorted.
    package var transferDestinations: [String] {
        var destinations = flowDestinations.filter { !$0.hasPrefix(TeamDialogue.prefix) }
        for step in escalation { if let destination = step.destination { destinations.insert(destination) } }
        return destinations.sorted()
    }

    private var flowDestinations: Set<String> {
        guard case .flow(let flow) = engine else { return [] }
        var destinations: Set<String> = []
        for state in flow.states.values {
            for step in state.steps {
                if case .transfer(let destination, _) = step.action { destinations.insert(destination) }
            }
        }
        return destinations
    }

    /// What the agent names but the service lacks, or has otherwise than the agent's author counts on.
    ///
    /// - Parameters:
    ///   - tools: all tools of the service.
    ///   - providers: the names of its model providers.
    ///   - agents: the names of all agents; nil leaves them unchecked.
    package func faults(
        tools: [ToolDefinition], providers: Set<String>, agents: Set<String>? = nil
    ) -> [AgentFileFault] {
        var faults: [AgentFileFault] = []
        let order: [ToolDefinition.Risk] = [.read, .reversible, .irreversible]
        let known = verification?.tools.sorted() ?? []
        for name in known where !tools.contains(where: { $0.name == name }) {
            faults.append(
                AgentFileFault(
                    file: file, reason: "`verification` asks the tool `\(name)`, which there is not; add the tool"))
        }
        for (name, declared) in self.tools.sorted(by: { $0.key < $1.key }) where name != VerifyCallerTool.name {
            guard let tool = tools.first(where: { $0.name == name }) else {
                faults.append(
                    AgentFileFault(file: file, reason: "there is no tool `\(name)`; remove it or add the tool"))
                continue
            }
            if let actual = order.firstIndex(of: tool.risk), let counted = order.firstIndex(of: declared),
                actual > counted
            {
                faults.append(
                    AgentFileFault(
                        file: file,
                        reason:
                            "the tool `\(name)` is \(tool.risk.rawValue), but the agent says \(declared.rawValue); correct `tools`"
                    ))
            }
        }
        if case .model(let settings) = engine {
            for name in settings.providers where !providers.contains(name) {
                faults.append(
                    AgentFileFault(
                        file: file,
                        reason: "there is no model provider `\(name)`; add providers.\(name) to the configuration"))
            }
        }
        if let agents {
            for (language, name) in languages.sorted(by: { $0.value < $1.value }) where !agents.contains(name) {
                faults.append(
                    AgentFileFault(
                        file: file,
                        reason:
                            "`languages`: there is no agent `\(name)` to speak \(language.name); add its file"))
            }
            for name in handoff + delegate where !agents.contains(name) {
                faults.append(
                    AgentFileFault(
                        file: file, reason: "there is no agent `\(name)` to hand over to or to ask; add its file"))
            }
            for step in team.steps where !agents.contains(step.agent) {
                faults.append(
                    AgentFileFault(
                        file: file,
                        reason: "the step `\(step.name)` of `team`: there is no agent `\(step.agent)`; add its file"))
            }
        }
        if case .flow(let flow) = engine {
            let own = verification.map { [VerifyCallerTool.definition($0.facts.map(\.name))] } ?? []
            faults += flow.argumentFaults(tools: tools + own, file: file)
        }
        return faults
    }
}

extension Flow {
    /// Arguments that a tool does not know or cannot do without.
    fileprivate func argumentFaults(tools: [ToolDefinition], file: String) -> [AgentFileFault] {
        var faults: [AgentFileFault] = []
        for state in states.values.sorted(by: { $0.name < $1.name }) {
            for step in state.steps {
                guard case .call(let call) = step.action, let tool = tools.first(where: { $0.name == call.tool }) else {
                    continue
                }
                let known = tool.parameters["properties"]?.object ?? [:]
                for argument in call.arguments.keys.sorted() where known[argument] == nil {
                    faults.append(
                        AgentFileFault(
                            file: file,
                            reason:
                                "state \(state.name): the tool `\(tool.name)` has no argument `\(argument)`; known are: \(known.keys.sorted().joined(separator: ", "))"
                        ))
                }
                for required in tool.parameters["required"]?.array?.compactMap(\.string) ?? []
                where call.arguments[required] == nil {
                    faults.append(
                        AgentFileFault(
                            file: file,
                            reason:
                                "state \(state.name): the tool `\(tool.name)` needs the argument `\(required)`; add it to `with`"
                        ))
                }
            }
        }
        return faults
    }
}
