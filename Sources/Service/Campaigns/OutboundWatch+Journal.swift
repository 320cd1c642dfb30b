import CallSession
import Foundation
import Store

extension OutboundWatch {
    /// Kinds of entries by which somebody can opt out.
    private static let kinds: Set<String> = ["transcript", "keyPressed", "replyExpects", "replyUnderstood", "hungUp"]

    /// Takes one entry of a call's stored journal, as ``see(_:)`` took it while the call went on.
    mutating func read(_ entry: JournalRecord) throws {
        guard Self.kinds.contains(entry.kind) else { return }
        let position = entry.position
        switch try JSONDecoder().decode(ConversationEvent.self, from: entry.payload) {
        case .replyExpects(_, let expectation): _ = see(.note(position: position, .expecting(expectation)))
        case .replyUnderstood(_, let understanding):
            _ = see(.note(position: position, .understood(turn: 0, understanding)))
        case let event: _ = see(.journal(sequence: entry.sequence, position: position, event))
        }
    }
}
