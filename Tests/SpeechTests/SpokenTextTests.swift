import Testing

@testable import Speech

@Suite("Text made speakable")
struct SpokenTextTests {
    @Test(
        "writes out what the engine reads wrongly",
        arguments: [
            ("at 14:30", "at 2:30 p m"), ("at 10:30", "at 10:30"), ("at 10:30 a.m.", "at 10:30 a.m."),
            ("at 00:15", "at 12:15 a m"), ("on 2026-11-24.", "on November 24, 2026."),
            ("from 8-18", "from 8 to 18"), ("call 555-0123", "call 555-0123"),
            ("call +15550123", "call plus 1 5 5 5 0 1 2 3"), ("it is 70°F", "it is 70 degrees fahrenheit"),
            ("it\u{2019}s Zoë", "it's Zoe"), ("Mon–Fri", "Mon to Fri"),
            ("write to ann@example.com", "write to ann at example dot com"), ("99:99", "99:99"),
        ])
    func table(_ written: String, _ spoken: String) {
        #expect(SpokenText.make(from: written) == spoken)
    }
}
