/// What changed between two texts, line by line, in the form of `diff -u`.
package struct LineDiff: Sendable, Equatable {
    package struct Line: Sendable, Equatable {
        package enum Kind: String, Sendable { case same, removed, added }

        package let kind: Kind
        package let text: String
    }

    /// Changes that are near each other, with the lines around them.
    package struct Hunk: Sendable, Equatable {
        /// The first line in the old text, from 1; 0 when there is none.
        package let oldStart: Int
        /// The first line in the new text, from 1; 0 when there is none.
        package let newStart: Int
        package let lines: [Line]
    }

    /// Lines that differ beyond which nobody looks for the shortest way from one to the other: it would take seconds.
    private static let largest = 4_000

    package let hunks: [Hunk]

    /// - Parameter context: unchanged lines shown around a change, 0...
    package init(from old: String, to new: String, context: Int = 3) {
        let (old, new) = (Self.lines(of: old), Self.lines(of: new))
        hunks = Self.hunks(Self.script(old, new), context: context)
    }

    package var isEmpty: Bool { hunks.isEmpty }

    /// Every hunk with its place before it; empty when nothing changed.
    package var text: String {
        hunks.map { hunk in
            let (old, new) = (hunk.lines.count { $0.kind != .added }, hunk.lines.count { $0.kind != .removed })
            let head = "@@ -\(hunk.oldStart),\(old) +\(hunk.newStart),\(new) @@\n"
            return head
                + hunk.lines.map { line in
                    let mark =
                        switch line.kind {
                        case .same: " "
                        case .removed: "-"
                        case .added: "+"
                        }
                    return "\(mark)\(line.text)\n"
                }.joined()
        }.joined()
    }

    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// All lines of both texts in order, each with what became of it.
    private static func script(_ old: [Substring], _ new: [Substring]) -> [Line] {
        let prefix = zip(old, new).prefix { $0 == $1 }.count
        let suffix = zip(old.dropFirst(prefix).reversed(), new.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
        let (before, after) = (
            Array(old[prefix..<old.count - suffix]), Array(new[prefix..<new.count - suffix])
        )
        return old.prefix(prefix).map { Line(kind: .same, text: String($0)) }
            + middle(before, after)
            + old.suffix(suffix).map { Line(kind: .same, text: String($0)) }
    }

    private static func middle(_ old: [Substring], _ new: [Substring]) -> [Line] {
        guard max(old.count, new.count) <= largest else {
            return old.map { Line(kind: .removed, text: String($0)) } + new.map { Line(kind: .added, text: String($0)) }
        }
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if removed.contains(i) {
                lines.append(Line(kind: .removed, text: String(old[i])))
                i += 1
            } else if added.contains(j) {
                lines.append(Line(kind: .added, text: String(new[j])))
                j += 1
            } else {
                lines.append(Line(kind: .same, text: String(old[i])))
                i += 1
                j += 1
            }
        }
        return lines
    }

    private static func hunks(_ lines: [Line], context: Int) -> [Hunk] {
        var hunks: [Hunk] = []
        var place = (old: 1, new: 1)
        var index = 0
        while let change = lines[index...].firstIndex(where: { $0.kind != .same }) {
            let start = max(index, change - context)
            // Changes with less than their surroundings between them are one.
            var end = change
            while let next = lines[end...].firstIndex(where: { $0.kind != .same }), next - end <= 2 * context {
                end = next + 1
            }
            end = min(lines.count, end + context)
            place.old += start - index
            place.new += start - index
            let part = Array(lines[start..<end])
            let (old, new) = (part.count { $0.kind != .added }, part.count { $0.kind != .removed })
            // As `diff` does: without lines, the place after which they would stand.
            hunks.append(
                Hunk(
                    oldStart: old == 0 ? place.old - 1 : place.old, newStart: new == 0 ? place.new - 1 : place.new,
                    lines: part))
            place.old += old
            place.new += new
            index = end
        }
        return hunks
    }
}
