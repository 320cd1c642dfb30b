import Testing

@testable import Store

/// What a test's store is kept in.
enum Engine: String, CaseIterable {
    case sqlite, postgres

    /// Of the test that runs.
    @TaskLocal static var current = Engine.sqlite
}

/// Runs every test of a suite on each engine, in turn; what goes wrong says on which.
struct BothEngines: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        for engine in test.tags.contains(.ofFiles) ? [.sqlite] : Engine.allCases {
            await Engine.$current.withValue(engine) {
                do { try await function() } catch {
                    Issue.record(error, "on \(engine)")
                }
            }
        }
    }
}

extension Trait where Self == BothEngines {
    /// Each test of the suite runs on SQLite and on PostgreSQL.
    static var onBothEngines: BothEngines { BothEngines() }
}

extension Tag {
    /// What it tests there is in a file alone.
    @Tag static var ofFiles: Self
}
