import Foundation
import Testing

@testable import Service

/// Lets schemathesis ask a tenant for all that the API's document promises, a round after the other, and counts the answers.
struct SchemaRounds {
    let test: ServiceUnderTest
    /// What `peers/schema.py` is told of the tenant.
    let things: URL
    /// How often an operation, such as `GET /calls/{id}`, was answered with each status.
    private(set) var answers: [String: [Int: Int]] = [:]

    /// What ends one thing, asked for after what needs it.
    static let endings = [
        "hangUp", "transfer", "removeDocument", "removeAccount", "rotateKey", "revokeKey", "endSession",
        "unpublishAgent",
    ]
    /// What ends every call on the line.
    static let stops = ["hangUpMany", "stopAgents", "resumeAgents"]
    /// What leaves nothing of a caller.
    static let erasures = ["erasePerson"]

    init(_ test: ServiceUnderTest, things: URL) {
        self.test = test
        self.things = things
    }

    /// Asks for everything that leaves things as they are, or makes more.
    mutating func askForTheRest() async throws {
        try await ask(["except"] + Self.endings + Self.stops + Self.erasures)
    }

    mutating func ask(only operations: [String]) async throws { try await ask(["only"] + operations) }

    private mutating func ask(_ choice: [String]) async throws {
        var peers = URL(fileURLWithPath: #filePath)
        for _ in 0..<2 { peers.deleteLastPathComponent() }
        let program = peers.appending(path: "peers/schema.py").path
        let (status, report) = try await TestPeers.run(
            "python", [program, "http://127.0.0.1:\(test.privatePort)/api/v1", things.path] + choice)
        #expect(status == 0, "\(report)")
        let last = report.split(separator: "\n").last.map { Data($0.utf8) } ?? Data()
        let counts = try #require(
            try? JSONDecoder().decode([String: [String: Int]].self, from: last), "no counts at the end of: \(report)")
        for (operation, statuses) in counts {
            for (text, count) in statuses {
                let number = try #require(Int(text))
                answers[operation, default: [:]][number, default: 0] += count
            }
        }
    }

    /// Whether the operation was carried out at least once.
    func wasDone(_ operation: DocumentedOperation) -> Bool {
        (answers["\(operation.method) \(operation.path)"] ?? [:]).keys.contains { (200..<300).contains($0) }
    }

    /// How many answers had each status, over all operations.
    var statuses: [Int: Int] {
        answers.values.reduce(into: [:]) { sums, counts in sums.merge(counts, uniquingKeysWith: +) }
    }
}
