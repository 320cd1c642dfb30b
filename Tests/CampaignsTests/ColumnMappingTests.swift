import Store
import Testing

@testable import Campaigns

@Suite("Columns of a file as fields of a contact")
struct ColumnMappingTests {
    private func reader(_ header: [String], _ pairs: [String]) throws -> ContactReader {
        try ContactReader(
            header: header, file: "x.csv",
            options: .init(country: "US", seller: "Lakeside Clinic", mapping: try ColumnMapping(pairs)))
    }

    @Test("are read as somebody says, and the others as their names say")
    func mapped() throws {
        let reader = try reader(
            ["Rufnummer (mobil)", "Vorname", "Remark", "State"], ["Rufnummer (mobil):phone", "Vorname:name", "Remark:"])
        #expect(reader.fields == ["phone", "name", nil, "state"])
        let contact = try reader.contact(line: 2, fields: ["212 736 5000", "José", "do not read", "ny"])
        #expect(contact.number == "+12127365000" && contact.region == "NY")
        #expect(contact.variables == ["name": "José"])
    }

    @Test("a mapping wins over a usual name and over the named column")
    func wins() throws {
        let header = ["phone", "cell"]
        #expect(try reader(header, ["phone:home", "cell:phone"]).fields == ["home", "phone"])
        // Both would be the number.
        let twice = #expect(throws: CampaignError.self) { try reader(header, ["cell:phone"]) }
        #expect(twice?.reason.contains("`phone` is there twice") == true)
        let none = #expect(throws: CampaignError.self) { try reader(["phone", "name"], ["phone:"]) }
        #expect(none?.reason.contains("no column holds the telephone number") == true)
    }

    @Test("what cannot be a mapping says why")
    func faults() throws {
        for (pairs, words) in [
            (["Telefon"], "is no COLUMN:FIELD"), ([":phone"], "names no column"), (["a:First Name"], "is no field"),
            (["a:x", "A:y"], "mapped twice"), (["a:phone", "b:phone"], "two columns"),
            (["a:" + String(repeating: "x", count: 65)], "is no field"),
        ] {
            let error = #expect(throws: CampaignError.self) { try ColumnMapping(pairs) }
            #expect(error?.reason.contains(words) == true, "\(pairs): \(error?.reason ?? "nothing")")
        }
        let unknown = #expect(throws: CampaignError.self) { try reader(["phone"], ["Telefon:phone"]) }
        #expect(unknown?.reason.contains("has no column `telefon`") == true)
    }

    @Test("are guessed from their names, and the number from what stands in it")
    func guesses() {
        func guess(_ header: [String], _ rows: [[String]] = []) -> [String] {
            ColumnGuess.pairs(header: header, rows: rows, country: "US")
        }
        #expect(guess(["phone", "name"]) == [])
        #expect(guess(["Name", "Telefon", "Timezone"]) == ["Telefon:phone", "Timezone:time_zone"])
        // Someone's ten digits that are no number do not lead astray.
        let rows = [["100", "1 (212) 736-5000", "Anna"], ["101", "305 371 5000", "Ben"], ["102", "none", "Cy"]]
        #expect(guess(["Order", "Contact", "Name"], rows) == ["Contact:phone"])
        #expect(guess(["Order", "Name"], rows.map { [$0[0], $0[2]] }) == [])
        // Rows of another length are not looked at.
        #expect(guess(["Order", "Contact", "Name"], [["2127365000"]]) == [])
    }
}
