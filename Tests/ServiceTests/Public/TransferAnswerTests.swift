import Networking
import Telephony
import Testing

@testable import Service

@Suite("Where a caller is sent")
struct TransferAnswerTests {
    @Test(
        "an address of the agent's own is taken as it is, a name is the operator's to fill",
        arguments: [
            ("+15550100", "+493012345678", "+15550100"),
            ("sip:desk@clinic.test", "+493012345678", "sip:desk@clinic.test"),
            ("sips:desk@clinic.test", nil, "sips:desk@clinic.test"), ("reception", "+493012345678", "+493012345678"),
            ("reception", "sip:desk@clinic.test", "sip:desk@clinic.test"), ("reception", nil, nil),
        ] as [(String, String?, String?)])
    func destinations(name: String, escalation: String?, address: String?) {
        #expect(TransferDestination(name, escalation: escalation)?.address == address)
    }

    @Test("each carrier is told in its own words, also of SIP addresses")
    func answers() {
        let number = CallDesk.Afterwards.transfer(.number("+493012345678"))
        let address = CallDesk.Afterwards.transfer(.sip("sip:desk@clinic.test"))
        let carriers: [(any WebhookCarrier, number: String, address: String)] = [
            (
                TelnyxCarrier(signature: nil, codec: .pcmu), "<Response><Dial>+493012345678</Dial></Response>",
                "<Response><Dial><Sip>sip:desk@clinic.test</Sip></Dial></Response>"
            ),
            (
                SignalWireCarrier(signature: nil), "<Response><Dial>+493012345678</Dial></Response>",
                "<Response><Dial><Sip>sip:desk@clinic.test</Sip></Dial></Response>"
            ),
            (
                PlivoCarrier(signature: nil), "<Dial><Number>+493012345678</Number></Dial>",
                "<Dial><User>sip:desk@clinic.test</User></Dial>"
            ),
            (
                VonageCarrier(signature: nil),
                #"[{"action":"connect","endpoint":[{"number":"493012345678","type":"phone"}],"randomFromNumber":true}]"#,
                #"[{"action":"connect","endpoint":[{"type":"sip","uri":"sip:desk@clinic.test"}],"randomFromNumber":true}]"#
            ),
        ]
        for (carrier, numberAnswer, addressAnswer) in carriers {
            for (afterwards, wanted) in [(number, numberAnswer), (address, addressAnswer)] {
                let text = String(decoding: carrier.answer(afterwards, action: nil).body, as: UTF8.self)
                #expect(text.contains(wanted), "\(carrier.name): \(text)")
            }
        }
    }
}
