import Foundation

/// What words mean, as points in a space where words of like meaning are neighbours.
///
/// A table of 11,500 English words and pieces of words that ships inside the program, so that a wording which no example
/// has can be recognized by its sense: "physician" is near "doctor".
struct WordVectors: Sendable {
    static let shared = WordVectors()
    static let dimensions = 128

    /// Word, or `##` and a continuation → its row.
    private let rows: [String: Int]
    private let bytes: [UInt8]

    private static let rowSize = 4 + dimensions / 2

    private init() {
        let words = WordVectorTable.words.split(separator: " ")
        rows = Dictionary(uniqueKeysWithValues: words.enumerated().map { (String($1), $0) })
        bytes = Array(Data(base64Encoded: WordVectorTable.rows) ?? Data())
        precondition(bytes.count == words.count * Self.rowSize, "a row for each word")
    }

    /// The mean of the words' vectors, frequent ones weighing less, at length 1; all zero where no word is known.
    func vector(of words: [String]) -> [Float] {
        var sum = [Float](repeating: 0, count: Self.dimensions)
        for word in words {
            for part in word.split(separator: "'") { for row in pieces(of: part) { add(row, to: &sum) } }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : sum
    }

    /// The rows of the longest pieces that make up `word`, from its beginning; none when it cannot be made up.
    private func pieces(of word: Substring) -> [Int] {
        if let row = rows[String(word)] { return [row] }
        var found: [Int] = []
        var rest = word
        while !rest.isEmpty {
            var length = rest.count
            while length > 0, rows[(found.isEmpty ? "" : "##") + rest.prefix(length)] == nil { length -= 1 }
            guard length > 0, let row = rows[(found.isEmpty ? "" : "##") + rest.prefix(length)] else { return [] }
            found.append(row)
            rest = rest.dropFirst(length)
        }
        return found
    }

    private func add(_ row: Int, to sum: inout [Float]) {
        let start = row * Self.rowSize
        let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
        let scale = Float(bitPattern: pattern)
        for pair in 0..<(Self.dimensions / 2) {
            let levels = bytes[start + 4 + pair]
            sum[2 * pair] += (Float(levels >> 4) - 8) * scale
            sum[2 * pair + 1] += (Float(levels & 15) - 8) * scale
        }
    }
}
