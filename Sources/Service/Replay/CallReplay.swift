package import CallSession
import Foundation
package import Store

/// Runs a call's journal through the present reducer, in virtual time, and compares what it decides with what was decided.
///
/// Pure: no task, no socket, no clock. The journal holds the call's settings (entry 0), every input with its position, and
/// what was decided at each.
package struct CallReplay: Sendable {
    /// What one input led to, then and now.
    package struct Divergence: Sendable, Equatable, Encodable {
        /// The input's number in the journal.
        package var sequence: Int
        /// In samples since the media started.
        package var position: Int
        package var event: String
        /// What the call did.
        package var expected: [String]
        /// What the present code does.
        package var actual: [String]
    }

    package struct Report: Sendable, Equatable, Encodable {
        package var call: String
        /// Inputs that were run.
        package var events = 0
        /// Those whose decisions the journal holds.
        package var compared = 0
        /// Those that hold a mark in the place of the caller's words or keys, which were kept out of the journal. They are
        /// decided upon like any others: the call itself knew no more.
        package var withheld = 0
        package var divergence: Divergence?
        /// Inputs of which words were masked when they were stored.
        package var masked = 0
        /// The input from which on nothing could be compared any more, because decisions hang on words that were masked.
        package var maskedFrom: Int?

        package var isExact: Bool { divergence == nil && compared == events }
    }

    /// Why a journal cannot be run.
    package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        package var reason: String
        package var description: String { reason }
    }

    /// An input of the journal.
    package struct Input: Sendable, Equatable {
        package var sequence: Int
        package var position: Int
        package var event: ConversationEvent
        /// What was decided; nil in journals of before decisions were kept.
        package var decisions: [String]?
    }

    package let call: String
    package let settings: ConversationSettings
    package let inputs: [Input]

    init(call: String, settings: ConversationSettings, inputs: [Input]) {
        self.call = call
        self.settings = settings
        self.inputs = inputs
    }

    /// - Parameter journal: the whole of it, in order.
    package init(call: String, journal: [JournalRecord]) throws(Fault) {
        self.call = call
        guard let first = journal.first else { throw Fault(reason: "call \(call) has no journal") }
        guard first.sequence == 0, first.kind == JournalRecord.settingsKind else {
            throw Fault(
                reason: "the journal of call \(call) does not begin with the call's settings; it is of an older version"
            )
        }
        let decoder = JSONDecoder()
        do { settings = try decoder.decode(ConversationSettings.self, from: first.payload) } catch {
            throw Fault(reason: "the settings of call \(call) are of another version: \(error)")
        }
        var inputs: [Input] = []
        for (index, record) in journal.dropFirst().enumerated() {
            guard record.sequence == index + 1 else {
                throw Fault(
                    reason:
                        "the journal of call \(call) lacks entry \(index + 1); events were dropped, so it cannot be run"
                )
            }
            do {
                inputs.append(
                    Input(
                        sequence: record.sequence, position: record.position,
                        event: try decoder.decode(ConversationEvent.self, from: record.payload),
                        decisions: try record.decisions.map { try decoder.decode([String].self, from: Data($0.utf8)) }))
            } catch {
                throw Fault(
                    reason: "entry \(record.sequence) (\(record.kind)) of call \(call) is of another version: \(error)")
            }
        }
        self.inputs = inputs
    }

    /// Stops at the first divergence: what comes after it follows from it.
    ///
    /// The reducer decided upon words, of which the journal may keep dots. Once it has been given some, another decision says
    /// nothing of the code.
    package func run() -> Report {
        var report = Report(call: call)
        var conversation = Conversation(settings: settings)
        for input in inputs {
            let actual = conversation.handle(input.event, at: input.position).map(\.text)
            report.events += 1
            if input.event.isWithheld { report.withheld += 1 }
            if input.isMasked { report.masked += 1 }
            guard let expected = input.decisions else { continue }
            report.compared += 1
            guard actual == expected else {
                if report.masked > 0 {
                    report.maskedFrom = input.sequence
                    return report
                }
                report.divergence = Divergence(
                    sequence: input.sequence, position: input.position, event: input.event.name, expected: expected,
                    actual: actual)
                return report
            }
        }
        return report
    }
}

extension JournalRecord {
    /// The kind of entry 0.
    static let settingsKind = "settings"
}

extension CallReplay.Input {
    /// Words were masked in it, or in what was decided.
    var isMasked: Bool {
        let dot = PersonalDataMask.dot
        return "\(event)".contains(dot) || decisions?.contains { $0.contains(dot) } == true
    }
}
