import Foundation
import Store
import Testing

@testable import Service

@Suite("Contacts of a campaign over the API")
struct ContactAPITests {
    private static let path = "/api/v1/campaigns/checkups"

    private func run(
        largest: Int = 1_000_000, _ body: (ServiceUnderTest) async throws -> Void
    ) async throws {
        try await CampaignMakingAPITests.run(configure: { $0.campaigns.largestImport = largest }) { test in
            let made = try await test.api("POST", "/api/v1/campaigns", json: CampaignMakingAPITests.definition)
            #expect(made.status == 201, "\(made.detail)")
            try await body(test)
        }
    }

    private func csv(
        _ test: ServiceUnderTest, _ bytes: some Sequence<UInt8>, _ address: String = "/contacts",
        key: String? = nil, type: String = "text/csv"
    ) async throws -> ServiceUnderTest.Answer {
        try await test.api(
            "POST", Self.path + address, body: Array(bytes),
            headers: [("Content-Type", type)] + (key.map { [("Idempotency-Key", $0)] } ?? []))
    }

    private func fields(_ preview: ServiceUnderTest.Answer) -> [String?] {
        (preview.object["columns"] as? [[String: Any]] ?? []).map { $0["field"] as? String }
    }

    private func contacts(_ test: ServiceUnderTest) async throws -> [ContactRecord] {
        let store = test.service.store
        return try await store.contacts(campaign: try await store.campaign(named: "checkups").id)
    }

    @Test("a file is shown before it is taken: encoding, columns, a guess, first rows and what would be left out")
    func previewed() async throws {
        try await run { test in
            // Latin-1 with semicolons, and no column of a usual name.
            let text = "Kunde;Durchwahl;Stadt\r\nJosé;212 736 5000;Köln\r\nBen;12;Bonn\r\nCy;3053715000;Ulm\r\n"
            let latin = text.unicodeScalars.map { UInt8($0.value) }
            let seen = try await csv(test, latin, "/contacts/preview")
            #expect(seen.status == 200, "\(seen.detail)")
            let object = seen.object
            #expect(object["encoding"] as? String == "windows-1252" && object["delimiter"] as? String == ";")
            #expect(object["mapping"] as? [String] == ["Durchwahl:phone"])
            #expect(fields(seen) == ["kunde", "phone", "stadt"])
            let rows = object["rows"] as? [[String: Any]] ?? []
            #expect(rows.map { $0["number"] as? String } == ["+12127365000", "+13053715000"])
            #expect(rows.first?["variables"] as? [String: String] == ["kunde": "José", "stadt": "Köln"])
            let rejected = object["rejected"] as? [[String: Any]] ?? []
            #expect(rejected.map { $0["line"] as? Int } == [3] && object["rejectedCount"] as? Int == 1)
            // As somebody says instead.
            let told = try await csv(test, latin, "/contacts/preview?map=Durchwahl:phone&map=Kunde:name&map=Stadt:")
            #expect(fields(told) == ["name", "phone", nil])
            // A part that ends within a row, and within a character.
            let mark = [0xEF, 0xBB, 0xBF] + Array("phone,name\n2127365000,José\n3053715000,Jos".utf8) + [0xC3]
            let part = try await csv(test, mark, "/contacts/preview?partial=true")
            #expect(part.object["encoding"] as? String == "utf-8" && part.object["rowCount"] as? Int == 1)
            // Nothing was stored.
            #expect(try await contacts(test).isEmpty)
        }
    }

    @Test("what cannot be read says why, and nothing is an error of the service")
    func unreadable() async throws {
        try await run { test in
            for (text, words) in [
                ("", "holds no rows"), ("name,city\nAnna,Köln\n", "no column holds the telephone number"),
                ("\"open", "not closed"), ("phone,name,Name\n", "is there twice"), ("phone,\n", "has no name"),
            ] {
                let seen = try await csv(test, text.utf8, "/contacts/preview")
                #expect(seen.status == 200 && (seen.object["objection"] as? String)?.contains(words) == true, "\(text)")
                let taken = try await csv(test, text.utf8)
                #expect(taken.status == 422 && taken.object["code"] as? String == "faulty_contacts", "\(text)")
                #expect(taken.detail.contains(words) && !taken.detail.contains("upload"), "\(taken.detail)")
            }
            let good = "phone\n2127365000\n"
            for (query, words) in [
                ("map=Telefon:phone", "has no column `telefon`"), ("map=phone", "is no COLUMN:FIELD"),
                ("map=phone:", "no column holds"),
            ] {
                let taken = try await csv(test, good.utf8, "/contacts?\(query)")
                #expect(taken.status == 422 && taken.detail.contains(words), "\(query): \(taken.detail)")
            }
            #expect(try await csv(test, good.utf8, "/contacts?encoding=ebcdic").status == 400)
            #expect(try await csv(test, good.utf8, type: "text/html").status == 415)
            #expect(try await csv(test, good.utf8, "/contacts/preview", type: "application/json").status == 415)
            for address in ["/contacts", "/contacts/preview"] {
                let missing = try await test.api(
                    "POST", "/api/v1/campaigns/nobody" + address, body: Array(good.utf8),
                    headers: [("Content-Type", "text/csv")])
                #expect(missing.status == 404)
            }
            #expect(try await contacts(test).isEmpty)
        }
    }

    @Test("a file is taken in pieces; what was left out can be fetched with line and reason, and nothing else is left")
    func taken() async throws {
        try await run { test in
            let people = (0..<1200).map { "212736\(1000 + $0);Anna \($0)" }
            let text = (["Telefon;name"] + people + ["2127361000;twice", "12;short", "\"a\"b;c"])
                .joined(separator: "\r\n")
            let taken = try await csv(test, text.utf8, "/contacts?map=Telefon:phone")
            #expect(taken.status == 201, "\(taken.detail)")
            let report = taken.object
            #expect(report["rows"] as? Int == 1203 && report["added"] as? Int == 1200)
            #expect(report["duplicates"] as? Int == 1 && report["rejected"] as? Int == 2)
            let people2 = try await contacts(test)
            #expect(people2.first?.variables == ["name": "Anna 0"] && people2.first?.line == 2)
            let address = try #require(report["rejectedAt"] as? String)
            let left = try await test.api("GET", address)
            #expect(left.status == 200 && left.header("content-type") == "text/csv; charset=utf-8")
            let lines = String(decoding: left.body, as: UTF8.self).split(whereSeparator: \.isNewline)
            #expect(lines.count == 4 && lines[0] == "line,reason,row")
            #expect(lines.contains { $0.hasPrefix("1203,") } && lines.contains { $0.hasPrefix("1202,") })
            let id = try #require(report["id"] as? String)
            for wrong in ["/imports/c0000000000000000/rejected", "/imports/..%2F\(id)/rejected"] {
                #expect(try await test.api("GET", Self.path + wrong).status == 404)
            }
            let folder = test.service.configuration.campaigns.imports
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files == ["checkups.\(id).rejected.csv"])
            let rights = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(files[0])")[.posixPermissions]
            #expect((rights as? NSNumber)?.intValue == 0o600)
            let acts = try await test.service.store.audit(limit: 100).map(\.act)
            #expect(acts.contains("POST /campaigns/{name}/contacts"))
            #expect(acts.contains("GET /campaigns/{name}/imports/{id}/rejected"))
            // Erasing a person takes what may name them.
            _ = try await test.api("POST", "/api/v1/people/erase", json: ["number": "+12127361000"])
            #expect(try await test.api("GET", address).status == 404)
        }
    }

    @Test("a repeat with the same key takes nothing twice and gets the first answer, also of a large file")
    func repeated() async throws {
        try await run(largest: 3_000_000) { test in
            let filler = String(repeating: "x", count: 400)
            let rows = (0..<5000).map { "212\(7_360_000 + $0),\(filler)" }
            let text = (["phone,note"] + rows).joined(separator: "\n")
            #expect(text.utf8.count > 2_000_000)
            let first = try await csv(test, text.utf8, key: "bring-1")
            #expect(first.status == 201 && first.header("idempotency-replayed") == nil, "\(first.detail)")
            let again = try await csv(test, text.utf8, key: "bring-1")
            #expect(again.body == first.body && again.header("idempotency-replayed") == "true")
            let other = try await csv(test, "phone\n3053715000\n".utf8, key: "bring-1")
            #expect(other.status == 422 && other.object["code"] as? String == "idempotency_key_reused")
            // Without the key it is another import, which finds them all there.
            let third = try await csv(test, "phone\n2127360000\n".utf8)
            #expect(third.object["duplicates"] as? Int == 1)
            let added = first.object["added"] as? Int
            #expect(try await contacts(test).count == min(added ?? 0, 1000))
        }
    }

    @Test("a file that is too large is refused, with or without its length said, and leaves nothing")
    func tooLarge() async throws {
        try await run(largest: 2000) { test in
            let text = "phone\n" + String(repeating: "2127365000\n", count: 400)
            let refused = try await csv(test, text.utf8)
            #expect(refused.status == 413 && refused.detail.contains("campaigns.largest_import"))
            let chunked = try await test.api(
                "POST", Self.path + "/contacts", body: Array(text.utf8),
                headers: [("Content-Type", "text/csv"), ("Transfer-Encoding", "chunked")])
            #expect(chunked.status == 413 || chunked.status == 400, "\(chunked.status)")
            #expect(try await contacts(test).isEmpty)
            let folder = test.service.configuration.campaigns.imports
            #expect((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] == [])
        }
    }

    @Test("rows come as JSON, too")
    func rows() async throws {
        try await run { test in
            let taken = try await test.api(
                "POST", Self.path + "/contacts",
                json: [
                    "contacts": [
                        ["phone": "2127365000", "name": "Anna", "state": "NY"], ["phone": "305 371 5000"],
                        ["phone": "12", "name": "short"],
                    ]
                ])
            #expect(taken.status == 201 && taken.object["added"] as? Int == 2 && taken.object["rejected"] as? Int == 1)
            #expect(taken.object["encoding"] == nil)
            #expect(try await contacts(test).map(\.region) == ["NY", ""])
            for (json, status) in [
                (["contacts": [[String: String]]()], 422), (["contacts": [["name": "Anna"]]], 422),
                (["contacts": [["phone": 1]]], 400), (["rows": 1], 400),
            ] as [([String: Any], Int)] {
                #expect(try await test.api("POST", Self.path + "/contacts", json: json).status == status, "\(json)")
            }
        }
    }

    @Test("what waits in the folder of imports is gone after a day, and nothing else is touched")
    func swept() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-imports-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let folder = ImportFolder(directory: directory.path)
        let upload = try folder.newUpload()
        let rejected = try #require(folder.rejected(campaign: "a", id: CallID.new()))
        #expect(folder.rejected(campaign: "a", id: "../x") == nil)
        let other = directory.appending(path: "notes.txt").path
        for path in [upload, rejected, other] { try Data("x".utf8).write(to: URL(fileURLWithPath: path)) }
        #expect(folder.sweep(now: Date() + 86_000) == 0)
        #expect(folder.sweep(now: Date() + 86_500) == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["notes.txt"])
    }
}
