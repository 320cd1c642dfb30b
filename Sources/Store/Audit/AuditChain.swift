import Crypto
import Foundation

/// What binds the rows of the audit log together.
enum AuditChain {
    /// The word for the deletion of rows for their age.
    static let pruning = "audit prune"
    /// What stands before the first row.
    static let beginning = String(repeating: "0", count: 64)

    /// SHA-256 over the mark `parley audit 1`, the previous hash and the row's fields in the order of the table, each as its
    /// length in bytes, a colon and its UTF-8; numbers in decimal digits.
    static func hash(_ row: AuditRow) -> String {
        var hash = SHA256()
        let fields = [
            "parley audit 1", row.previous, "\(row.number)", "\(row.happenedAt)", row.actor, row.actorName, row.act,
            row.subject, row.outcome, row.detail,
        ]
        for field in fields {
            hash.update(data: Data("\(field.utf8.count):".utf8))
            hash.update(data: Data(field.utf8))
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Follows the chain from the anchor to the head, row by row, and stops at the first one that does not fit.
struct AuditWalk {
    private(set) var verdict: AuditVerdict
    private let (anchorNumber, anchor): (Int, String)
    private let (headNumber, head): (Int, String)
    private let expected: AuditVerdict.Head?
    /// What the last deletion of old rows says it deleted.
    private var pruned: String?

    /// - Parameter expected: what was the head at some time, from elsewhere.
    init(anchor: (number: Int, hash: String), head: (number: Int, hash: String), expected: AuditVerdict.Head? = nil) {
        (anchorNumber, self.anchor) = (anchor.number, anchor.hash)
        (headNumber, self.head) = (head.number, head.hash)
        self.expected = expected
        verdict = AuditVerdict(
            rows: 0, first: anchor.number + 1, head: AuditVerdict.Head(number: anchor.number, hash: anchor.hash))
    }

    /// - Returns: whether the walk goes on.
    mutating func take(_ row: AuditRow) -> Bool {
        let last = verdict.head
        if row.number != last.number + 1 { return fail(last.number + 1, .missing) }
        if row.previous != last.hash { return fail(row.number, .unlinked) }
        if AuditChain.hash(row) != row.hash { return fail(row.number, .altered) }
        if let expected, expected.number == row.number, expected.hash != row.hash {
            return fail(row.number, .rewritten)
        }
        if row.act == AuditChain.pruning { pruned = row.detail }
        verdict.rows += 1
        verdict.head = AuditVerdict.Head(number: row.number, hash: row.hash)
        return true
    }

    /// After the last row.
    mutating func finish() {
        guard verdict.fault == nil else { return }
        let said = try? StoredJSON.text(["through": "\(anchorNumber)", "hash": anchor])
        if anchorNumber > 0 ? pruned != said : pruned != nil {
            _ = fail(anchorNumber + 1, .unanchored)
        } else if verdict.head != AuditVerdict.Head(number: headNumber, hash: head) {
            _ = fail(verdict.head.number + 1, .cut)
        } else if let expected {
            if expected.number > verdict.head.number {
                _ = fail(verdict.head.number + 1, .cut)
            } else if expected.number < anchorNumber {
                _ = fail(expected.number, .tooOld)
            } else if expected.number == anchorNumber, expected.hash != anchor {
                _ = fail(expected.number, .rewritten)
            }
        }
    }

    private mutating func fail(_ number: Int, _ kind: AuditVerdict.Fault.Kind) -> Bool {
        verdict.fault = AuditVerdict.Fault(number: number, kind: kind)
        return false
    }
}
