import CallSession
import Foundation
package import Store

/// Whether recordings are still what was recorded.
package struct RecordingReport: Sendable, Equatable, Encodable {
    package enum State: String, Sendable, Encodable {
        /// The file has the checksum that is in its record.
        case intact
        case changed
        case missing
        /// Its record has no checksum: it was made before there were any, or could not be read when it was made.
        case unchecked
    }

    package struct Finding: Sendable, Equatable, Encodable {
        package let callID: String
        package let path: String
        package let state: State
    }

    /// One for each recording.
    package private(set) var findings: [Finding] = []

    package var isSound: Bool { findings.allSatisfy { $0.state == .intact || $0.state == .unchecked } }

    /// What is wrong, one a line, and how many there are of each.
    package var text: String {
        guard !findings.isEmpty else { return "There are no recordings." }
        let wrong = findings.filter { $0.state != .intact }.map { "\($0.state.rawValue)  \($0.callID)  \($0.path)" }
        let counts = [State.intact, .changed, .missing, .unchecked].compactMap { state in
            let count = findings.count { $0.state == state }
            return count > 0 ? "\(count) \(state.rawValue)" : nil
        }
        return (wrong + [counts.joined(separator: ", ")]).joined(separator: "\n")
    }

    /// Reads the recordings' files, one after the other.
    ///
    /// - Parameter calls: of these calls only; nil for all that there are.
    package static func make(of calls: [String]?, in store: Store) async throws -> RecordingReport {
        var report = RecordingReport()
        if let calls {
            for id in calls { report.look(at: try await store.story(ofCall: id).recordings) }
            return report
        }
        var last: RecordingRecord?
        while true {
            let page = try await store.recordings(limit: 200, after: last)
            guard !page.isEmpty else { return report }
            report.look(at: page)
            last = page.last
        }
    }

    private mutating func look(at recordings: [RecordingRecord]) {
        for recording in recordings {
            findings.append(
                Finding(callID: recording.callID, path: recording.path, state: Self.state(of: recording)))
        }
    }

    private static func state(of recording: RecordingRecord) -> State {
        guard FileManager.default.fileExists(atPath: recording.path) else { return .missing }
        guard let expected = recording.sha256 else { return .unchecked }
        // One that cannot be read is not what was recorded.
        return (try? FileDigest.sha256(ofFile: recording.path)) == expected ? .intact : .changed
    }
}
