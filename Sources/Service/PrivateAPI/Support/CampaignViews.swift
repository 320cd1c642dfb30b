import Campaigns
import Foundation
import Store

struct CampaignListView: Encodable, Sendable {
    let campaigns: [CampaignStatus]
    let next: String?
}

/// One campaign: how it goes, what it is, and how many people are how far.
struct CampaignView: Encodable, Sendable {
    /// What is worth knowing of a campaign's file.
    struct Definition: Encodable, Sendable {
        let agent: String
        let seller: String
        let purpose: CallPurpose
        let callerIDs: [String]
        let countries: [String]
        /// Days in the callee's own time.
        let starts: String?
        let ends: String?
        /// Of one contact.
        let attempts: Int
        /// Calls at a time.
        let concurrency: Int
        let callsPerSecond: Double

        init(_ definition: CampaignDefinition) {
            agent = definition.agent
            seller = definition.seller
            purpose = definition.purpose
            callerIDs = definition.callerIDs
            countries = definition.countries
            starts = definition.starts.map { "\($0)" }
            ends = definition.ends.map { "\($0)" }
            attempts = definition.frequency.attempts
            concurrency = definition.pacing.concurrency
            callsPerSecond = definition.pacing.callsPerSecond
        }
    }

    /// Contacts; each stage holds those of the next.
    struct Funnel: Encodable, Sendable {
        let contacts: Int
        /// Their telephone may have rung.
        let called: Int
        /// A person answered.
        let answered: Int
        /// They talked with the agent.
        let reached: Int
    }

    /// An hour in which somebody was called.
    struct Hour: Encodable, Sendable {
        let begins: Date
        let attempts: Int
        /// By a person.
        let answered: Int
    }

    let status: CampaignStatus
    let definition: Definition
    let funnel: Funnel
    /// Of the last seven days, the oldest first.
    let pace: [Hour]
}
