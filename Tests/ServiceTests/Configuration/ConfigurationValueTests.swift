import Testing

@testable import Service

@Suite("Values as people write them")
struct ConfigurationValueTests {
    @Test(
        "Durations",
        arguments: [
            ("520ms", Duration.milliseconds(520)), ("2s", .seconds(2)), ("1.5s", .milliseconds(1500)),
            ("5m", .seconds(300)),
            ("1h", .seconds(3600)), ("0s", .zero), ("2 s", .seconds(2)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.duration(text) == duration)
        #expect(DurationText.duration(DurationText.text(duration)) == duration)
    }

    @Test(
        "No durations",
        arguments: ["", "5", "ms", "-1s", "1e3s", ".5s", "1.s", "1.2.3s", "nan s", "5d", "99999999999999h"])
    func noDurations(text: String) {
        #expect(DurationText.duration(text) == nil)
    }

    @Test(
        "Sizes",
        arguments: [("32MB", 32_000_000), ("64KiB", 65536), ("1GiB", 1 << 30), ("17", 17), ("5 kb", 5000), ("0", 0)])
    func sizes(text: String, bytes: Int) {
        #expect(ByteSize.bytes(text) == bytes)
        #expect(ByteSize.bytes(ByteSize.text(bytes)) == bytes)
    }

    @Test("No sizes", arguments: ["", "MB", "-1MB", "1.5MB", "9223372036854775807GB", "1TB"])
    func noSizes(text: String) {
        #expect(ByteSize.bytes(text) == nil)
    }

    @Test("Loopback addresses", arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
    func loopback(host: String) { #expect(LoopbackAddress.isLoopback(host)) }

    @Test(
        "Addresses that others reach",
        arguments: ["0.0.0.0", "::", "127.0.0.1.evil.org", "10.0.0.1", "127.0.0", "127.0.0.256", ""])
    func notLoopback(host: String) { #expect(!LoopbackAddress.isLoopback(host)) }

    @Test(
        "The nearest name is a similar one, or none",
        arguments: [
            (["public", "prot"], ["public", "port"]), (["log", "levle"], ["log", "level"]), (["xyzzy"], nil),
            (["media", "drain_deadline"], ["calls", "drain_deadline"]),
        ] as [([String], [String]?)])
    func nearest(path: [String], meant: [String]?) {
        let known = Set(ConfigurationSchema.keys.map { $0.name.split(separator: ".").map(String.init) })
        #expect(NearestName.of(path, among: known) == meant)
    }
}
