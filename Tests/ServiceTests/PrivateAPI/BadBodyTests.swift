import Console
import Foundation
import Testing

@testable import Service

/// Over the API's own document, so that an operation that is new is asked, too.
@Suite("Bodies that are not what an operation takes")
struct BadBodyTests {
    private struct Operation: Sendable {
        let method: String
        /// With something in place of each parameter.
        let path: String
        /// What the document names as its body's; nil where it takes none.
        let types: [String]?
        /// The properties of a body of JSON, with their types.
        let properties: [String: String]
    }

    private static func operations() throws -> [Operation] {
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(ConsoleFiles.openAPI)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        var found: [Operation] = []
        for (path, operations) in paths.sorted(by: { $0.key < $1.key }) {
            for (method, operation) in operations where ["post", "put", "patch"].contains(method) {
                let body = operation["requestBody"] as? [String: Any]
                let content = body?["content"] as? [String: [String: Any]]
                let schema = content?["application/json"]?["schema"] as? [String: Any]
                let properties = schema?["properties"] as? [String: [String: Any]] ?? [:]
                var place = path.replacing("{id}", with: "1").replacing("{name}", with: "winter-checkups")
                place = "/api/v1" + place.replacing("{number}", with: "1")
                found.append(
                    Operation(
                        method: method.uppercased(), path: place, types: content?.keys.sorted(),
                        properties: properties.mapValues { $0["type"] as? String ?? "" }))
            }
        }
        return found
    }

    /// Bodies by what is wrong with them.
    private static func bodies(for operation: Operation) throws -> [(String, [UInt8])] {
        // Of no property the type that it has.
        var wrong: [String: Any] = [:]
        for (name, type) in operation.properties {
            switch type {
            case "object": wrong[name] = ["a list"]
            case "array", "boolean", "integer", "number": wrong[name] = "a text"
            default: wrong[name] = ["an": ["object"]]
            }
        }
        var bodies: [(String, [UInt8])] = [
            ("nothing", []), ("half a document", Array(#"{"number": ["#.utf8)), ("a list", Array("[]".utf8)),
            ("a text", Array(#""text""#.utf8)), ("a number", Array("-0.0e99".utf8)), ("null", Array("null".utf8)),
            ("bytes that are no text", [0x7B, 0x22, 0xC3, 0x28, 0xFF, 0x00]),
            ("depth", Array(String(repeating: "[", count: 8000).utf8)),
        ]
        if !wrong.isEmpty {
            bodies.append(("wrong types", Array(try JSONSerialization.data(withJSONObject: wrong))))
        }
        return bodies
    }

    @Test("are refused with a problem that says so, by every operation that takes a body; nothing fails on our side")
    func refused() async throws {
        let operations = try Self.operations()
        #expect(operations.count > 40)
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, directory in
                configuration.campaigns.directory =
                    OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
                configuration.campaigns.imports = directory.appending(path: "imports").path
            }
        ) { test in
            try await CampaignAPITests.fill(test)
            var asked = 0
            for operation in operations {
                guard operation.types?.contains("application/json") == true else { continue }
                for (what, body) in try Self.bodies(for: operation) {
                    let answer = try await test.api(
                        operation.method, operation.path, body: body, headers: [("Content-Type", "application/json")])
                    asked += 1
                    let place = "\(operation.method) \(operation.path) with \(what): \(answer.status) \(answer.detail)"
                    #expect((400..<500).contains(answer.status), "\(place)")
                    #expect(answer.header("content-type") == "application/problem+json", "\(place)")
                    #expect(!answer.detail.isEmpty, "\(place)")
                }
                // As something that it does not take.
                let other = try await test.api(
                    operation.method, operation.path, body: Array("{}".utf8), headers: [("Content-Type", "text/x-none")]
                )
                #expect((400..<500).contains(other.status), "\(operation.path) as text/x-none: \(other.status)")
            }
            #expect(asked > 150)
            #expect(!test.log.contains("a request failed"), "\(test.log.lines.filter { $0.contains("failed") })")
        }
    }

    @Test("do nothing where no body is taken: what is sent is not looked at, and nothing fails on our side")
    func unread() async throws {
        let operations = try Self.operations().filter { $0.types == nil }
        #expect(!operations.isEmpty)
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.campaigns.directory =
                OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
        }) { test in
            for operation in operations {
                for (what, body) in try Self.bodies(for: operation) {
                    let answer = try await test.api(
                        operation.method, operation.path, body: body, headers: [("Content-Type", "application/json")])
                    #expect(answer.status < 500, "\(operation.path) with \(what): \(answer.status) \(answer.detail)")
                }
            }
            #expect(!test.log.contains("a request failed"))
        }
    }
}
