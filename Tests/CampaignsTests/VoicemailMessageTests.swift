import Testing

@testable import Campaigns

@Suite("Messages on machines")
struct VoicemailMessageTests {
    private func missing(_ text: String, _ purpose: CallPurpose = .informational) -> [String] {
        VoicemailMessage.missing(in: text, purpose: purpose, seller: "Lakeside Clinic", country: "US")
    }

    @Test("a message says who called, and one that sells also how to hear no more, toll-free")
    func rules() {
        #expect(missing("This is Lakeside Clinic. Please call us.") == [])
        #expect(missing("Please call us back.") == ["the name of the business"])
        let selling = "This is Lakeside Clinic with an offer."
        #expect(missing(selling, .telemarketing).count == 1)
        #expect(missing(selling + " To hear no more of us call 212 736 5000.", .telemarketing).count == 1)
        #expect(missing(selling + " To hear no more of us call 800-356-9377.", .telemarketing) == [])
        #expect(missing(selling + " To hear no more of us call +1 (800) 356-9377.", .telemarketing) == [])
    }
}
