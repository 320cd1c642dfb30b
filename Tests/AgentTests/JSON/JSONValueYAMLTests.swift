import Testing
import Yams

@testable import Agent

@Suite("JSON written as YAML")
struct JSONValueYAMLTests {
    @Test(
        "is read by JSON's rules",
        arguments: [
            ("10:30", "10:30"), ("2026-12-01", "2026-12-01"), ("+4930123", "+4930123"), ("0049", "0049"),
            ("yes", "yes"),
            ("\"7\"", "7"), ("'true'", "true"), ("1.2.3", "1.2.3"), ("1_000", "1_000"), ("0x10", "0x10"), ("", nil),
            ("7", 7), ("-7", -7), ("0", 0), ("0.5", 0.5), ("1e3", 1000.0), ("true", true), ("null", nil), ("~", nil),
            ("[1, a]", [1, "a"]), ("{a: {b: c}}", ["a": ["b": "c"]]),
        ] as [(String, JSONValue)])
    func scalars(text: String, value: JSONValue) throws {
        let node = try #require(try Yams.compose(yaml: "x: \(text)")?.mapping?["x"])
        #expect(JSONValue(node).isSame(as: value), "\(JSONValue(node))")
    }
}
