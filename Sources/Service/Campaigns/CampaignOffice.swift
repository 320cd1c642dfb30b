package import Agent
package import Campaigns
package import Foundation
package import Store

/// What an operator does with campaigns, apart from calling: everything behind `parley campaign` and, in the service,
/// what the runner needs to judge a contact.
package struct CampaignOffice: Sendable {
    package let store: Store
    package let rules: CallingRules
    /// By name, as they answer at this moment.
    package var agents: [String: AgentDefinition] { current() }
    private let current: @Sendable () -> [String: AgentDefinition]
    /// Sign what the gate decides.
    let decisionKeys: DecisionKeys
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - agents: by name, whenever they are looked at.
    ///   - decisionKeys: sign what the gate decides, and check it.
    ///   - now: the present; tests choose their own.
    package init(
        store: Store, rules: CallingRules, current agents: @escaping @Sendable () -> [String: AgentDefinition],
        decisionKeys: DecisionKeys = DecisionKeys(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.rules = rules
        self.decisionKeys = decisionKeys
        current = agents
        self.now = now
    }

    /// As ``init(store:rules:current:decisionKeys:now:)``, with agents that stay what they are.
    package init(
        store: Store, rules: CallingRules, agents: [String: AgentDefinition],
        decisionKeys: DecisionKeys = DecisionKeys(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.init(store: store, rules: rules, current: { agents }, decisionKeys: decisionKeys, now: now)
    }

    /// Opens what the configuration names.
    package init(_ configuration: ParleyConfiguration) throws {
        let agents = try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory)).agents
        self.init(
            store: try Store(configuration.store),
            rules: try CallingRules(directory: configuration.campaigns.directory), agents: agents,
            decisionKeys: try configuration.campaigns.decisionKeys())
    }

    // MARK: The life of a campaign

    /// Stores a new campaign as a file defines it.
    package func create(file: String) async throws -> CampaignStatus {
        let definition = try CampaignFile.read(path: file)
        return try await create(definition)
    }

    func create(_ definition: CampaignDefinition) async throws -> CampaignStatus {
        if let first = objections(to: definition).first { throw first }
        let record = CampaignRecord(
            id: CallID.new(), name: definition.name, definition: try definition.stored(), createdAt: now())
        try await store.createCampaign(record)
        return try await status(definition.name)
    }

    /// Everything for which a definition, each of whose values is possible, makes no campaign here.
    func objections(to definition: CampaignDefinition) -> [CampaignError] {
        var objections: [CampaignError] = []
        if let disclosure = disclosure(of: definition) {
            if !disclosure.missing.isEmpty {
                objections.append(
                    CampaignError(
                        .badDefinition, "the greeting of the agent `\(definition.agent)`",
                        "does not say \(disclosure.missing.map(\.rawValue).joined(separator: "; ")); an artificial voice must, at the beginning"
                    ))
            }
        } else {
            let known = agents.keys.sorted().joined(separator: ", ")
            objections.append(
                CampaignError(
                    .badDefinition, "agent", "there is no agent `\(definition.agent)`; known are: \(known)"))
        }
        objections += self.objections(toAnnouncementsOf: definition)
        for callerID in definition.callerIDs {
            do { _ = try PhoneNumber(callerID, country: definition.countries[0]) } catch {
                objections.append(CampaignError(.badDefinition, "caller_ids", "`\(callerID)` \(error.rawValue)"))
            }
        }
        return objections
    }

    /// What is said to machines must be said by somebody, and be sayable.
    private func objections(toAnnouncementsOf definition: CampaignDefinition) -> [CampaignError] {
        var objections: [CampaignError] = []
        for (key, text) in [("message", definition.message), ("introduction", definition.introduction)] {
            guard let text, let fault = AgentDefinition.fault(inAnnouncement: text) else { continue }
            objections.append(CampaignError(.badDefinition, key, fault))
        }
        guard definition.machine == .leaveMessage, !objections.contains(where: { $0.subject == "message" }) else {
            return objections
        }
        guard let message = definition.message, !message.isEmpty else {
            return objections + [
                CampaignError(.badDefinition, "message", "is required where `machine` is leave_message")
            ]
        }
        let missing = VoicemailMessage.missing(
            in: message.replacing("{seller}", with: definition.seller), purpose: definition.purpose,
            seller: definition.seller, country: definition.countries[0])
        guard !missing.isEmpty else { return objections }
        return objections + [
            CampaignError(.badDefinition, "message", "does not say \(missing.joined(separator: "; "))")
        ]
    }

    /// Lets the service call; it looks once a second.
    package func start(_ name: String) async throws -> CampaignStatus {
        try await move(name, from: [.created, .paused], to: .running, "it can be started when it is created or paused")
    }

    package func pause(_ name: String, reason: String) async throws -> CampaignStatus {
        try await move(name, from: [.running], to: .paused, reason: reason, "only a running campaign can be paused")
    }

    private func move(
        _ name: String, from states: Set<CampaignRecord.State>, to state: CampaignRecord.State, reason: String? = nil,
        _ advice: String
    ) async throws -> CampaignStatus {
        let record = try await store.campaign(named: name)
        guard try await store.moveCampaign(id: record.id, from: states, to: state, reason: reason, at: now()) else {
            throw CampaignError(.wrongState, name, "the campaign is \(record.state.rawValue); \(advice)")
        }
        return try await status(name)
    }

    package func status(_ name: String) async throws -> CampaignStatus {
        let record = try await store.campaign(named: name)
        let contacts = try await store.contactCounts(campaign: record.id)
        let attempts = try await store.attemptCounts(campaign: record.id)
        var status = CampaignStatus(record, contacts: contacts, attempts: attempts)
        // A definition that this version cannot read any more must not keep anybody from pausing the campaign.
        if let definition = try? CampaignDefinition(stored: record.definition) {
            status.abandonment = CampaignStatus.Abandonment(
                try await abandonment(of: record), limit: definition.pacing.abandonmentLimit)
        }
        return status
    }

    /// Campaigns by name: three questions to the store, however many they are.
    ///
    /// - Parameters:
    ///   - limit: 1001 at most; nil for all.
    ///   - includesDials: also those of one call each, callbacks' too.
    package func list(
        limit: Int? = nil, after cursor: ListCursor? = nil, includesDials: Bool = true
    ) async throws -> [CampaignStatus] {
        let records = try await store.campaigns(limit: limit, after: cursor, includesDials: includesDials)
        let ids = records.map(\.id)
        let contacts = try await store.contactCounts(campaigns: ids)
        let attempts = try await store.attemptCounts(campaigns: ids)
        return records.map {
            CampaignStatus($0, contacts: contacts[$0.id] ?? [], attempts: attempts[$0.id] ?? [:])
        }
    }

    // MARK: What the gate judges by

    /// What the greeting of a campaign's agent says; nil without the agent.
    package func disclosure(of campaign: CampaignDefinition) -> Disclosure? {
        agents[campaign.agent].map { Disclosure(greeting: $0.greeting, seller: campaign.seller) }
    }

    /// How many of the people who answered this campaign's calls in 30 days got no agent in time.
    func abandonment(of campaign: CampaignRecord) async throws -> AbandonmentRate {
        let since = now() - 30 * 86_400
        let live = AttemptOutcome.allCases.filter(\.isLive)
        let heard = live.filter { $0 != .abandoned }.map(\.rawValue)
        return AbandonmentRate(
            answered: try await store.attemptCount(
                campaign: campaign.id, outcomes: live.map(\.rawValue), since: since),
            abandoned: try await store.attemptCount(
                campaign: campaign.id, outcomes: [AttemptOutcome.abandoned.rawValue], since: since),
            late: try await store.lateAttemptCount(campaign: campaign.id, outcomes: heard, since: since))
    }

    /// The largest share of people without an agent in time, over the campaigns that run; 0 where none does. One mishap counts for
    /// nothing here, as with the gate: of three calls it would be a third.
    func largestAbandonment() async throws -> Double {
        var largest = 0.0
        for record in try await store.campaigns(in: .running) {
            let rate = try await abandonment(of: record)
            if rate.exceeds(0) { largest = max(largest, rate.share) }
        }
        return largest
    }

    /// What the gate says about a contact now, and said before each attempt.
    package func explain(_ name: String, number text: String) async throws -> CampaignExplanation {
        let record = try await store.campaign(named: name)
        let campaign = try CampaignDefinition(stored: record.definition)
        let number: PhoneNumber
        do { number = try PhoneNumber(text, country: campaign.countries[0]) } catch {
            throw CampaignError(.notFound, text, error.rawValue)
        }
        let contact = try await store.contact(campaign: record.id, number: number.e164)
        let use = try await store.callerIDUse(since: now() - 86_400)
        let callerID = LocalPresence(campaign.callerIDs).choose(for: number, limit: campaign.callsPerCallerID) {
            use[$0, default: 0]
        }
        let facts = try await facts(
            contact, in: campaign, isRunning: record.state == .running, callerID: callerID,
            abandonment: try await abandonment(of: record))
        let attempts = try await store.attempts(contact: contact.id)
        return CampaignExplanation(
            campaign: name, contact: contact, now: Gate.decide(facts, under: rules, at: now()).decision,
            attempts: attempts,
            signatures: Dictionary(attempts.map { ($0.id, decisionKeys.verdict(on: $0)) }) { first, _ in first })
    }

    /// The whole campaign in virtual time, with the contacts and lists that are stored.
    ///
    /// - Parameters:
    ///   - begins: when; nil now.
    ///   - seed: the same one gives the same rehearsal.
    ///   - account: bounds the campaign's pacing; nil leaves it as it is.
    package func rehearse(
        _ name: String, begins: Date?, seed: UInt64, account: AccountPacing? = nil, model: CalleeModel = CalleeModel()
    ) async throws -> RehearsalReport {
        var rehearsal = try await rehearsal(of: name, begins: begins, seed: seed, account: account, model: model)
        return rehearsal.run()
    }

    /// A rehearsal that has not been run, as ``rehearse(_:begins:seed:account:model:)`` runs it.
    ///
    /// - Parameter most: contacts that still wait; more are a ``CampaignError`` with `wrongState`. Nil takes all.
    func rehearsal(
        of name: String, begins: Date?, seed: UInt64, account: AccountPacing? = nil, model: CalleeModel = CalleeModel(),
        most: Int? = nil
    ) async throws -> Rehearsal {
        let record = try await store.campaign(named: name)
        var campaign = try CampaignDefinition(stored: record.definition)
        let bounds = account?.lower(&campaign.pacing) ?? []
        var contacts: [RehearsalContact] = []
        var last = 0
        while case let page = try await store.contacts(campaign: record.id, after: last), let end = page.last {
            contacts += try await subjects(page.filter { $0.state != .done }, in: campaign)
            last = end.id
            guard contacts.count <= most ?? .max else {
                throw CampaignError(
                    .wrongState, name,
                    "more than \(most ?? 0) contacts wait, and so many are not rehearsed over the API; `parley campaign rehearse` has no limit"
                )
            }
        }
        return Rehearsal(
            campaign, contacts: contacts, rules: rules, disclosure: disclosure(of: campaign),
            registryVersion: try await store.listVersion(SuppressionRecord.nationalList), bounds: bounds, model: model,
            seed: seed, begins: begins ?? now())
    }
}

extension CampaignDefinition {
    /// As it is stored.
    func stored() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(stored text: String) throws {
        self = try JSONDecoder().decode(CampaignDefinition.self, from: Data(text.utf8))
    }
}

extension CallingRules {
    /// Reads the tables of a folder: `number-zones.csv`, `calling-hours.csv` and `holidays.csv`.
    package init(directory: String) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            let path = "\(directory)/\(name)"
            do { return Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
                throw CampaignError(.badFile, path, "cannot be read: \(error.localizedDescription)")
            }
        }
        let names = ["number-zones.csv", "calling-hours.csv", "holidays.csv"]
        try self.init(
            zones: try NumberZones(csv: try bytes(names[0]), file: "\(directory)/\(names[0])"),
            hours: try bytes(names[1]), hoursFile: "\(directory)/\(names[1])",
            holidays: try bytes(names[2]), holidaysFile: "\(directory)/\(names[2])")
    }
}
