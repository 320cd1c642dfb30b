import Telephony
import Testing

@testable import Service

@Suite("What people see who are called for callers")
struct TransferCallerIDTests {
    @Test("the number that is set for it, else the one that the caller dialled, if it is one")
    func choice() {
        #expect(TransferCallerID.choice(configured: nil, ours: "+12125550100") == "+12125550100")
        #expect(TransferCallerID.choice(configured: "+12125550199", ours: "+12125550100") == "+12125550199")
        #expect(TransferCallerID.choice(configured: "+12125550199", ours: "sip:desk@pbx.example") == "+12125550199")
    }

    @Test(
        "what is no number of ours is shown to nobody",
        arguments: [
            "", "sip:desk@pbx.example", "sips:+12125550100@pbx.example", "anonymous", "+anonymous", "12345", "+12345",
            "+0301234567", "12125550100", "+1212555010012345", "+1 212 555 0100", "+１２１２５５５０１００", "+",
        ])
    func none(dialled: String) {
        #expect(!CarrierNumber.isE164(dialled))
        #expect(TransferCallerID.choice(configured: nil, ours: dialled) == nil)
    }

    @Test("the setting is a number, and nothing else")
    func setting() throws {
        let key = "PARLEY_CALLS_TRANSFER_CALLER_ID"
        let found = try ConfigurationLoader(environment: [key: "+12125550100"]).read(nil, file: "").configuration
        #expect(found.calls.transferCallerID == "+12125550100")
        for wrong in ["sip:desk@pbx.example", "anonymous", "+12345"] {
            do throws(ConfigurationError) {
                _ = try ConfigurationLoader(environment: [key: wrong]).read(nil, file: "")
                Issue.record("\(wrong) is taken")
            } catch {
                #expect("\(error)".contains("calls.transfer_caller_id"), "\(error)")
            }
        }
    }
}
