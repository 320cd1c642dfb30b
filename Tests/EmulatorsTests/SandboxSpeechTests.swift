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
}
