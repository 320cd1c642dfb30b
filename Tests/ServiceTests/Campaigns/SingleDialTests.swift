import Campaigns
import Foundation
import Store
import Testing

@testable import Service

@Suite("A single call that the gate refuses")
struct SingleDialTests {
    private func request(named name: String? = nil) -> SingleDial.Request {
        var request = SingleDial.Request(
            number: "+12127365000", agent: "reminder", callerID: "+12127365999", seller: "Lakeside Clinic",
            purpose: .informational, consent: .express, consentSource: "test", variables: ["name": "Bob"],
            country: "US")
        request.name = name
        return request
    }

    /// Begins it at a moment.
    ///
    /// - Returns: its campaign, and the rule that said no.
    private func begin(
        _ request: SingleDial.Request, at moment: Date, _ test: OfficeUnderTest
    ) async throws -> (campaign: CampaignRecord, refusal: GateDecision.Rule?) {
        let office = CampaignOffice(
            store: test.office.store, rules: test.office.rules, agents: test.office.agents, now: { moment })
        switch try await SingleDial(office: office).begin(request) {
        case .begun(let campaign, _): return (try await office.store.campaign(named: campaign), nil)
        case .refused(let campaign, _, let decision):
            return (try await office.store.campaign(named: campaign), decision.rule)
        }
    }

    @Test("for ever or for now is over, with the rule and what it found, and nobody waits in it")
    func ends() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let night = try await begin(request(), at: OfficeUnderTest.noon + 12 * 3600, test)
            #expect(night.refusal == .hours)
            try await store.optOut(
                number: "+12127365000", reason: "asked on the phone", callID: nil, at: OfficeUnderTest.noon)
            let never = try await begin(request(), at: OfficeUnderTest.noon, test)
            #expect(never.refusal == .doNotCall)
            #expect(never.campaign.reason?.contains("asked on the phone") == true)
            for (campaign, rule) in [(night.campaign, "hours"), (never.campaign, "do not call")] {
                #expect(campaign.state == .finished && campaign.reason?.contains("\"\(rule)\"") == true)
                let contacts = try await store.contacts(campaign: campaign.id)
                #expect(contacts.map(\.state) == [.done] && contacts.map(\.outcome) == [rule])
            }
            // Whoever lists campaigns sees none of them, unless they ask for them.
            #expect(try await test.office.list(includesDials: false).isEmpty)
            #expect(try await test.office.list().count == 2)
        }
    }

    @Test("for now waits where it is begun again under its name, and is over where the answer is never")
    func named() async throws {
        try await OfficeUnderTest.run { test in
            let night = try await begin(request(named: "team-1"), at: OfficeUnderTest.noon + 12 * 3600, test)
            #expect(night.refusal == .hours && night.campaign.state == .created)
            let noon = try await begin(request(named: "team-1"), at: OfficeUnderTest.noon + 86_400, test)
            #expect(noon.refusal == nil && noon.campaign.state == .running)
            try await test.office.store.optOut(
                number: "+12127365000", reason: "asked", callID: nil, at: OfficeUnderTest.noon)
            let never = try await begin(request(named: "team-2"), at: OfficeUnderTest.noon + 86_400, test)
            #expect(never.refusal == .doNotCall && never.campaign.state == .finished)
            // Begun again, as after a crash, what was refused is refused, and what was begun is begun.
            let again = try await begin(request(named: "team-2"), at: OfficeUnderTest.noon + 86_460, test)
            #expect(again.refusal == .doNotCall && again.campaign.state == .finished)
            let same = try await begin(request(named: "team-1"), at: OfficeUnderTest.noon + 86_460, test)
            #expect(same.refusal == nil && same.campaign.state == .running)
        }
    }
}
