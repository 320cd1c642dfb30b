import Foundation
import Networking
import ServiceLifecycle
import Store
import Telephony
import Testing

@testable import Service

/// Calls of Asterisk's AudioSocket: an invitation over HTTP, then the call over a TCP connection of its own.
@Suite("AudioSocket calls")
struct AudioSocketCallTests {
    private static func run(
        peers: String = "127.0.0.0/8", _ body: (ServiceUnderTest, Int) async throws -> Void,
        afterwards: (Store) async throws -> Void = { _ in }
    ) async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.audioSocket.port = 0
            configuration.carriers.audioSocket.token = Secret("s3cret")
            configuration.carriers.audioSocket.peers = [AddressBlock(peers)].compactMap(\.self)
        }) { test in
            try await body(test, try #require(try await test.service.reachable().audioSocketPort))
        } afterwards: { store, _ in
            try await afterwards(store)
        }
    }

    private static func invite(
        _ test: ServiceUnderTest, _ form: [String: String] = ["token": "s3cret"], method: String = "POST"
    ) async throws -> (status: Int, text: String) {
        var url = "http://127.0.0.1:\(test.port)/audiosocket/invitation"
        let fields = FormBody(form.map { FormBody.Field($0.key, $0.value) }).encoded()
        if method == "GET" { url += "?" + String(decoding: fields, as: UTF8.self) }
        let response = try await test.client.send(
            HTTPClientRequest(
                method: method, url: url, headers: [("content-type", "application/x-www-form-urlencoded")],
                body: method == "GET" ? [] : fields))
        return (response.status, String(decoding: try await response.body.collect(upTo: 10_000), as: UTF8.self))
    }

    @Test(
        "are invited, hear the agent on a steady clock with silence between, and press keys, also byte by byte",
        arguments: [("POST", 100_000), ("GET", 1)])
    func call(method: String, piece: Int) async throws {
        try await Self.run { test, port in
            let form = ["token": "s3cret", "from": "+15550100", "to": "+15550199"]
            let invitation = try await Self.invite(test, form, method: method)
            #expect(invitation.status == 200 && UUID(uuidString: invitation.text) != nil, "\(invitation)")
            var peer = AudioSocketPeer(port: port, opening: AudioSocketPeer.opening(invitation.text), piece: piece)
            peer.keys = [10: "5", 20: "#"]
            let story = await peer.hold { $0.frames >= 150 }
            #expect(story.fault == nil && !story.isClosed, "\(story)")
            #expect(story.loudFrames >= 10, "\(story)")
            #expect(story.loudFrames < story.frames, "\(story)")
            // 60 ms at most wait at Asterisk, which plays at once what comes; and its two seconds are far.
            #expect(story.earliest <= 100 && story.longestGap < 1000, "\(story)")
        } afterwards: { store in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrier) == ["audiosocket"])
            #expect(calls.first?.from == "+15550100" && calls.first?.to == "+15550199")
            let id = try #require(calls.first?.id)
            #expect(try await store.story(ofCall: id).incidents.isEmpty)
        }
    }

    @Test("end with a hang-up when the service stops, and nothing after it")
    func drain() async throws {
        try await Self.run { test, port in
            let invitation = try await Self.invite(test)
            let peer = AudioSocketPeer(port: port, opening: AudioSocketPeer.opening(invitation.text))
            async let story = peer.hold()
            try await test.waitUntil("a call") { try await test.metric("parley_loop_sent_bytes_total") > 3000 }
            await test.group.triggerGracefulShutdown()
            let end = await story
            #expect(end.wasHungUp && end.isClosed && end.fault == nil, "\(end)")
        }
    }

    @Test("of strangers are refused: without an invitation, with a used one, in other words, in none; others go on")
    func strangers() async throws {
        try await Self.run { test, port in
            let neighbour = try await Neighbour(of: test)
            #expect(try await Self.invite(test, [:]).status == 401)
            #expect(try await Self.invite(test, ["token": "s3cret2"], method: "GET").status == 401)
            #expect(try await Self.invite(test, ["token": "s3cret", "agent": "nobody"]).status == 404)
            let used = try await Self.invite(test).text
            #expect(
                await AudioSocketPeer(port: port, opening: AudioSocketPeer.opening(used))
                    .hold { $0.frames >= 3 }.frames >= 3)
            let cases: [([UInt8], String)] = [
                (AudioSocketPeer.opening(used), "nobody was invited"),
                (AudioSocketPeer.opening(UUID().uuidString), "nobody was invited"),
                (Array("GET / HTTP/1.1\r\n\r\n".utf8), "does not begin as it should"),
                ([0x10, 1, 64], "does not begin as it should"),
                // The first bytes of a UUID, and then nothing.
                ([1, 0, 16, 7], "within 5 seconds"),
            ]
            await withTaskGroup { group in
                for (opening, reason) in cases {
                    group.addTask {
                        let story = await AudioSocketPeer(port: port, opening: opening, isMute: true).hold()
                        #expect(story.isClosed && story.frames == 0, "\(reason): \(story)")
                        #expect(test.log.contains("media stream refused", reason), "\(reason)")
                    }
                }
            }
            // A token that was not the one, two UUIDs that nobody was given, and somebody who showed no token at all.
            for (fault, count) in [("mismatch", 3.0), ("missing", 1)] {
                let refusals = try await test.refusals("audiosocket", fault)
                #expect(refusals == count, "\(fault)")
            }
            #expect(test.log.contains("invitation refused", "there is no token, bearer, password or x-api-key"))
            #expect(test.log.contains("invitation refused", "the token is not carriers.audiosocket.token"))
            await neighbour.end()
        } afterwards: { store in
            try await Neighbour.check(in: store)
            #expect(try await store.calls().calls.count == 2)
        }
    }

    @Test("from addresses that are not listed are closed before they are read")
    func peers() async throws {
        try await Self.run(peers: "10.0.0.0/8") { test, port in
            let invitation = try await Self.invite(test)
            let story = await AudioSocketPeer(port: port, opening: AudioSocketPeer.opening(invitation.text)).hold()
            #expect(story.isClosed && story.frames == 0, "\(story)")
            #expect(test.log.contains("media stream refused", "127.0.0.1 is not in carriers.audiosocket.peers"))
            let refusals = try await test.refusals("audiosocket", "mismatch")
            #expect(refusals == 1)
        }
    }
}
