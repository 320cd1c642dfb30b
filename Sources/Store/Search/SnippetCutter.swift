/// Cuts out of what was said the words around those that were searched for, as FTS5 does, for an engine that has no such
/// function. Pure.
enum SnippetCutter {
    /// - Parameters:
    ///   - words: of the query; the last one may be a beginning.
    ///   - size: words of a snippet.
    static func pieces(of text: String, words: [String], size: Int) -> [CallHit.Piece] {
        let tokens = tokens(of: text)
        let wanted = words.flatMap(WordQuery.folded)
        let hits = tokens.map { token in
            WordQuery.folded(String(text[token])).contains { part in
                wanted.dropLast().contains(part) || wanted.last.map(part.hasPrefix) == true
            }
        }
        guard let first = window(hits, size: size) else { return [CallHit.Piece(text: text, isHit: false)] }
        let end = min(first + size, tokens.count)
        var pieces: [CallHit.Piece] = []
        func add(_ part: Substring, isHit: Bool) {
            guard !part.isEmpty else { return }
            if let last = pieces.last, last.isHit == isHit {
                pieces[pieces.count - 1].text += part
            } else {
                pieces.append(CallHit.Piece(text: String(part), isHit: isHit))
            }
        }
        var place = first == 0 ? text.startIndex : tokens[first].lowerBound
        if first > 0 { add("…", isHit: false) }
        for index in first..<end {
            add(text[place..<tokens[index].lowerBound], isHit: false)
            // A hit next to another one is a piece of its own.
            if hits[index], pieces.last?.isHit == true {
                pieces.append(CallHit.Piece(text: String(text[tokens[index]]), isHit: true))
            } else {
                add(text[tokens[index]], isHit: hits[index])
            }
            place = tokens[index].upperBound
        }
        if end < tokens.count { add("…", isHit: false) } else { add(text[place...], isHit: false) }
        return pieces
    }

    /// Where the words stand.
    private static func tokens(of text: String) -> [Range<String.Index>] {
        text.unicodeScalars.split { !WordQuery.isOfWord($0) }.map { $0.startIndex..<$0.endIndex }
    }

    /// The first word of the stretch that has the most hits, with its hits in the midst; nil without hits.
    private static func window(_ hits: [Bool], size: Int) -> Int? {
        guard let firstHit = hits.firstIndex(of: true) else { return nil }
        guard hits.count > size else { return 0 }
        let starts = hits.indices.filter { hits[$0] }
        let best = starts.max { left, right in
            count(hits, from: left, size) < count(hits, from: right, size)
        }
        let begin = best ?? firstHit
        let last = hits[begin..<min(begin + size, hits.count)].lastIndex(of: true) ?? begin
        let margin = (size - (last - begin + 1)) / 2
        return max(0, min(begin - margin, hits.count - size))
    }

    private static func count(_ hits: [Bool], from start: Int, _ size: Int) -> Int {
        hits[start..<min(start + size, hits.count)].count { $0 }
    }
}
