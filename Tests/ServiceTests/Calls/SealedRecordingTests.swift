import AudioCore
import CallSession
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Recordings that are encrypted")
struct SealedRecordingServiceTests {
    private static let key = Data(repeating: 7, count: 32).base64EncodedString()

    @Test("are played, drawn and checked like others, and are closed on the disk")
    func service() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in configuration.recordings.key = Secret(Self.key)
        }) {
            test in
            let id = try await test.finishedCall(saying: ["set it to seventy degrees", "goodbye"])
            let recording = try #require(try await test.service.store.story(ofCall: id).recordings.first)
            #expect(recording.format == "sealed" && recording.path.hasSuffix(".sealed") && recording.sha256 != nil)
            #expect(SealedReader.canRead(recording.path))

            let path = "/api/v1/calls/\(id)/recording"
            let whole = try await test.api("GET", path)
            #expect(whole.status == 200 && whole.header("content-type") == "audio/wav")
            #expect(whole.body.count == 44 + recording.callerSamples * 4)
            let copy = test.directory.appending(path: "copy.wav")
            try whole.body.write(to: copy)
            #expect(try WAVReader(path: copy.path).frameCount == recording.callerSamples)
            for range in [0..<10, 40..<50, 44..<45, 32_000..<34_000, whole.body.count - 20..<whole.body.count] {
                let part = try await test.api(
                    "GET", path, headers: [("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")])
                #expect(part.status == 206 && part.body == whole.body[range], "\(range)")
                #expect(
                    part.header("content-range")
                        == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(whole.body.count)")
            }
            let drawn = try await test.api("GET", "/api/v1/calls/\(id)/waveform?buckets=50").object
            let plain = try Waveform(path: copy.path, buckets: 50)
            #expect(drawn["agent"] as? [Int] == plain.agent && plain.agent.contains { $0 > 0 })
            #expect(try await RecordingReport.make(of: nil, in: test.service.store).isSound)

            var bytes = try Data(contentsOf: URL(fileURLWithPath: recording.path))
            bytes.removeLast(9)
            try bytes.write(to: URL(fileURLWithPath: recording.path))
            let damaged = try await test.api("GET", path)
            #expect(damaged.status == 409 && damaged.detail.contains("cut short"))

            // An open file in its place is not given for what was recorded.
            try whole.body.write(to: URL(fileURLWithPath: recording.path))
            for place in [path, "/api/v1/calls/\(id)/waveform"] {
                let foreign = try await test.api("GET", place)
                #expect(foreign.status == 409 && foreign.detail.contains("sealed"), "\(place)")
            }
        }
    }

    @Test("a key that is none stops the start, without being shown")
    func badKey() {
        var recordings = ParleyConfiguration.Recordings()
        recordings.key = "c2hvcnQ="
        #expect(throws: RecordingKeyFault(key: "recordings.key")) { try recordings.keys() }
        recordings.key = Secret(Self.key)
        recordings.earlierKeys = Secret("\(Self.key), nonsense")
        #expect(throws: RecordingKeyFault(key: "recordings.earlier_keys")) { try recordings.keys() }
    }
}
