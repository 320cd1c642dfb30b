/// A statement as PostgreSQL writes it: `?` becomes `$1`, `$2` …, `?3` becomes `$3`. What stands in quotes stays.
enum PostgresStatementText {
    static func numbered(_ sql: String) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(sql.utf8.count + 16)
        var quote: UInt8?
        var count = 0
        var isNumbering = false
        for byte in sql.utf8 {
            if isNumbering {
                isNumbering = false
                // The number after the mark is kept; a mark without one gets the next.
                if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                    count += 1
                    text += Array("\(count)".utf8)
                }
            }
            switch (quote, byte) {
            case (nil, UInt8(ascii: "?")):
                text.append(UInt8(ascii: "$"))
                isNumbering = true
            case (nil, UInt8(ascii: "'")), (nil, UInt8(ascii: "\"")):
                quote = byte
                text.append(byte)
            default:
                if byte == quote { quote = nil }
                text.append(byte)
            }
        }
        if isNumbering { text += Array("\(count + 1)".utf8) }
        return String(decoding: text, as: UTF8.self)
    }
}
