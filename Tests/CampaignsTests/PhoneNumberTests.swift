import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("Telephone numbers")
struct PhoneNumberTests {
    @Test(
        "are normalised as people write them",
        arguments: [
            ("(212) 736-5000", "US", "+12127365000", "US"), ("+49 30 12345678", "US", "+493012345678", "DE"),
            ("020 7946 0018", "GB", "+442079460018", "GB"), ("1-808-922-2211", "US", "+18089222211", "US"),
            ("+1 (876) 926-8145", "US", "+18769268145", "JM"), ("２１２７３６５０００", "US", "+12127365000", "US"),
        ])
    func normalised(text: String, country: String, e164: String, found: String) throws {
        let number = try PhoneNumber(text, country: country)
        #expect(number.e164 == e164)
        #expect(number.country == found)
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ("", PhoneNumber.Fault.notANumber), ("nobody", .notANumber), ("12", .tooShort),
            ("+1 212 736 50001234567", .tooLong), ("+999 12345678", .unknownCountry), ("123-456-7890", .notAssigned),
            ("911-736-5000", .notAssigned),
        ])
    func refused(text: String, fault: PhoneNumber.Fault) {
        #expect(throws: fault) { try PhoneNumber(text, country: "US") }
    }

    @Test("a number of sixty thousand digits is no number, at once")
    func endless() {
        #expect(throws: PhoneNumber.Fault.tooLong) {
            try PhoneNumber(String(repeating: "1", count: 60_000), country: "US")
        }
    }

    @Test("premium and toll-free lines are known; Jamaica is not the United States")
    func kinds() throws {
        #expect(try PhoneNumber("900-234-5678", country: "US").line == .premiumRate)
        #expect(try PhoneNumber("800-234-5678", country: "US").line == .tollFree)
        #expect(try PhoneNumber("+18769268145", country: "US").isOverseasNorthAmerican)
        #expect(try !PhoneNumber("+12127365000", country: "US").isOverseasNorthAmerican)
    }

    @Test("every time zone that shares the prefix is a candidate, and toll-free numbers have none")
    func zones() throws {
        let zones = try Tables.zones()
        #expect(zones.place(of: "+12127365000")?.timeZones.map(\.identifier) == ["America/New_York"])
        #expect(
            zones.place(of: "+12083425000")?.timeZones.map(\.identifier)
                == ["America/Boise", "America/Denver", "America/Los_Angeles"])
        #expect(zones.place(of: "+18502345678")?.states == ["FL"])
        #expect(zones.place(of: "+493012345678")?.timeZones.map(\.identifier) == ["Europe/Berlin"])
        #expect(zones.place(of: "+18002345678") == nil)
        #expect(zones.timeZones(ofState: "HI").map(\.identifier) == ["Pacific/Honolulu"])
    }

    @Test("a row makes a contact, or says why not")
    func rows() throws {
        let reader = try ContactReader(
            header: ["Phone", "First Name", "state", "consent", "consent_date", "consent_source"], file: "x.csv",
            options: .init(country: "US", seller: "Lakeside Clinic"))
        let contact = try reader.contact(
            line: 2, fields: ["212 736 5000", "Anna", "ny", "express", "2026-10-01", "form 1"])
        #expect(contact.number == "+12127365000")
        #expect(contact.variables == ["first_name": "Anna"])
        #expect(contact.region == "NY")
        #expect(contact.consent?.kind == .express)
        let bad: [([String], String)] = [
            (["212 736 5000"], "has 1 fields"), (["", "A", "", "", "", ""], "no telephone number"),
            (["555", "A", "", "", "", ""], "too short"),
            (["212 736 5000", "A", "New York", "", "", ""], "two letters"),
            (["212 736 5000", "A", "", "maybe", "", ""], "express, written"),
            (["212 736 5000", "A", "", "express", "", "x"], "consent_date"),
            (["212 736 5000", "A", "", "express", "2026-10-01", ""], "consent_source"),
            (["212 736 5000", String(repeating: "x", count: 501), "", "", "", ""], "longer than 500"),
        ]
        for (fields, reason) in bad {
            let rejection = #expect(throws: ContactReader.Rejection.self) {
                try reader.contact(line: 3, fields: fields)
            }
            #expect(rejection?.reason.contains(reason) == true, "\(rejection?.reason ?? "")")
        }
    }

    @Test("columns that are there twice, or no number, end the import before it begins")
    func headers() {
        func make(_ header: [String]) -> CampaignError? {
            #expect(throws: CampaignError.self) {
                try ContactReader(header: header, file: "x.csv", options: .init(country: "US", seller: "X"))
            }
        }
        #expect(make(["phone", "name", "Name"])?.reason.contains("`name` is there twice (2 and 3)") == true)
        #expect(make(["who", "name"])?.reason.contains("no column holds the telephone number") == true)
        #expect(make(["phone", ""])?.reason.contains("column 2 has no name") == true)
    }
}
