import Foundation
import Testing

@testable import Store

@Suite("Signed decisions")
struct DecisionKeysTests {
    private let first = DecisionKey(Data(repeating: 1, count: 32))
    private let second = DecisionKey(Data(repeating: 2, count: 32))

    private func signed(_ keys: DecisionKeys) -> AttemptRecord {
        var attempt = AttemptRecord(
            id: "a1", campaignID: "c1", contactID: 7, number: "+12127365001", callerID: "+12127365999",
            agent: "reminder", decision: #"{"verdict":{"dial":{}}}"#,
            intendedAt: Date(timeIntervalSince1970: 1_800_000_000.123))
        attempt.signature = keys.signature(of: attempt)
        return attempt
    }

    @Test("hold while nothing was changed, whatever becomes of the attempt")
    func holds() throws {
        let key = try #require(first)
        let keys = DecisionKeys(current: key)
        var attempt = signed(keys)
        #expect(keys.verdict(on: attempt) == .holds(key: key.id))
        attempt.state = .ended
        attempt.outcome = "reached"
        attempt.carrierCallID = "CA1"
        #expect(keys.verdict(on: attempt) == .holds(key: key.id))
        #expect(key.id.count == 32 && key.id != second?.id)
    }

    @Test("do not hold when anything of the record was changed", arguments: 0..<9)
    func changed(what: Int) throws {
        let key = try #require(first)
        let keys = DecisionKeys(current: key)
        var attempt = signed(keys)
        switch what {
        case 0: attempt.id = "a2"
        case 1: attempt.campaignID = "c2"
        case 2: attempt.contactID = 8
        case 3: attempt.number = "+12127365002"
        case 4: attempt.callerID = "+12127365998"
        case 5: attempt.agent = "other"
        case 6: attempt.decision += " "
        case 7: attempt.intendedAt += 0.001
        default: attempt.signature = attempt.signature.map { $0.dropLast() + ($0.last == "0" ? "1" : "0") }
        }
        #expect(keys.verdict(on: attempt) == .changed(key: key.id))
    }

    @Test("what moves from one field into the next is a change")
    func borders() throws {
        let keys = DecisionKeys(current: first)
        var attempt = signed(keys)
        (attempt.agent, attempt.callerID) = ("", attempt.callerID + attempt.agent)
        #expect(keys.verdict(on: attempt) != .unsigned)
        #expect(keys.verdict(on: attempt) == .changed(key: try #require(first).id))
    }

    @Test("are checked with the key that made them, also when it is an earlier one, and told where it is not known")
    func rotation() throws {
        let (old, new) = (try #require(first), try #require(second))
        let attempt = signed(DecisionKeys(current: old))
        #expect(DecisionKeys(current: new, earlier: [old]).verdict(on: attempt) == .holds(key: old.id))
        #expect(DecisionKeys(current: new).verdict(on: attempt) == .unknownKey(old.id))
        #expect(signed(DecisionKeys(current: new, earlier: [old])).signature?.contains(new.id) == true)
        // Without a key nothing is signed, and what was can be checked.
        #expect(signed(DecisionKeys(earlier: [old])).signature == nil)
        #expect(DecisionKeys().verdict(on: signed(DecisionKeys())) == .unsigned)
        var broken = attempt
        broken.signature = "2:" + (attempt.signature ?? "")
        #expect(DecisionKeys(current: old).verdict(on: broken) == .unreadable)
    }

    @Test("a code is the HMAC-SHA256 of the fields, so that others can check it")
    func form() throws {
        // hmac.new(bytes([1] * 32), text, "sha256") in Python, of the text that the documentation describes.
        let attempt = signed(DecisionKeys(current: first))
        #expect(attempt.signature == Self.expected)
    }

    private static let expected =
        "1:72cd6e8422c407fb6d098690f1130b7d:8ea27fc0e1bc1b5a4f6071f4dec2ebb17ccec79e7c7ffeab26c51df5a68b74a4"

    @Test("keys are 32 bytes in base64, nothing else", arguments: ["", "c2hvcnQ=", "not base64", "AAAA"])
    func keys(text: String) { #expect(DecisionKey(base64: text) == nil) }
}
