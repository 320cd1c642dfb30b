import CallSession
import Foundation
import Store
import Testing

@testable import Service

@Suite("Recordings are checked")
struct RecordingReportTests {
    @Test(
        "by their checksums: what was changed, is gone or was never checked is told apart, over pages and call by call")
    func states() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "parley.db").path)
        defer { try? store.close() }
        #expect(try await RecordingReport.make(of: nil, in: store).text == "There are no recordings.")

        for (index, id) in ["changed", "gone", "intact", "old"].enumerated() {
            let file = folder.appending(path: "\(id).wav")
            try Data("sound of \(id)".utf8).write(to: file)
            let call = CallRecord(
                id: id, carrier: "twilio", direction: .inbound, from: "", to: "", agent: "a", agentVersion: "1",
                startedAt: Date(timeIntervalSince1970: 0))
            let sum = id == "old" ? nil : try FileDigest.sha256(ofFile: file.path)
            let recording = RecordingRecord(
                callID: id, path: file.path, format: "wav", callerSamples: 1, agentSamples: 1, sha256: sum)
            try await store.apply([
                RevisedWrite(revision: 2 * index + 1, write: .call(call)),
                RevisedWrite(revision: 2 * index + 2, write: .recording(recording)),
            ])
        }
        try Data("sound of changes".utf8).write(to: folder.appending(path: "changed.wav"))
        try FileManager.default.removeItem(at: folder.appending(path: "gone.wav"))

        let report = try await RecordingReport.make(of: nil, in: store)
        #expect(report.findings.map(\.state) == [.changed, .missing, .intact, .unchecked])
        #expect(!report.isSound)
        #expect(report.text.hasSuffix("\n1 intact, 1 changed, 1 missing, 1 unchecked"))
        #expect(try await RecordingReport.make(of: ["intact", "old"], in: store).isSound)
        var paged: [String] = []
        while case let page = try await store.recordings(
            limit: 1,
            after: paged.last.map { id in
                RecordingRecord(
                    callID: id, path: folder.appending(path: "\(id).wav").path, format: "", callerSamples: 0,
                    agentSamples: 0)
            }), let found = page.first
        { paged.append(found.callID) }
        #expect(paged == ["changed", "gone", "intact", "old"])
    }
}
