import Testing

@testable import Service

@Suite("A range of bytes")
struct ByteRangeTests {
    private static let headers: [(String?, ByteRange)] = [
        (nil, .whole), ("bytes=0-99", .part(0...99)), ("bytes=900-", .part(900...999)),
        ("bytes=-100", .part(900...999)), ("bytes=-5000", .part(0...999)), ("bytes=990-5000", .part(990...999)),
        ("bytes=1000-", .outside), ("bytes=-0", .outside), ("bytes=5-2", .whole), ("bytes=0-1,5-6", .whole),
        ("items=0-1", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=", .whole),
        ("bytes=99999999999999999999-", .whole),
    ]

    @Test("is read as RFC 9110 has it", arguments: headers)
    func reading(header: String?, expected: ByteRange) {
        #expect(ByteRange(header, size: 1000) == expected)
    }

    @Test("of an empty file there is none")
    func empty() { #expect(ByteRange("bytes=0-", size: 0) == .outside) }
}
