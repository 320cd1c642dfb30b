import Foundation
import Telephony
import Testing

/// One case that Twilio's own validator made and judged (`peers/twilio_vectors.py`).
private struct Vector: Decodable {
    var name: String
    var token: String
    var url: String
    var fields: [[String]]
    var body: String?
    var signature: String
    var isValid: Bool

    var form: FormBody { FormBody(fields.map { FormBody.Field($0[0], $0[1]) }) }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("peers")

    static func committed() throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent("twilio_vectors.json"))
    }
}

/// Where `make test` keeps the Python packages that the tests compare with; unset when run by hand.
private let peers = ProcessInfo.processInfo.environment["PARLEY_PEERS"]

@Suite("Twilio signatures")
struct TwilioSignatureTests {
    @Test("Every vector of Twilio's validator is judged as the validator judges it")
    func vectors() throws {
        let vectors = try JSONDecoder().decode([Vector].self, from: Vector.committed())
        #expect(vectors.count > 300)
        #expect(vectors.contains { $0.isValid } && vectors.contains { !$0.isValid })
        for vector in vectors {
            let signature = TwilioSignature(authToken: vector.token)
            let verdict =
                if let body = vector.body {
                    signature.verdict(on: vector.signature, url: vector.url, jsonBody: Array(body.utf8))
                } else {
                    signature.verdict(on: vector.signature, url: vector.url, form: vector.form)
                }
            #expect(verdict == (vector.isValid ? .valid : .invalid), "\(vector.name) \(vector.url)")
            if vector.isValid, vector.body == nil, vector.name.hasPrefix("random") {
                #expect(signature.sign(url: vector.url, form: vector.form) == vector.signature)
            }
        }
    }

    @Test("The committed vectors are what Twilio's package makes today", .enabled(if: peers != nil))
    func peer() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(peers ?? "")/bin/python3")
        process.arguments = [Vector.folder.appendingPathComponent("twilio_vectors.py").path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let made = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "is the PyPI package twilio installed in \(peers ?? "")?")
        #expect(try made == Vector.committed())
    }

    @Test("A request signed without StirVerstat and CallToken is recognized, and only that")
    func occasionallyUnsigned() {
        let signature = TwilioSignature(authToken: "secret")
        let url = "https://example.com/twilio/voice"
        let signed = FormBody([.init("CallSid", "CA1")])
        let form = FormBody([.init("CallSid", "CA1"), .init("StirVerstat", "A"), .init("CallToken", "t")])
        #expect(signature.verdict(on: signature.sign(url: url, form: form), url: url, form: form) == .valid)
        #expect(
            signature.verdict(on: signature.sign(url: url, form: signed), url: url, form: form) == .validExceptUnsigned)
        let other = FormBody(form.fields + [.init("From", "x")])
        #expect(signature.verdict(on: signature.sign(url: url, form: signed), url: url, form: other) == .invalid)
    }

    @Test("An upgrade is signed over its URL, with or without port and final slash")
    func upgrade() {
        let signature = TwilioSignature(authToken: "secret")
        let url = "wss://example.com/twilio/media"
        for signed in [url, url + "/", "wss://example.com:443/twilio/media", "wss://example.com:443/twilio/media/"] {
            #expect(signature.verdict(onUpgrade: signature.sign(url: signed), url: url) == .valid)
            #expect(signature.verdict(onUpgrade: signature.sign(url: signed), url: url + "/") == .valid)
        }
        let other = signature.sign(url: "wss://example.com/twilio/other")
        #expect(signature.verdict(onUpgrade: other, url: url) == .invalid)
        #expect(signature.verdict(onUpgrade: "", url: url) == .invalid)
    }

    @Test(
        "Ports are found beside users and IPv6 addresses",
        arguments: [
            "https://user:pass@example.com/x", "https://[::1]/x", "https://[::1]:443/x",
            "https://user:pass@[::1]:443/x?y=z:1",
        ])
    func authorities(url: String) {
        let signature = TwilioSignature(authToken: "secret")
        let other =
            url.contains(":443")
            ? url.replacingOccurrences(of: ":443", with: "") : url.replacingOccurrences(of: "/x", with: ":443/x")
        #expect(signature.verdict(on: signature.sign(url: other), url: url) == .valid)
    }

    @Test("A JSON body needs its hash in the URL")
    func missingHash() {
        let signature = TwilioSignature(authToken: "secret")
        for url in ["https://example.com/x", "https://example.com/x?bodySHA256="] {
            #expect(signature.verdict(on: signature.sign(url: url), url: url, jsonBody: [0x7B, 0x7D]) == .invalid)
        }
    }
}
