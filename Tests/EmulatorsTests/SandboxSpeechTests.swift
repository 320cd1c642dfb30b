import Emulators
import Testing

@Suite("What the sandbox's carriers are told to say")
struct SandboxSpeechTests {
    private static func told(_ dialect: any SandboxDialect, _ answer: String) -> [SandboxInstruction] {
        dialect.instructions(in: Array(answer.utf8))
    }

    @Test("is said before the call is ended, and without a text it is a fault")
    func markup() {
        let dialects: [(any SandboxDialect, String)] = [
            (CompatibleSandbox.signalWire(signingKey: "key"), "Say"), (PlivoSandbox(), "Speak"),
        ]
        for (dialect, verb) in dialects {
            let said = Self.told(
                dialect, "<Response><\(verb) language=\"de-DE\">Zu &amp; weg.</\(verb)><Hangup/></Response>")
            #expect(said == [.say("Zu & weg."), .hangUp])
            for wrong in ["<\(verb)/>", "<\(verb) tongue=\"de\">Zu.</\(verb)>", "<\(verb) language=\"\">Zu.</\(verb)>"]
            {
                let told = Self.told(dialect, "<Response>\(wrong)</Response>")
                guard told.count == 1, case .fault = told[0] else {
                    Issue.record("\(wrong) is \(told)")
                    continue
                }
            }
        }
    }

    @Test("is talked by Vonage, which has no other keys in it")
    func talk() throws {
        let vonage = try VonageSandbox(
            application: "1293", privateKey: try VonageSandbox.makeKey(), signatureSecret: "secret")
        #expect(
            Self.told(vonage, #"[{"action":"talk","text":"Zu & weg.","language":"de-DE"}]"#) == [.say("Zu & weg.")])
        for wrong in [
            #"[{"action":"talk"}]"#, #"[{"action":"talk","text":"Zu.","eventUrl":["https://a.test"]}]"#,
            #"[{"action":"talk","text":"Zu.","voiceName":"Amy"}]"#,
        ] {
            let told = Self.told(vonage, wrong)
            guard told.count == 1, case .fault = told[0] else {
                Issue.record("\(wrong) is \(told)")
                continue
            }
        }
    }

    @Test("may be followed by a key, which is waited for as the carrier can, and asked for in its words only")
    func keys() throws {
        let gather =
            #"<Gather action="https://a.test/q?r=1" method="POST" numDigits="1" timeout="8"><Say>Zu.</Say></Gather>"#
        let input =
            #"<GetInput action="https://a.test/q?r=1" method="POST" numDigits="1" inputType="dtmf" executionTimeout="8"><Speak>Zu.</Speak></GetInput>"#
        let redirect = #"<Redirect method="POST">https://a.test/q?r=1</Redirect>"#
        for (dialect, markup) in [(CompatibleSandbox.twilio, gather), (PlivoSandbox(), input)]
            as [(any SandboxDialect, String)]
        {
            let told = Self.told(dialect, "<Response>\(markup)\(redirect)</Response>")
            let asked = SandboxInstruction.gather(
                says: ["Zu."], seconds: 8, action: "https://a.test/q?r=1", asksWithoutKey: false)
            #expect(told == [asked, .redirect("https://a.test/q?r=1")])
            let wrong = [
                markup.replacing(#"numDigits="1""#, with: #"numDigits="4""#),
                markup.replacing(#"action="https"#, with: #"action="ftp"#),
                markup.replacing(#"imeout="8""#, with: #"imeout="0""#), markup.replacing("Zu.", with: ""),
                markup.replacing(#"method="POST""#, with: #"method="GET""#),
            ]
            for answer in wrong {
                let told = Self.told(dialect, "<Response>\(answer)</Response>")
                guard told.count == 1, case .fault = told[0] else {
                    Issue.record("\(answer) is \(told)")
                    continue
                }
            }
        }
        let vonage = try VonageSandbox(
            application: "1293", privateKey: try VonageSandbox.makeKey(), signatureSecret: "secret")
        let object =
            #"[{"action":"input","type":["dtmf"],"dtmf":{"maxDigits":1,"timeOut":8},"eventUrl":["https://a.test/q"]}]"#
        let asked = SandboxInstruction.gather(says: [], seconds: 8, action: "https://a.test/q", asksWithoutKey: true)
        #expect(Self.told(vonage, object) == [asked])
        for (right, wrong) in [
            (":8", ":11"), ("dtmf\"]", "speech\"]"), ("https", "ftp"), ("\"timeOut\"", "\"timeout\""),
        ] {
            let told = Self.told(vonage, object.replacing(right, with: wrong))
            guard told.count == 1, case .fault = told[0] else {
                Issue.record("\(wrong) is \(told)")
                continue
            }
        }
    }
}
