import Crypto
import Telephony
import Testing

@Suite("Form bodies")
struct FormBodyTests {
    @Test(
        "Fields are decoded as browsers encode them",
        arguments: [
            ("", []), ("a=1", [["a", "1"]]), ("a=1&b=2&a=3", [["a", "1"], ["b", "2"], ["a", "3"]]),
            ("a=", [["a", ""]]), ("a", [["a", ""]]), ("=1", [["", "1"]]), ("&&a=1&", [["a", "1"]]),
            ("a=b=c", [["a", "b=c"]]), ("From=%2B1415+555", [["From", "+1415 555"]]),
            ("x=%E6%BC%A2%f0%9d%84%9e", [["x", "漢𝄞"]]), ("a%3Db=%26", [["a=b", "&"]]),
            ("a=100%&b=%zz%4", [["a", "100%"], ["b", "%zz%4"]]),
            ("a=%41", [["a", "A"]]), ("a=%FF", [["a", "\u{FFFD}"]]),
        ] as [(String, [[String]])])
    func decoding(body: String, fields: [[String]]) throws {
        let form = try FormBody(decoding: body.utf8)
        #expect(form.fields.map { [$0.name, $0.value] } == fields)
    }

    @Test("What is encoded is decoded, and safe characters stay as they are")
    func roundTrip() throws {
        let form = FormBody([.init("From", "+1 (415)"), .init("ü&=", "a-b_c.d*\n"), .init("", "")])
        #expect(try FormBody(decoding: form.encoded()) == form)
        #expect(String(decoding: form.encoded(), as: UTF8.self).hasPrefix("From=%2B1+%28415%29&"))
        #expect(form["From"] == "+1 (415)")
        #expect(form["To"] == nil)
    }

    @Test("Too many fields are refused")
    func limit() throws {
        let most = String(repeating: "a=1&", count: FormBody.fieldLimit)
        #expect(try FormBody(decoding: most.utf8).fields.count == FormBody.fieldLimit)
        #expect(throws: MediaError.self) { _ = try FormBody(decoding: (most + "a=1").utf8) }
    }
}

@Suite("Call tokens")
struct CallTokenTests {
    private let authority = CallTokenAuthority(
        key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)), lifetime: .seconds(60))
    private let now = Duration.seconds(1_800_000_000)

    @Test(
        "A token holds for its call until it expires",
        arguments: [(0, true), (60, true), (61, false), (1_000_000, false)])
    func lifetime(seconds: Int, isValid: Bool) {
        let token = authority.issue(callID: "CA1", now: now)
        let verdict = authority.verdict(on: token, callID: "CA1", now: now + .seconds(seconds))
        #expect(verdict == (isValid ? .valid : .expired))
        #expect(token.utf8.count <= 70)
    }

    @Test("A token for another call, of another key, or altered is forged")
    func forged() {
        let token = authority.issue(callID: "CA1", now: now)
        #expect(authority.verdict(on: token, callID: "CA2", now: now) == .forged)
        #expect(CallTokenAuthority().verdict(on: token, callID: "CA1", now: now) == .forged)
        for index in token.indices {
            var altered = token
            altered.replaceSubrange(index...index, with: token[index] == "0" ? "1" : "0")
            #expect(authority.verdict(on: altered, callID: "CA1", now: now) == .forged, "\(altered)")
        }
        for junk in [
            "", ".", "x.y", token + "0", String(token.dropLast()), "ffffffffffffffffff." + token, "-1." + token, "0.",
        ] {
            #expect(authority.verdict(on: junk, callID: "CA1", now: now) == .forged, "\(junk)")
        }
    }
}

@Suite("TwiML")
struct TwiMLTests {
    @Test("A call is bridged to a media stream with its parameters")
    func stream() {
        let document = TwiML(
            .stream(url: "wss://example.com/twilio/media", parameters: ["token": "a&b<\"'\u{1}é\n", "agent": "clinic"]))
        #expect(
            document.xml == """
                <?xml version="1.0" encoding="UTF-8"?>
                <Response><Connect><Stream url="wss://example.com/twilio/media">\
                <Parameter name="agent" value="clinic"/>\
                <Parameter name="token" value="a&amp;b&lt;&quot;&apos;é&#10;"/></Stream></Connect></Response>

                """)
    }

    @Test("Other answers")
    func others() {
        #expect(TwiML(.reject(.busy)).xml.contains("<Response><Reject reason=\"busy\"/></Response>"))
        #expect(TwiML(.say("We are <closed>"), .hangUp).xml.contains("<Say>We are &lt;closed&gt;</Say><Hangup/>"))
        #expect(TwiML(.dial("+15550100")).xml.contains("<Dial>+15550100</Dial>"))
        #expect(TwiML(.dialSIP("sip:a@b;x=1&2")).xml.contains("<Dial><Sip>sip:a@b;x=1&amp;2</Sip></Dial>"))
        #expect(TwiML().xml.hasSuffix("<Response></Response>\n"))
    }
}
