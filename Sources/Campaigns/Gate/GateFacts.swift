package import Foundation
package import Store

/// Everything the gate judges by. A value: what is known at one moment.
package struct GateFacts: Sendable {
    package var campaign: CampaignDefinition
    package var isRunning: Bool
    /// Whether the campaign's agent has spent its error budget, and its file wants nobody to meet it any more.
    package var isAgentTakenOff = false
    /// Whether a person has stopped the campaign's agent, or all of them.
    package var isAgentStopped = false
    package var number: String
    /// Nil when the number is none that can be called, for whatever reason.
    package var parsed: PhoneNumber?
    package var place: CalleePlace
    /// Attempts of this contact in this campaign that count.
    package var attempts: Int
    /// When the contact asked to be called.
    package var callbackAt: Date?
    /// What is known of the number over all campaigns.
    package var history: NumberHistory
    /// What the number is on, of the lists of people not to call.
    package var suppressions: [SuppressionRecord]
    package var consents: [ConsentRecord]
    /// When the copy of the national registry was made that is stored here; nil without one.
    package var registryVersion: CalendarDay?
    /// Nil when the campaign's agent is not there, or has no way to opt out.
    package var disclosure: Disclosure?
    /// Nil when none is free.
    package var callerID: String?
    package var abandonment: AbandonmentRate

    package init(
        campaign: CampaignDefinition, isRunning: Bool, number: String, parsed: PhoneNumber?, place: CalleePlace,
        attempts: Int, callbackAt: Date? = nil, history: NumberHistory, suppressions: [SuppressionRecord],
        consents: [ConsentRecord],
        registryVersion: CalendarDay?, disclosure: Disclosure?, callerID: String?, abandonment: AbandonmentRate
    ) {
        self.campaign = campaign
        self.isRunning = isRunning
        self.number = number
        self.parsed = parsed
        self.place = place
        self.attempts = attempts
        self.callbackAt = callbackAt
        self.history = history
        self.suppressions = suppressions
        self.consents = consents
        self.registryVersion = registryVersion
        self.disclosure = disclosure
        self.callerID = callerID
        self.abandonment = abandonment
    }
}
