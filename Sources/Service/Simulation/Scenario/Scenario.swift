package import Agent
package import CallSession
package import Callers

/// A simulated caller and what must come of their call. Read from a file of `config/scenarios`.
package struct Scenario: Sendable, Equatable {
    /// Something a caller does when it is their turn, or in the middle of the agent's.
    package enum Act: Sendable, Hashable {
        /// Words, read by the scenario's voice; `[pause 1.2]` is a silence of so many seconds within them.
        case say(String)
        /// A recording of the fixtures.
        case fixture(String)
        /// Nothing: the agent has to ask again.
        case silence
        /// Telephone keys, one after the other.
        case press(String)
        case hangUp
    }

    /// Something that happens while the agent speaks.
    package struct Event: Sendable, Equatable {
        /// In which of the agent's stretches; 0 is the greeting.
        package var during: Int
        /// After its beginning.
        package var after: Duration
        package var act: Act
        package var meaning: CallTimeline.Meaning
    }

    package struct Noise: Sendable, Equatable {
        package var kind: BackgroundNoise
        /// Of speech to noise, in dB.
        package var ratio: Double
    }

    package struct Line: Sendable, Equatable {
        /// The share of frames lost, 0...1.
        package var loss = 0.0
        /// The longest delay.
        package var jitter = Duration.zero
    }

    /// What is in the world before the call.
    package struct Given: Sendable, Equatable {
        package var appointments: [ScenarioAppointment] = []
        /// Of the room, in degrees Fahrenheit.
        package var temperature = 64
        /// What is known of the caller, as a campaign or a carrier would say it.
        package var variables: [String: String] = [:]
    }

    /// A call that the agent places: what answers it, and what is to be done about what is no person.
    package struct Placed: Sendable, Equatable {
        /// Said first by whoever or whatever answers.
        package var answer = Act.silence
        /// After the line is open.
        package var after = Duration.milliseconds(600)
        /// Texts may hold the variables and the agent's facts in braces.
        package var policy = PlacedCall()
    }

    /// Whom the agent sees calling, and which number.
    static let callerNumber = "+15550100"
    static let calledNumber = "+15550199"

    /// Who a language model plays in the caller's place.
    package struct Improvisation: Sendable, Equatable {
        package var persona: String
        package var goal: String
    }

    package var name: String
    package var summary: String
    package var agent: String
    /// Nil where the answers are written down.
    package var improvisation: Improvisation?
    /// Of Flite: `slt`, `rms`, `awb`.
    package var voice = "rms"
    /// 1 is the voice's own.
    package var speed = 1.0
    package var noise: Noise?
    package var line = Line()
    /// Nil for a call that is taken.
    package var placed: Placed?
    package var given = Given()
    /// By the question that the agent asks; done in order, the last one again when asked again. Those of `open` are also
    /// done where a question has none.
    package var answers: [Expectation.Kind: [Act]] = [:]
    package var events: [Event] = []
    /// The caller hangs up then.
    package var limit = Duration.seconds(90)
    package var expectations = ScenarioExpectations()
    /// Why the expectations are known not to be met; nil where they must be.
    package var knownFailure: String?
    /// Why they are known not to be met where the recognizer is a real one.
    package var knownMishearing: String?
}

/// An appointment before or after a call.
package struct ScenarioAppointment: Sendable, Equatable, Codable, CustomStringConvertible {
    package var name: String
    /// `2026-12-01`; nil where any will do.
    package var date: String?
    /// `10:30`; nil where any will do.
    package var time: String?

    package var description: String {
        [name, date.map { "on \($0)" }, time.map { "at \($0)" }].compactMap(\.self).joined(separator: " ")
    }

    func matches(_ other: ScenarioAppointment) -> Bool {
        name.lowercased() == other.name.lowercased() && (date == nil || date == other.date)
            && (time == nil || time == other.time)
    }
}
