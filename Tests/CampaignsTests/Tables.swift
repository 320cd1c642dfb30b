import Foundation
import Store

@testable import Campaigns

/// The tables that Parley ships, and short ways to write what tests are about.
enum Tables {
    static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: "config/campaigns")
    }()

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: root.appending(path: name))) }

    static func zones() throws -> NumberZones {
        try NumberZones(csv: try bytes("number-zones.csv"), file: "number-zones.csv")
    }

    static func rules(hours: String? = nil, holidays: String? = nil) throws -> CallingRules {
        let header = "region,weekdays,opens,closes,holidays,attempts_per_day,source,effective_from\n"
        return try CallingRules(
            zones: try zones(), hours: try hours.map { Array((header + $0).utf8) } ?? bytes("calling-hours.csv"),
            hoursFile: "calling-hours.csv",
            holidays: try holidays.map { Array(("date,region,name\n" + $0).utf8) } ?? bytes("holidays.csv"),
            holidaysFile: "holidays.csv")
    }

    static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    static var campaign: CampaignDefinition {
        var campaign = CampaignDefinition()
        campaign.name = "reminder"
        campaign.agent = "reminder"
        campaign.seller = "Lakeside Clinic"
        campaign.callerIDs = ["+12127365001"]
        return campaign
    }

    static let greeting =
        "Hello, this is the automated assistant of Lakeside Clinic. Press nine at any time if you want no more of these calls."

    static func consent(
        _ number: String, _ kind: ConsentRecord.Kind = .express,
        given: Date = Date(timeIntervalSince1970: 1_700_000_000)
    ) -> ConsentRecord {
        ConsentRecord(number: number, seller: "Lakeside Clinic", kind: kind, source: "form", givenAt: given)
    }

    /// People in New York, consenting, whom nobody has called yet.
    static func contacts(_ count: Int) throws -> [RehearsalContact] {
        let zones = try zones()
        return try (0..<count).map { index in
            let number = "+1212736\(index + 1000)"
            return RehearsalContact(
                id: index, number: number, parsed: try PhoneNumber(number, country: "US"),
                place: CalleePlace(e164: number, country: "US", state: "", timeZone: nil, zones: zones), attempts: 0,
                nextAt: .distantPast, history: NumberHistory(), suppressions: [], consents: [consent(number)])
        }
    }

    /// A contact in New York that may be called whenever the hours allow.
    static func facts(
        _ number: String = "+12127365000", campaign: CampaignDefinition = campaign, state: String = "",
        timeZone: TimeZone? = nil
    ) throws -> GateFacts {
        let parsed = try? PhoneNumber(number, country: "US")
        return GateFacts(
            campaign: campaign, isRunning: true, number: number, parsed: parsed,
            place: CalleePlace(
                e164: number, country: parsed?.country ?? "", state: state, timeZone: timeZone, zones: try zones()),
            attempts: 0, history: NumberHistory(), suppressions: [], consents: [consent(number, .written)],
            registryVersion: CalendarDay("2026-11-20"),
            disclosure: Disclosure(greeting: greeting, seller: campaign.seller), callerID: campaign.callerIDs.first,
            abandonment: AbandonmentRate())
    }
}
