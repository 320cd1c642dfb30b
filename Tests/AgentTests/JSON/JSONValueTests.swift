import Agent
import Testing

@Suite("JSON")
struct JSONValueTests {
    @Test(
        "is the same after writing and reading",
        arguments: [
            JSONValue.null, true, 0, -7, 3.25, "", "quote \" and \\ and \u{1F600} and /", [1, [2, "x"], nil],
            ["b": 1, "a": ["c": [:]]], ["deep": [["er": [false]]]],
        ])
    func roundTrip(value: JSONValue) throws {
        #expect(try JSONValue(parsing: value.text) == value)
    }

    @Test("has one text for equal objects")
    func canonical() {
        #expect((["b": 1, "a": [2.5, "x/y"]] as JSONValue).text == #"{"a":[2.5,"x/y"],"b":1}"#)
        #expect(JSONValue.array([.number(.infinity)]).text == "[null]")
    }

    @Test("that is damaged is refused with a reason", arguments: ["", "{", "[1", "nul", "{\"a\" 1}", "\u{0}"])
    func damaged(text: String) {
        #expect(throws: AgentError.self) { try JSONValue(parsing: text) }
    }

    @Test("gives members by path")
    func paths() {
        let value: JSONValue = ["room": ["temperature": 66, "list": [1, 2]]]
        #expect(value.value(at: ["room", "temperature"])?.integer == 66)
        #expect(value["room"]?["list"]?[1] == 2)
        #expect(value["room"]?["list"]?[2] == nil)
        #expect(value.value(at: ["room", "door"]) == nil)
        #expect(JSONValue.number(70).integer == 70)
        #expect(JSONValue.number(70.5).integer == nil)
    }

    private static let schema: JSONValue = [
        "type": "object", "required": ["date", "count"], "additionalProperties": false,
        "properties": [
            "date": ["type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"],
            "count": ["type": "integer", "minimum": 1, "maximum": 9],
            "kind": ["type": ["string", "null"], "enum": ["new", "old", nil]],
            "names": ["type": "array", "maxItems": 2, "items": ["type": "string", "minLength": 1]],
        ],
    ]

    private static let judged: [(JSONValue, [String])] = [
        (["date": "2026-12-01", "count": 3], []),
        (["date": "2026-12-01", "count": 3.0, "kind": nil, "names": ["a"]], []),
        ([1], ["$: must be object, not array"]),
        (["count": 3], ["$.date: is required but missing"]),
        (["date": "tomorrow", "count": 3], ["$.date: must match ^\\d{4}-\\d{2}-\\d{2}$"]),
        (["date": "2026-12-01", "count": 0], ["$.count: must be at least 1.0"]),
        (["date": "2026-12-01", "count": 2.5], ["$.count: must be integer, not number"]),
        (["date": "2026-12-01", "count": 3, "kind": "odd"], ["$.kind: must be one of \"new\", \"old\", null"]),
        (["date": "2026-12-01", "count": 3, "hat": 1], ["$.hat: is not known; known are: count, date, kind, names"]),
        (
            ["date": "2026-12-01", "count": 3, "names": ["a", "", 3]],
            [
                "$.names: must have at most 2 items", "$.names[1]: must have at least 1 characters",
                "$.names[2]: must be string, not integer",
            ]
        ),
    ]

    @Test("that does not satisfy a schema says where and why", arguments: judged)
    func schema(value: JSONValue, expected: [String]) {
        #expect(JSONSchema(Self.schema).violations(in: value).map(\.description) == expected)
    }
}
