import Testing

@testable import Speech

@Suite("Languages as vendors want them")
struct LanguageTagTests {
    @Test(
        "a tag has its language in front",
        arguments: [("es", "es"), ("es-MX", "es"), ("zh-Hans-CN", "zh"), ("EN-us", "en"), ("fil-PH", "fil")])
    func tags(text: String, primary: String) {
        #expect(LanguageTag(text)?.primary == primary)
        #expect(LanguageTag(text)?.text == text)
    }

    @Test("what is none", arguments: ["", "e", "english", "es&x=1", "es-", "e1-US", "es_MX", "ä-US"])
    func strangers(text: String) { #expect(LanguageTag(text) == nil) }

    @Test("a voice's own")
    func voices() {
        #expect(LanguageTag(ofVoice: "en-US-Chirp3-HD-Achernar")?.text == "en-US")
        #expect(LanguageTag(ofVoice: "Achernar") == nil)
    }
}
