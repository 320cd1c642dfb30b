import Foundation
import Store
import Testing

@testable import Service

@Suite("Bodies that are larger than their operation takes")
struct LargeBodyTests {
    /// What is asked, with one byte more than it takes; the words for how much that is.
    private static let cases: [(method: String, path: String, type: String, size: Int, words: String)] = [
        ("POST", "/session", "application/json", 4096, "4096 bytes"),
        ("POST", "/live/hangup", "application/json", 16_384, "16384 bytes"),
        ("POST", "/keys", "application/json", 16_384, "16384 bytes"),
        ("PATCH", "/contacts", "application/json", 65_536, "65536 bytes"),
        ("POST", "/campaigns", "application/yaml", 65_536, "65536 bytes"),
        ("POST", "/agents/validate", "application/json", 1_048_576, "1048576 are the most"),
        ("PUT", "/documents/large.md", "text/markdown", KnowledgeDesk.largest, "\(KnowledgeDesk.largest) are the most"),
        ("POST", "/campaigns/none/contacts/preview", "text/csv", 1_048_576, "1048576 are the most"),
        ("POST", "/campaigns/none/contacts", "text/csv", 2_000_000, "campaigns.largest_import"),
        ("POST", "/do-not-call/import", "text/csv", 2_000_000, "campaigns.largest_import"),
    ]

    @Test("are refused with a problem that says how many bytes it takes, and are no act that failed on our side")
    func refused() async throws {
        try await ServiceUnderTest.run(configure: { configuration, directory in
            configuration.campaigns.directory = OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
            configuration.campaigns.imports = directory.appending(path: "imports").path
            configuration.campaigns.largestImport = 2_000_000
        }) { test in
            for (method, path, type, size, words) in Self.cases {
                let answer = try await test.api(
                    method, "/api/v1" + path, body: [UInt8](repeating: 0x61, count: size + 1),
                    headers: [("Content-Type", type)])
                #expect(answer.status == 413, "\(path): \(answer.status)")
                #expect(answer.header("content-type") == "application/problem+json", "\(path)")
                #expect(answer.object["code"] as? String == "too_large", "\(path)")
                #expect(answer.detail.contains(words), "\(path): \(answer.detail)")
                // Nothing more of it has to be sent.
                #expect(answer.header("connection") == "close", "\(path)")
            }
            let rows = try await test.service.store.audit()
            #expect(rows.allSatisfy { $0.outcome != .failed }, "\(rows.map(\.act))")
        }
    }
}
