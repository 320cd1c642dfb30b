import Agent
import Callers
import Foundation
import Store

/// Who calls in a demo, what they say to which question, and what must be true afterwards.
struct DemoScenario: Sendable {
    /// What the call must have achieved.
    enum Goal: Sendable, Equatable {
        /// An appointment under this name at this time of day, on the day that the caller names; nil where they name none.
        case appointment(name: String, day: String?, time: String)
        /// The room has this temperature, in degrees Fahrenheit.
        case temperature(Int)
        /// Nothing in particular: the caller's own recordings are played.
        case none
    }

    var agent: String
    /// The answers, by the question; said in order, the last one again when asked again.
    var answers: [Expectation.Kind: [CallerClip]]
    var goal: Goal

    /// The scenario that the fixtures hold for an agent.
    init(agent: String, fixtures: FixtureManifest, condition: String = "clean") throws {
        let lines = fixtures.fixtures.filter { $0.demo == agent }
        guard !lines.isEmpty else {
            throw DemoError(
                reason: "the fixtures hold no demo for the agent \"\(agent)\"; bring your own lines with --caller")
        }
        self.agent = agent
        answers = [:]
        // Openings come before goodbyes: both answer an open question.
        for line in lines.sorted(by: {
            ($0.intent == "goodbye" ? 1 : 0, $0.id) < ($1.intent == "goodbye" ? 1 : 0, $1.id)
        }) {
            let kind: Expectation.Kind =
                switch line.context {
                case "date": .date
                case "time": .time
                case "name": .name
                case "phone": .digits
                case "confirm": .yesNo
                case "choice": .choice
                default: .open
                }
            answers[kind, default: []].append(try fixtures.clip(line, condition: condition))
        }
        let entities = Dictionary(lines.flatMap(\.entities)) { first, _ in first }.mapValues(\.description)
        if let name = entities["name"], let time = entities["time"] {
            goal = .appointment(name: name, day: lines.first { $0.entities["date"] != nil }?.text, time: time)
        } else if let number = entities["number"].flatMap(Int.init) {
            goal = .temperature(number)
        } else {
            goal = .none
        }
    }

    /// The caller's own recordings, in the order given, whatever is asked.
    init(agent: String, files: [String]) throws {
        self.agent = agent
        let clips = try files.map { try CallerClip(path: $0) }
        answers = Dictionary(uniqueKeysWithValues: Expectation.Kind.allCases.map { ($0, clips) })
        goal = .none
    }
}

extension DemoScenario.Goal {
    /// The one of the caller's appointments that they called for, or what is wrong with them.
    ///
    /// - Parameter day: the day that was wanted, in ISO; nil takes any.
    static func fulfilled(
        by found: [Appointment], name: String, day: String?, time: String
    ) -> Result<Appointment, DemoError> {
        if let match = found.first(where: { "\($0.slot.time)" == time && (day == nil || "\($0.slot.day)" == day) }) {
            return .success(match)
        }
        let wanted = (day.map { "on \($0) " } ?? "") + "at \(time)"
        let others = found.map { "\($0.slot.day) at \($0.slot.time)" }.joined(separator: ", ")
        return .failure(
            DemoError(
                reason: "no appointment of \(name) \(wanted) is in the calendar"
                    + (others.isEmpty ? "" : ", but \(others)")))
    }
}

/// Why a demo could not be held.
package struct DemoError: Error, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { reason }
}
