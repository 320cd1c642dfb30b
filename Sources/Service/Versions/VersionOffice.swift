package import Agent
package import Foundation
package import Store

/// What a person does with the versions of agents: everything behind `parley agent publish`, `versions`, `diff`,
/// `rollback`, `split` and `unpublish`, and behind the same operations of the API.
package struct VersionOffice: Sendable {
    package let store: Store
    let configuration: ParleyConfiguration
    private let tools: @Sendable () async throws -> [ToolDefinition]
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - tools: every tool there is.
    ///   - now: the present; tests choose their own.
    package init(
        _ configuration: ParleyConfiguration, store: Store,
        tools: @escaping @Sendable () async throws -> [ToolDefinition], now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.store = store
        self.tools = tools
        self.now = now
    }

    /// Opens what the configuration names.
    package init(_ configuration: ParleyConfiguration) throws {
        self.init(configuration, store: try Store(configuration.store)) {
            try await ToolCatalogue.definitions(configuration)
        }
    }

    private var directory: URL { URL(fileURLWithPath: configuration.agents.directory) }

    // MARK: What is published

    /// An agent as its file has it now.
    ///
    /// - Throws: ``AgentFileErrors`` with all faults of the file, or ``AgentError`` when there is none.
    package func file(of name: String) throws -> AgentBundle {
        let files = try AgentCheck.files(name, in: directory)
        let found = try files.map { try AgentBundle.load(file: $0) }
        guard let only = found.first(where: { $0.agent.name == name }) ?? (found.count == 1 ? found.first : nil) else {
            throw AgentError(
                .invalidAgent, operation: "find the agent", subject: name,
                detail: "several files fit: \(files.map(\.lastPathComponent).joined(separator: ", "))")
        }
        return only.bundle
    }

    /// Keeps an agent as a version and gives it new calls, once it is found to be good.
    ///
    /// - Parameters:
    ///   - bundle: what was read, see ``file(of:)``.
    ///   - person: who publishes.
    ///   - percent: 1...100; below 100 it stands on trial beside the live version.
    ///   - seen: see ``Store/publish(_:of:by:note:percent:after:now:)``.
    /// - Throws: ``AgentFileErrors`` with every fault, ``StoreError``.
    package func publish(
        _ bundle: AgentBundle, by person: String, note: String? = nil, percent: Int = 100, after seen: Int? = nil
    ) async throws -> AgentVersionRecord {
        let agent = try bundle.definition()
        let faults = try await self.faults(of: agent, bundle)
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return try await store.publish(
            AgentVersionContent(
                hash: agent.version, file: bundle.file, source: bundle.source, resources: bundle.resources),
            of: agent.name, by: person, note: note, percent: percent, after: seen, now: now())
    }

    /// What stands in the way of publishing an agent.
    private func faults(of agent: AgentDefinition, _ bundle: AgentBundle) async throws -> [AgentFileFault] {
        let published = try await store.agentStandings()
        let files = (try? AgentLibrary.load(directory: directory))?.agents
        // Those that take calls, as callers would be handed over to them.
        var others = files ?? [:]
        for standing in published {
            let content = try await store.content(ofVersion: standing.live, of: standing.agent)
            if let definition = try? AgentBundle(content).definition() { others[standing.agent] = definition }
        }
        var faults = agent.faults(
            tools: try await tools(), configuration: configuration,
            // Where some file cannot be read, nobody knows which agents there are.
            agents: files.map { Set($0.keys).union(published.map(\.agent)) }, among: others)
        faults += AgentDefinition.overlaps(yaml: bundle.source, file: bundle.file)
        return faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    // MARK: What takes calls

    /// Gives new calls to an earlier version, see ``Store/rollBack(_:to:by:note:now:)``.
    package func rollBack(
        _ agent: String, to version: String?, by person: String, note: String? = nil
    ) async throws -> AgentStanding {
        var number: Int?
        if let version { number = try await self.version(version, of: agent).number }
        return try await store.rollBack(agent, to: number, by: person, note: note, now: now())
    }

    /// Sets the share of a version, see ``Store/split(_:to:percent:by:now:)``.
    package func split(
        _ agent: String, to version: String, percent: Int, by person: String
    ) async throws -> AgentStanding {
        let number = try await self.version(version, of: agent).number
        return try await store.split(agent, to: number, percent: percent, by: person, now: now())
    }

    /// Gives new calls back to the agent's file.
    package func unpublish(_ agent: String, by person: String) async throws {
        try await store.unpublish(agent, by: person, now: now())
    }

    /// A version by its number or the beginning of its hash, of which the newest that fits.
    ///
    /// - Throws: ``StoreError`` with `notFound`.
    package func version(_ name: String, of agent: String) async throws(StoreError) -> AgentVersionRecord {
        let versions = try await store.versions(of: agent)
        if let version = versions.first(where: { "\($0.number)" == name }) { return version }
        if name.count >= 4, let version = versions.first(where: { $0.hash.hasPrefix(name) }) { return version }
        let known = versions.map { "\($0.number) (\($0.hash))" }.joined(separator: ", ")
        throw StoreError(
            .notFound, operation: "find a version", subject: agent,
            detail: "there is no version \"\(name)\"; " + (known.isEmpty ? "none is published" : "there are \(known)"))
    }

    // MARK: What there is

    /// The versions of an agent, newest first, which of them take calls, and how those go.
    ///
    /// - Parameters:
    ///   - limit: versions at most; nil for all.
    ///   - cursor: ``VersionList/next`` of the page before; nil for the newest.
    package func list(
        _ agent: String, limit: Int? = nil, after cursor: ListCursor? = nil
    ) async throws -> VersionList {
        // One more than asked tells whether another page follows.
        let found = try await store.versions(of: agent, limit: limit.map { $0 + 1 }, after: cursor)
        let versions = found.prefix(limit ?? found.count)
        let standing = try await store.standing(of: agent)
        let calls = try await store.callsByVersion(of: agent)
        var views: [VersionView] = []
        for version in versions {
            let isServing = version.number == standing?.live || version.number == standing?.trial
            var budget: BudgetView?
            if isServing || version.burntAt != nil {
                let content = try await store.content(ofVersion: version.number, of: agent)
                // One that this program cannot read any more takes no calls, and has nothing to count.
                if let policy = try? AgentBundle(content).definition().errorBudget {
                    var watched = try await WatchedVersion(version, policy: policy, store: store, now: now())
                    budget = BudgetView(&watched, now: now())
                }
            }
            views.append(
                VersionView(version, standing: standing, calls: calls[version.hash] ?? 0, budget: budget))
        }
        return VersionList(
            agent: agent, standing: standing, refused: try await store.refusal(of: agent), versions: views,
            next: found.count > versions.count
                ? versions.last.map { ListCursor(number: $0.number, id: agent).description } : nil,
            acts: try await store.agentActs(of: agent, limit: 20))
    }

    /// What changed from one version to another.
    ///
    /// - Parameters:
    ///   - old: a version; nil for the live one.
    ///   - new: a version; nil for the agent's file as it is now.
    /// - Throws: ``StoreError`` with `notFound`, or ``AgentError`` where there is no file.
    package func diff(_ agent: String, from old: String?, to new: String?) async throws -> VersionDiff {
        let before: AgentVersionRecord
        if let old {
            before = try await version(old, of: agent)
        } else if let live = try await store.standing(of: agent)?.live {
            before = try await store.version(live, of: agent)
        } else {
            throw StoreError(
                .notFound, operation: "compare an agent's versions", subject: agent,
                detail: "no version of it is published")
        }
        let from = AgentBundle(try await store.content(ofVersion: before.number, of: agent))
        guard let new else {
            return VersionDiff(
                agent: agent, from: "version \(before.number)", to: "the file", from,
                try looseFile(of: agent, like: from))
        }
        let after = try await version(new, of: agent)
        return VersionDiff(
            agent: agent, from: "version \(before.number)", to: "version \(after.number)", from,
            AgentBundle(try await store.content(ofVersion: after.number, of: agent)))
    }

    /// An agent's file to be looked at, though it may be full of faults.
    private func looseFile(of name: String, like published: AgentBundle) throws -> AgentBundle {
        if let file = try? file(of: name) { return file }
        let path = directory.appendingPathComponent(published.file)
        guard let source = try? Data(contentsOf: path) else {
            throw AgentError(
                .invalidAgent, operation: "read the agent's file", subject: name,
                detail: "\(path.path) is not there; name two versions to compare")
        }
        var file = AgentBundle(file: published.file, source: source)
        for path in published.resources.keys {
            file.resources[path] = try? Data(contentsOf: directory.appendingPathComponent(path))
        }
        return file
    }
}

extension AgentBundle {
    init(_ content: AgentVersionContent) {
        self.init(file: content.file, source: content.source, resources: content.resources)
    }
}

extension AgentDefinition {
    /// Why no call should be given to this agent: what it names and the service lacks, or has otherwise.
    ///
    /// - Parameters:
    ///   - tools: every tool there is.
    ///   - agents: every agent there is; nil leaves them unchecked.
    ///   - others: those of them whose definitions are known.
    func faults(
        tools: [ToolDefinition], configuration: ParleyConfiguration, agents: Set<String>?,
        among others: [String: AgentDefinition] = [:]
    ) -> [AgentFileFault] {
        let models = configuration.providers.filter { $0.value.kind.roles.contains(.languageModel) }.keys
        let faults = faults(tools: tools, providers: Set(models), agents: agents.map { $0.union([name]) })
        guard faults.isEmpty, let objection = configuration.objection(to: self, among: others) else { return faults }
        return [AgentFileFault(file: file, reason: objection)]
    }
}
