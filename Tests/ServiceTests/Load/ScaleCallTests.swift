import CallSession
import Foundation
import Store
import Testing

@testable import Service

@Suite("The call of the scale load")
struct ScaleCallTests {
    @Test("has its recording in a format that there is, where its record says")
    func recording() throws {
        let call = ScaleCall(begun: Date(timeIntervalSince1970: 1_790_000_000), node: "n1")
        var recordings: [RecordingRecord] = []
        var paths: [String] = []
        for write in call.portions().joined() {
            switch write {
            case .recording(let recording): recordings.append(recording)
            case .call(let record): paths += [record.recordingPath].compactMap(\.self)
            default: break
            }
        }
        let recording = try #require(recordings.first)
        let format = try #require(RecordingFormat(rawValue: recording.format))
        #expect(recordings.count == 1 && recording.path.hasSuffix(format.suffix))
        #expect(paths == [recording.path])
    }
}
