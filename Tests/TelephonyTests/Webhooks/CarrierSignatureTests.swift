import Foundation
import Telephony
import Testing

/// One case that a carrier's own package made and judged (`peers/carrier_vectors.py`).
private struct Vector: Decodable {
    var carrier: String
    var name: String
    var key: String
    var url: String?
    var fields: [[String]]?
    var nonce: String?
    var body: String?
    var time: String?
    var now: Int64?
    var signature: String?
    var token: String?
    var isValid: Bool

    var form: FormBody { FormBody((fields ?? []).map { FormBody.Field($0[0], $0[1]) }) }

    static let folder = URL(fileURLWithPath: #filePath).appending(path: "../../peers").standardizedFileURL

    static func committed() throws -> Data { try Data(contentsOf: folder.appending(path: "carrier_vectors.json")) }

    static func of(_ carrier: String) throws -> [Vector] {
        let vectors = try JSONDecoder().decode([Vector].self, from: committed()).filter { $0.carrier == carrier }
        #expect(vectors.contains { $0.isValid } && vectors.contains { !$0.isValid })
        return vectors
    }
}

/// Where `make test` keeps the Python packages that the tests compare with; unset when run by hand.
private let peers = ProcessInfo.processInfo.environment["PARLEY_PEERS"]

@Suite("Signatures of Telnyx, Plivo and Vonage")
struct CarrierSignatureTests {
    @Test("Plivo's are judged as its package judges them")
    func plivo() throws {
        for vector in try Vector.of("plivo") {
            let signature = PlivoSignature(authToken: vector.key)
            let (url, nonce, given) = (vector.url ?? "", vector.nonce ?? "", vector.signature ?? "")
            #expect(
                signature.isValid(given, nonce: nonce, url: url, form: vector.form) == vector.isValid,
                "\(vector.name) \(url)")
            if vector.isValid, !given.contains(",") {
                #expect(signature.sign(url: url, form: vector.form, nonce: nonce) == given, "\(vector.name) \(url)")
            }
        }
    }

    @Test("Telnyx's are judged as its package judges them")
    func telnyx() throws {
        for vector in try Vector.of("telnyx") {
            let signature = try #require(TelnyxSignature(publicKey: vector.key))
            let verdict = signature.verdict(
                on: vector.signature ?? "", time: vector.time ?? "", body: Array((vector.body ?? "").utf8),
                now: .seconds(vector.now ?? 0))
            #expect((verdict == .valid) == vector.isValid, "\(vector.name): \(verdict)")
            if vector.name.hasPrefix("age"), !vector.isValid { #expect(verdict == .stale) }
        }
    }

    @Test("Vonage's are judged as its package judges them, and the time and the body besides")
    func vonage() throws {
        for vector in try Vector.of("vonage") {
            let signature = VonageSignature(secret: vector.key)
            let verdict = signature.verdict(
                on: "Bearer \(vector.token ?? "")", body: Array((vector.body ?? "").utf8),
                now: .seconds(vector.now ?? 0))
            if case .valid(let id) = verdict {
                #expect(vector.isValid, "\(vector.name)")
                #expect(id == "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5")
            } else {
                #expect(!vector.isValid, "\(vector.name): \(verdict)")
            }
        }
    }

    @Test(
        "What is no signature at all is refused without a trap",
        arguments: ["", ".", "..", "Bearer", "Bearer ..", "Bearer a.b.c", "Basic YTpi", "Bearer \u{0}.é.=", "%%%"])
    func nonsense(text: String) throws {
        let now = Duration.seconds(1_790_000_000)
        #expect(VonageSignature(secret: "s").verdict(on: text, body: [], now: now) == .invalid)
        #expect(!PlivoSignature(authToken: "s").isValid(text, nonce: text, url: text, form: FormBody([])))
        let key = try #require(TelnyxSignature(publicKey: String(repeating: "A", count: 43) + "="))
        #expect(key.verdict(on: text, time: text, body: [], now: now) == .invalid)
        #expect(TelnyxSignature(publicKey: text) == nil)
    }

    @Test(
        "A time that is no time, or at the end of all times, is refused",
        arguments: ["-9223372036854775808", "1e9", ""])
    func oddTimes(time: String) throws {
        let vector = try #require(try Vector.of("telnyx").first { $0.isValid })
        let signature = try #require(TelnyxSignature(publicKey: vector.key))
        let verdict = signature.verdict(
            on: vector.signature ?? "", time: time, body: Array((vector.body ?? "").utf8), now: .seconds(Int64.max / 2))
        #expect(verdict == .invalid)
    }

    @Test(
        "A token of Vonage that is made at the end of all times is stale, and takes nobody down",
        arguments: [Int64.min, Int64.min + 1, 0, Int64.max])
    func oddClocks(now: Int64) {
        let signature = VonageSignature(secret: "secret")
        let token = signature.token(body: [], id: "j-1", now: .seconds(1_790_000_000))
        #expect(signature.verdict(on: "Bearer " + token, body: [], now: .seconds(now)) == .stale)
    }

    @Test("A token that Parley makes is one that it accepts, once for each body")
    func ownToken() {
        let signature = VonageSignature(secret: "secret")
        let now = Duration.seconds(1_790_000_000)
        let token = signature.token(body: Array("{}".utf8), id: "j-1", now: now)
        #expect(signature.verdict(on: "bearer " + token, body: Array("{}".utf8), now: now) == .valid(id: "j-1"))
        #expect(signature.verdict(on: "bearer " + token, body: Array("[]".utf8), now: now) == .otherBody)
        #expect(signature.verdict(on: "bearer " + token, body: Array("{}".utf8), now: now + .seconds(301)) == .stale)
    }

    @Test("The committed vectors are what the packages make today", .enabled(if: peers != nil))
    func peer() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(peers ?? "")/bin/python3")
        process.arguments = ["-W", "ignore", Vector.folder.appending(path: "carrier_vectors.py").path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let made = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "are plivo, telnyx and vonage-jwt installed in \(peers ?? "")?")
        #expect(try made == Vector.committed())
    }

    @Test("A guard remembers what was used, for its time and up to its size")
    func replay() {
        var guarded = ReplayGuard(capacity: 3, lifetime: .seconds(10))
        func use(_ name: String, at second: Int) -> Bool { guarded.use(name, now: .seconds(second)) }
        #expect(use("a", at: 0))
        #expect(!use("a", at: 9))
        #expect(use("a", at: 10))
        for name in ["b", "c", "d"] { #expect(use(name, at: 11)) }
        #expect(guarded.count == 3)
        #expect(!guarded.contains("a") && guarded.contains("d"))
        for index in 0..<20 { #expect(use("\(index)", at: 12)) }
        #expect(guarded.count == 3)
    }
}
