import Testing

@testable import Speech

@Suite("Stable hash")
struct StableHashTests {
    @Test("matches the published FNV-1a vector")
    func vector() {
        var hash = StableHash()
        hash.combine("foobar".utf8)
        #expect(hash.hexadecimal == "85944171f73967e8")
    }
}
