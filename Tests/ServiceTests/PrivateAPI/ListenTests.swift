import Codecs
import Foundation
import Networking
import Testing

@testable import CallSession
@testable import Service

@Suite("Listening in on a call")
struct ListenTests {
    @Test("gives both sides until the call ends, to so many people and no more")
    func bothSides() async throws {
        // Also without a recording.
        try await ServiceUnderTest.run(configure: { configuration, _ in configuration.recordings.isEnabled = false }) {
            test in
            let caller = TestCaller(saying: ["what is the temperature"], on: test.loop, mayAnswer: { $0 == 0 })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let response = try await test.client.send(
                HTTPClientRequest(
                    method: "GET", url: "http://127.0.0.1:\(test.privatePort)/api/v1/calls/\(id)/audio"))
            #expect(response.status == 200)
            var bytes: [UInt8] = []
            var hasHungUp = false
            for try await chunk in response.body {
                bytes += chunk
                guard !hasHungUp, Self.isHeard(bytes) else { continue }
                hasHungUp = true
                #expect(try await test.api("POST", "/api/v1/calls/\(id)/hangup").status == 202)
            }
            #expect(hasHungUp, "both sides were heard, and the stream ended with the call")
            #expect(bytes.prefix(4) == Array("RIFF".utf8)[...])
            #expect(try await test.api("GET", "/api/v1/calls/\(id)/audio").status == 409)
            #expect(try await test.api("GET", "/api/v1/calls/nobody/audio").status == 404)
        }
    }

    @Test("gives one side alone, on both channels")
    func oneSide() throws {
        let (loud, soft) = (MuLaw.encode(8000), MuLaw.encode(-500))
        let piece = StereoBlock(
            position: 0, caller: Array(repeating: loud, count: 4), agent: Array(repeating: soft, count: 4))
        let (caller, agent) = (MuLaw.decode(loud), MuLaw.decode(soft))
        #expect(Self.frames(piece, .both) == [[caller, agent]])
        #expect(Self.frames(piece, .caller) == [[caller, caller]])
        #expect(Self.frames(piece, .agent) == [[agent, agent]])
    }

    /// What each frame has left and right.
    private static func frames(_ piece: StereoBlock, _ side: LiveWAV.Side) -> Set<[Int16]> {
        let bytes = LiveWAV.samples(of: piece, side: side)
        return Set(
            stride(from: 0, to: bytes.count, by: 4).map { place in
                [place, place + 2].map { Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }
            })
    }

    @Test("the listener says which side it is to be")
    func chosenSide() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["what is the temperature"], on: test.loop, mayAnswer: { $0 == 0 })
            caller.dial(try await test.announce("CA1"))
            var id = ""
            try await test.waitUntil("the call is live") {
                let live = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
                id = live?.first?["id"] as? String ?? ""
                return !id.isEmpty
            }
            let url = "http://127.0.0.1:\(test.privatePort)/api/v1/calls/\(id)/audio?side="
            #expect(try await test.api("GET", "/api/v1/calls/\(id)/audio?side=left").status == 400)
            let response = try await test.client.send(HTTPClientRequest(method: "GET", url: url + "agent"))
            #expect(response.status == 200)
            var bytes: [UInt8] = []
            var hasHungUp = false
            for try await chunk in response.body {
                bytes += chunk
                guard !hasHungUp, Self.isHeard(bytes) else { continue }
                hasHungUp = true
                #expect(try await test.api("POST", "/api/v1/calls/\(id)/hangup").status == 202)
            }
            #expect(hasHungUp, "the agent was heard")
            let frames = stride(from: 44, to: bytes.count - 3, by: 4)
            #expect(frames.allSatisfy { bytes[$0] == bytes[$0 + 2] && bytes[$0 + 1] == bytes[$0 + 3] })
        }
    }

    /// Whether somebody has spoken on the left and on the right.
    private static func isHeard(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 44 else { return false }
        var peaks = [0, 0]
        for place in stride(from: 44, to: bytes.count - 3, by: 4) {
            for side in 0..<2 {
                let sample = Int16(
                    bitPattern: UInt16(bytes[place + 2 * side]) | UInt16(bytes[place + 2 * side + 1]) << 8)
                peaks[side] = max(peaks[side], Int(sample.magnitude))
            }
        }
        return peaks.allSatisfy { $0 > 1000 }
    }
}
