import Testing

@testable import Speech

@Suite("Vendors' words for languages become BCP 47")
struct DetectedLanguageTests {
    @Test(
        "what names a language, and what names none",
        arguments: [
            ("en", "en"), ("EN-us", "en-US"), ("es_419", "es-419"), ("spa", "es"), ("eng", "en"), ("yue", "yue"),
            ("zh-Hans-CN", "zh-Hans-CN"), ("und", nil), ("multi", nil), ("", nil), ("e", nil), ("en-", nil),
            ("en-\u{e9}", nil), ("x\u{301}y", nil), (String(repeating: "en-", count: 20), nil), (nil, nil),
        ] as [(String?, String?)])
    func tags(text: String?, tag: String?) {
        #expect(DetectedLanguage.tag(text) == tag)
    }

    @Test("most words win, of equals the first, and none is none")
    func prevailing() {
        #expect(DetectedLanguage.prevailing([("en", 2), ("es", 1), (nil, 9), ("es", 2)]) == "es")
        #expect(DetectedLanguage.prevailing([("es", 1), ("en", 1)]) == "es")
        #expect(DetectedLanguage.prevailing([(nil, 3)]) == nil)
    }
}
