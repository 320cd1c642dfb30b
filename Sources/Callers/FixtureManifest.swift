import AudioCore
import Foundation

/// The recorded callers of `audio-fixtures/`, with what each says and means.
package struct FixtureManifest: Sendable {
    package struct Fixture: Sendable, Decodable {
        package var id: String
        /// Condition (`clean`, `snr20`, `snr10`) → path, relative to the manifest.
        package var files: [String: String]
        package var text: String
        package var voice: String
        package var agent: String
        /// The question it answers.
        package var context: String
        package var intent: String
        package var entities: [String: Value]
        package var category: String
        /// `tune`, or `held`: never used to tune anything.
        package var split: String
        /// The first voiced sample.
        package var speechStart: Int
        /// The sample after the last voiced one.
        package var speechEnd: Int
        /// The pauses in between, each from its first sample to the one after its last.
        package var pauses: [[Int]]
        /// The demo that plays it.
        package var demo: String?
    }

    /// A normalised entity; numbers compare as text.
    package struct Value: Sendable, Decodable, Equatable, CustomStringConvertible {
        package let description: String

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                description = "\(number)"
            } else {
                description = try container.decode(String.self)
            }
        }
    }

    package let fixtures: [Fixture]
    private let directory: URL

    /// - Parameter directory: the folder that holds `manifest.json`.
    package init(directory: String) throws {
        self.directory = URL(fileURLWithPath: directory, isDirectory: true)
        let data = try Data(contentsOf: self.directory.appendingPathComponent("manifest.json"))
        fixtures = try JSONDecoder().decode([Fixture].self, from: data)
    }

    /// The sound of a fixture.
    ///
    /// - Parameter condition: `clean`, `snr20` or `snr10`.
    package func clip(_ fixture: Fixture, condition: String = "clean") throws -> CallerClip {
        guard let file = fixture.files[condition] else {
            throw AudioError(
                .malformedFile, operation: "find", subject: fixture.id, reason: "it has no file for \"\(condition)\"")
        }
        return try CallerClip(path: directory.appendingPathComponent(file).path, speechEnd: fixture.speechEnd)
    }
}
