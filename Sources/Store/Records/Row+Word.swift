extension SQLRow {
    /// A column that holds one of a closed set of words.
    func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else {
            throw StoreError(
                .damaged, operation: "read a record", subject: column, detail: "\"\(text)\" is not a value it can have")
        }
        return word
    }
}
