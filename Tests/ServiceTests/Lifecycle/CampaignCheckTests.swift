import Foundation
import Testing

@testable import Service

@Suite("The check of campaigns")
struct CampaignCheckTests {
    /// What it says, of tables with these holidays.
    private func report(
        holidays: String, at now: String = "2026-12-02T17:00:00Z", hasAccount: Bool = true,
        _ configure: (inout ParleyConfiguration) -> Void = { _ in }
    ) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: OfficeUnderTest.configurationFolder.appending(path: "campaigns"), to: folder)
        try Data("date,region,name\n\(holidays)".utf8).write(to: folder.appending(path: "holidays.csv"))
        var configuration = ParleyConfiguration()
        configuration.campaigns.directory = folder.path
        if hasAccount {
            configuration.carriers.twilio.accountSID = "AC00000000000000000000000000000000"
            configuration.carriers.twilio.authToken = Secret("token")
        }
        configure(&configuration)
        return try SystemCheck.campaigns(configuration, now: try Date(now, strategy: .iso8601))
            .replacing(folder.path, with: "tables")
    }

    @Test("that decisions to call are not signed is told where calls are placed")
    func unsigned() throws {
        let christmas = "2027-12-25,US,Christmas Day\n"
        let signed = try report(holidays: christmas) {
            $0.campaigns.decisionKey = Secret(CampaignUnderTest.decisionKey)
        }
        #expect(signed == "calls are placed by https://api.twilio.com")
        let unsigned = try report(holidays: christmas)
        #expect(unsigned.contains("not signed") && unsigned.contains("set campaigns.decision_key"), "\(unsigned)")
        let unplaced = try report(holidays: christmas, hasAccount: false)
        #expect(!unplaced.contains("decision_key"), "\(unplaced)")
        let silent = try report(holidays: christmas) { $0.campaigns.isCalling = false }
        #expect(silent == "calls are not placed here: campaigns.calling is off")
    }

    @Test("a table of holidays that ends soon is spoken of, with the regions that are not called after it")
    func holidays() throws {
        let christmas = "2027-12-25,US,Christmas Day\n"
        let early = try report(holidays: christmas, at: "2027-09-25T12:00:00Z")
        #expect(early.hasPrefix("calls are placed by https://api.twilio.com"))
        #expect(!early.contains("holidays.csv"), "\(early)")
        for now in ["2027-09-26T12:00:00Z", "2028-03-01T12:00:00Z"] {
            let late = try report(holidays: christmas, at: now)
            #expect(
                late.contains(
                    "tables/holidays.csv ends on 2027-12-25, and nobody is called after that day in US-AL, US-LA, US-RI, US-UT"
                ), "\(late)")
        }
        let none = try report(holidays: "2027-12-25,DE,Weihnachten\n")
        #expect(none.contains("tables/holidays.csv has no days for US-AL, US-LA, US-RI, US-UT"), "\(none)")
        // Whoever calls nobody needs no table.
        let idle = try report(holidays: christmas, at: "2028-03-01T12:00:00Z", hasAccount: false)
        #expect(!idle.contains("holidays"), "\(idle)")
    }
}
