import Console
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Service

@Suite("The document of the API")
struct OpenAPITests {
    private func document() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(ConsoleFiles.openAPI)) as? [String: Any])
    }

    @Test("describes every operation there is, with its scope, and no other")
    func operations() async throws {
        try await ServiceUnderTest.run { test in
            let paths = try #require(document()["paths"] as? [String: [String: [String: Any]]])
            let described = paths.flatMap { path, operations in
                operations.map { "\($0.key.uppercased()) \(path) \($0.value["x-scope"] as? String ?? "anybody")" }
            }
            let (api, _) = test.unservedAPI()
            let routes = api.routes.map {
                "\($0.method.rawValue) \($0.path) \($0.scope?.rawValue ?? "anybody")"
            }
            #expect(described.sorted() == routes.sorted())
            let served = try await test.api("GET", "/api/v1/openapi.json")
            #expect(Array(served.body) == ConsoleFiles.openAPI)
        }
    }

    @Test("an idempotency key is taken by every POST but those that docs/api.md names with their reasons")
    func idempotencyKeys() async throws {
        let paths = try #require(document()["paths"] as? [String: [String: [String: Any]]])
        let without = paths.filter { _, operations in
            guard let post = operations["post"] else { return false }
            let parameters = post["parameters"] as? [[String: Any]] ?? []
            return !parameters.contains { ($0["$ref"] as? String)?.hasSuffix("/IdempotencyKey") == true }
        }.keys.sorted()
        #expect(
            without == [
                "/accounts", "/accounts/{name}/password", "/agents/validate", "/campaigns/{name}/contacts/preview",
                "/contacts/lookup", "/contacts/search", "/do-not-call/lookup", "/documents/search", "/keys",
                "/keys/{id}/rotate", "/people/erase", "/people/export", "/session", "/session/password",
            ])
        try await ServiceUnderTest.run { test in
            let (api, _) = test.unservedAPI()
            #expect(api.routes.filter { $0.method == .post && !$0.acts }.map(\.path).sorted() == without)
        }
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let page = try String(contentsOf: root.appending(path: "docs/api.md"), encoding: .utf8)
        for path in without { #expect(page.contains("`\(path)`"), "\(path)") }
    }

    @Test("refers only to what it has")
    func references() throws {
        let document = try document()
        var missing: [String] = []
        func look(_ value: Any) {
            if let object = value as? [String: Any] {
                if let reference = object["$ref"] as? String {
                    let parts = reference.split(separator: "/").dropFirst().map(String.init)
                    let target = parts.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
                    if target == nil { missing.append(reference) }
                }
                object.values.forEach(look)
            } else if let array = value as? [Any] {
                array.forEach(look)
            }
        }
        look(document)
        #expect(missing == [])
    }
}
