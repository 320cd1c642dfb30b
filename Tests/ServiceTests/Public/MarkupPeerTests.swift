import Foundation
import Networking
import Telephony
import Testing

@testable import Service

@Suite("The carriers' own packages build what our answers say")
struct MarkupPeerTests {
    private static let media = "wss://h.example/media/1/t?a=b&c=d"
    private static let after = "https://h.example/after"
    private static let action = "https://h.example/done"
    private static let number = "+493012345678"
    private static let sip = "sip:anna@desk.example;transport=tls"

    private static let question = KeyQuestion(
        .language,
        [
            SpokenMessage("You are <2> & wait.", language: "de-DE"),
            SpokenMessage("Para español, uno.", language: "es-ES"),
        ], seconds: 8, round: 3)

    private struct Case: Encodable {
        var carrier: String
        var what: String
        var text: String
    }

    @Test(
        "connect, dial a number or a SIP address, hang up, refuse, ask for a key",
        .enabled(if: TestPeers.python != nil, "set PARLEY_PEERS to the directory of the peers, as make test does"))
    func answers() throws {
        let carriers: [any WebhookCarrier] = [
            SignalWireCarrier(signature: nil), TelnyxCarrier(signature: nil, codec: .g722),
            PlivoCarrier(signature: nil), VonageCarrier(signature: nil),
        ]
        var cases: [Case] = [
            ("connect", TwiML(.stream(url: Self.media, action: Self.after, parameters: ["token": "a<b>&\"c'"]))),
            ("number", TwiML(.dial(Self.number, action: Self.action))),
            ("sip", TwiML(.dialSIP(Self.sip, action: Self.action))), ("hang up", TwiML(.hangUp)),
            ("refuse", TwiML(.reject(.busy))),
            (
                "key",
                TwiML(
                    .gather(
                        Self.question.messages.map { TwiML.Phrase($0.text, language: $0.language) }, seconds: 8,
                        action: Self.action),
                    .redirect(Self.action))
            ),
        ].map { Case(carrier: "twilio", what: $0.0, text: $0.1.xml) }
        for carrier in carriers {
            var answers = [
                ("connect", carrier.connect(Self.media, afterwards: Self.after)),
                ("number", carrier.answer(.transfer(.number(Self.number)), action: Self.action)),
                ("sip", carrier.answer(.transfer(.sip(Self.sip)), action: Self.action)),
                ("hang up", carrier.answer(.hangUp, action: nil)),
                ("key", carrier.ask(Self.question, action: Self.action)),
            ]
            // Vonage has no word for it: see ``VonageCarrier/refuse()``.
            if carrier.name != "vonage" { answers.append(("refuse", carrier.refuse())) }
            for (what, answer) in answers {
                #expect(answer.status == 200)
                let text = String(decoding: answer.body, as: UTF8.self)
                cases.append(Case(carrier: carrier.name, what: what, text: text))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let lines = try cases.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let file = URL(filePath: #filePath).appending(path: "../../peers/markup.py").standardizedFileURL
        let program = try String(contentsOf: file, encoding: .utf8)
        let output = try TestPeers.run(program, input: lines.joined(separator: "\n") + "\n")
        #expect(output.status == 0, "\(output.error)")
        let verdicts = output.text.split(separator: "\n").filter { $0.hasPrefix("ok ") || $0.hasPrefix("differs ") }
        #expect(verdicts.count { $0.hasPrefix("ok ") } == cases.count, "\(output.text)")
    }
}
