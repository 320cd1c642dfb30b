import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("Documents over the API", .timeLimit(.minutes(2)))
struct DocumentAPITests {
    private static let path = "/api/v1/documents"
    private static let parking = "# Parking\n\nGuests park behind the house, in the yard.\n"

    private func put(
        _ test: ServiceUnderTest, _ name: String, _ text: String, type: String = "text/markdown",
        _ headers: [(String, String)] = []
    ) async throws -> ServiceUnderTest.Answer {
        try await test.api(
            "PUT", "\(Self.path)/\(name)", body: Array(text.utf8), headers: [("Content-Type", type)] + headers)
    }

    private func names(_ test: ServiceUnderTest) async throws -> [String] {
        let list = try await test.api("GET", Self.path).object["documents"] as? [[String: Any]] ?? []
        return list.compactMap { $0["name"] as? String }
    }

    /// The passages that an agent is given that asks; none where it hears that nothing is known.
    private func asked(_ test: ServiceUnderTest, _ question: String) async throws -> [JSONValue] {
        let tool = try #require(test.service.catalogue.tools.first { $0.definition.name == "knowledge_search" })
        let context = ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k")
        let answer = try? await tool.call(["question": .string(question)], context: context)
        return answer?["passages"]?.array ?? []
    }

    private func files(_ test: ServiceUnderTest) -> [String] {
        let folder = test.service.configuration.tools.documents
        return (FileManager.default.subpaths(atPath: folder) ?? []).sorted()
    }

    @Test("one is put in and agents find it at once; it is read, replaced, and taken out with all that it said")
    func life() async throws {
        try await ServiceUnderTest.run { test in
            #expect(try await names(test) == ["delivery.csv", "returns.md"])
            #expect(try await asked(test, "where do guests park").isEmpty)
            let made = try await put(test, "parking%20rules.md", Self.parking, [("If-None-Match", "*")])
            #expect(made.status == 201, "\(made.detail)")
            #expect(
                made.object["name"] as? String == "parking rules.md" && made.object["title"] as? String == "Parking")
            #expect(made.object["passages"] as? Int == 1)
            #expect(made.object["bytes"] as? Int == Self.parking.utf8.count)
            let digest = try #require(made.object["digest"] as? String)
            #expect(made.header("etag") == "\"\(digest)\"")
            let given = try await asked(test, "where do guests park")
            #expect(given.first?["source"] == "parking rules.md")
            #expect(given.first?["text"] == "Guests park behind the house, in the yard.")

            let read = try await test.api("GET", "\(Self.path)/parking%20rules.md")
            #expect(read.object["text"] as? String == Self.parking && read.header("etag") == "\"\(digest)\"")
            #expect(try await names(test) == ["delivery.csv", "parking rules.md", "returns.md"])

            // Somebody who makes it, and somebody who knows another of it, change nothing.
            let other = "# Parking\n\nGuests park in the street.\n"
            for header in [("If-None-Match", "*"), ("If-Match", "\"0\""), ("If-Match", "W/\"\(digest)\"")] {
                let refused = try await put(test, "parking%20rules.md", other, [header])
                #expect(refused.status == 412 && refused.object["code"] as? String == "precondition_failed")
            }
            #expect(try await asked(test, "guests in the yard").first?["source"] == "parking rules.md")
            let replaced = try await put(test, "parking%20rules.md", other, [("If-Match", "\"x\", \"\(digest)\"")])
            #expect(replaced.status == 200 && replaced.object["digest"] as? String != digest, "\(replaced.detail)")
            #expect(try await asked(test, "yard").isEmpty)
            #expect(try await asked(test, "street").first?["source"] == "parking rules.md")
            #expect(files(test) == ["delivery.csv", "parking rules.md", "returns.md"])

            let late = try await test.api(
                "DELETE", "\(Self.path)/parking%20rules.md", headers: [("If-Match", "\"\(digest)\"")])
            #expect(late.status == 412)
            #expect(try await test.api("DELETE", "\(Self.path)/parking%20rules.md").status == 204)
            #expect(try await asked(test, "street").isEmpty)
            #expect(files(test) == ["delivery.csv", "returns.md"])
            for method in ["GET", "DELETE"] {
                let gone = try await test.api(method, "\(Self.path)/parking%20rules.md")
                #expect(gone.status == 404 && gone.detail.contains("/api/v1/documents"))
            }
        }
    }

    @Test("a question is answered with what an agent would be given, and how well it fits")
    func question() async throws {
        try await ServiceUnderTest.run { test in
            _ = try await put(
                test, "yard.txt", "The yard is for guests. Guests of the yard park there.", type: "text/plain")
            _ = try await put(
                test, "street.md", "# Street\n\nNobody may leave a bicycle in the yard, and a car is towed.")
            let question = "guests of the yard"
            let answer = try await test.api("POST", "\(Self.path)/search", json: ["question": question])
            #expect(answer.status == 200 && answer.object["order"] as? String == "words", "\(answer.detail)")
            let found = try #require(answer.object["passages"] as? [[String: Any]])
            #expect(found.map { $0["source"] as? String } == ["yard.txt", "street.md"])
            let scores = found.compactMap { $0["score"] as? Double }
            #expect(scores.count == 2 && scores[0] > scores[1])
            let given = try await asked(test, question)
            #expect(given.compactMap { $0["text"]?.string } == found.compactMap { $0["text"] as? String })
            let none = try await test.api("POST", "\(Self.path)/search", json: ["question": "zeppelins"])
            #expect(none.status == 200 && (none.object["passages"] as? [Any])?.isEmpty == true)
            for question in ["", String(repeating: "x", count: 401)] {
                let refused = try await test.api("POST", "\(Self.path)/search", json: ["question": question])
                #expect(refused.status == 422 && refused.detail.contains("question"))
            }
            // Where a question may hold a caller's words, no log does.
            #expect(!test.log.lines.contains { $0.contains("zeppelins") })
        }
    }

    @Test("what is no document, or would lie elsewhere, is refused with what would do, and nothing is written")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            for name in [
                "..%2Fevil.md", "%2e%2e%2fevil.md", "sub%2Fevil.md", "%2Fetc%2Fevil.md", ".hidden.md", "evil.exe",
                "evil", "evil.pdf", "evil.md.", "%20evil.md", "b%C3%B6se.md", "a%5Cevil.md",
                String(repeating: "x", count: 101) + ".md",
            ] {
                let answer = try await put(test, name, Self.parking)
                #expect(answer.status == 422 && answer.detail.contains(".markdown"), "\(name): \(answer.status)")
            }
            for name in ["evil%00.md", "evil%0A.md", "%FF.md"] {
                #expect(try await put(test, name, Self.parking).status == 404, "\(name)")
            }
            for name in ["..%2F..%2F..%2Fetc%2Fpasswd", "..%2Fparley.db", "none.md"] {
                #expect(try await test.api("GET", "\(Self.path)/\(name)").status == 404, "\(name)")
                #expect(try await test.api("DELETE", "\(Self.path)/\(name)").status == 404, "\(name)")
            }
            for text in ["", " \n\t", "# \n", "a\0b"] {
                let answer = try await put(test, "evil.md", text)
                #expect(answer.status == 422 && answer.object["code"] as? String == "faulty_document", "\(text)")
            }
            let latin = try await test.api(
                "PUT", "\(Self.path)/evil.md", body: [0x63, 0x61, 0x66, 0xE9], headers: [("Content-Type", "text/plain")]
            )
            #expect(latin.status == 422 && latin.detail.contains("UTF-8"))
            #expect(try await put(test, "evil.md", "{}", type: "application/json").status == 415)
            let long = String(repeating: "A sentence. ", count: KnowledgeDesk.largest / 12 + 1)
            #expect(try await put(test, "evil.md", long).status == 413)
            let wide = String(repeating: "wide ", count: 10_000) + "\n" + String(repeating: "x\n", count: 5000)
            for (name, text) in [
                ("evil.csv", "name\n" + String(repeating: "x\n", count: Document.mostPassages + 1)), ("evil.csv", wide),
                ("evil.md", String(repeating: "# a\nb\n", count: Document.mostPassages + 1)),
            ] {
                let answer = try await put(test, name, text)
                #expect(answer.status == 422 && answer.detail.contains("cut it into several"), "\(answer.detail)")
            }
            #expect(try await test.api("GET", "\(Self.path)/search").status == 405)
            #expect(files(test) == ["delivery.csv", "returns.md"])
            #expect(try await names(test) == ["delivery.csv", "returns.md"])
            let all = FileManager.default.subpaths(atPath: test.directory.path) ?? []
            let evil = all.filter { $0.contains("evil") || $0.contains("hidden") }
            #expect(!all.isEmpty && evil == [])
            #expect(!FileManager.default.fileExists(atPath: "/etc/evil.md"))
        }
    }

    @Test("the list is told in pages, whatever the names are, and goes on though what it stood at is gone")
    func pages() async throws {
        try await ServiceUnderTest.run { test in
            for name in ["parking%20rules.md", "menu.md"] {
                #expect(try await put(test, name, Self.parking).status == 201)
            }
            var (found, sizes, after): ([String], [Int], String) = ([], [], "")
            repeat {
                let page = try await test.api("GET", "\(Self.path)?limit=1\(after)")
                #expect(page.status == 200, "\(page.detail)")
                let documents = try #require(page.object["documents"] as? [[String: Any]])
                found += documents.compactMap { $0["name"] as? String }
                sizes.append(documents.count)
                after = (page.object["next"] as? String).map { "&after=\($0)" } ?? ""
            } while !after.isEmpty && sizes.count < 9
            let all = ["delivery.csv", "menu.md", "parking rules.md", "returns.md"]
            #expect(found == all && sizes == [1, 1, 1, 1])
            #expect(try await names(test) == all)
            let first = try await test.api("GET", "\(Self.path)?limit=2")
            let next = try #require(first.object["next"] as? String)
            #expect(try await test.api("DELETE", "\(Self.path)/menu.md").status == 204)
            let rest = try await test.api("GET", "\(Self.path)?after=\(next)")
            let behind = (rest.object["documents"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
            #expect(behind == ["parking rules.md", "returns.md"] && rest.object["next"] == nil)
            for wrong in ["menu.md", "1~x", "00", "6", "6G", "6D"] {
                let answer = try await test.api("GET", "\(Self.path)?after=\(wrong)")
                #expect(answer.status == 400 && answer.detail.contains("page before"), "\(wrong)")
            }
        }
    }

    @Test("whoever may look may ask, builders may change, and the audit log tells of changes")
    func roles() async throws {
        try await ServiceUnderTest.run { test in
            func headers(_ scope: APIKeyRecord.Scope) async throws -> [(String, String)] {
                let (secret, record) = KeyRing.make(name: scope.rawValue, scope: scope, at: Date())
                try await test.service.store.add(record)
                return [("Authorization", "Bearer \(secret)")]
            }
            let (admin, builder) = (try await headers(.admin), try await headers(.builder))
            let (op, viewer) = (try await headers(.operator), try await headers(.viewer))
            #expect(try await test.api("GET", Self.path, headers: viewer).status == 200)
            #expect(try await test.api("GET", "\(Self.path)/returns.md", headers: viewer).status == 200)
            let asked = try await test.api(
                "POST", "\(Self.path)/search", json: ["question": "refund"], headers: viewer)
            #expect(asked.status == 200)
            #expect(try await put(test, "parking.md", Self.parking, op).status == 403)
            #expect(try await test.api("DELETE", "\(Self.path)/returns.md", headers: op).status == 403)
            #expect(try await put(test, "parking.md", Self.parking).status == 401)
            #expect(try await put(test, "parking.md", Self.parking, builder).status == 201)
            #expect(try await test.api("DELETE", "\(Self.path)/parking.md", headers: builder).status == 204)
            let audit = try await test.api("GET", "/api/v1/audit", headers: admin).object
            let entries = try #require(audit["entries"] as? [[String: Any]])
            #expect(
                entries.compactMap { $0["act"] as? String } == [
                    "DELETE /documents/{name}", "PUT /documents/{name}", "DELETE /documents/{name}",
                    "PUT /documents/{name}",
                ])
            #expect(entries.compactMap { $0["outcome"] as? String } == ["done", "done", "refused", "refused"])
            #expect(entries.first?["subject"] as? String == "/documents/parking.md")
        }
    }

    @Test("a folder that takes nothing says so, and what agents find stays as it was")
    func unwritable() async throws {
        try await ServiceUnderTest.run { test in
            let folder = test.service.configuration.tools.documents
            let aside = folder + ".aside"
            try FileManager.default.moveItem(atPath: folder, toPath: aside)
            // In its place is a file, into which nobody can put another, whoever they are.
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder))
            let answer = try await put(test, "parking.md", Self.parking)
            #expect(answer.status == 503 && answer.detail.contains("tools.documents"), "\(answer.detail)")
            #expect(try await asked(test, "where do guests park").isEmpty)
            #expect(try await !asked(test, "refund").isEmpty)
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: aside, toPath: folder)
            #expect(try await put(test, "parking.md", Self.parking).status == 201)
        }
    }
}
