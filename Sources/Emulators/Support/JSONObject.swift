/// An object of which only its being one counts, such as a tool's arguments.
struct JSONObject: Decodable, Sendable {
    let keys: Set<String>

    init(from decoder: any Decoder) throws {
        keys = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
    }
}
