extension JSONText {
    /// `text` as a JSON string, for interpolation.
    static func quoted(_ text: String) -> String {
        var json = JSONText(reserving: text.utf8.count + 2)
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
