package import Store

/// What a campaign is: who calls whom about what, when, how often and how fast. A plain value; the file that an operator
/// writes is read by the service.
package struct CampaignDefinition: Sendable, Equatable, Codable {
    /// Lower-case letters, digits, - and _.
    package var name = ""
    /// Who speaks.
    package var agent = ""
    package var purpose = CallPurpose.informational
    /// The registered name of the business in whose name is called, as the agent says it.
    package var seller = ""
    /// Numbers to call from, E.164; the nearest to the callee is used, those as near in turn.
    package var callerIDs: [String] = []
    /// Calls from one of them within 24 hours.
    package var callsPerCallerID = 500
    /// Of numbers without a country code, and what may be called; ISO 3166-1.
    package var countries = ["US"]
    /// The first and the last day, in the callee's own time.
    package var starts: CalendarDay?
    package var ends: CalendarDay?
    /// When to call, in the callee's own time. The law's hours hold besides.
    package var hours = WeekHours(days: [Span?](repeating: Span(opens: 540, closes: 1200), count: 6) + [nil])
    /// Days with hours of their own, or none.
    package var holidays: CampaignHolidays?
    /// What to do when a machine answers.
    package var machine = MachinePolicy.hangUp
    /// What is left on a machine, with `{seller}` and the contact's values in it; needed where messages are left.
    package var message: String?
    /// Who calls and why, for an assistant that asks; nil says so in general.
    package var introduction: String?
    package var frequency = FrequencyPolicy()
    package var retries = RetryPolicy()
    package var pacing = PacingPolicy()

    private typealias Span = WeekHours.Span

    package init() {}

    package enum MachinePolicy: String, Sendable, Codable, CaseIterable {
        /// Hang up, try again later.
        case hangUp = "hang_up"
        /// Say the message after the beep; the contact is done.
        case leaveMessage = "leave_message"
        /// Hang up, and leave this contact alone.
        case giveUp = "give_up"
        /// Talk all the same: the agent cannot tell, or its words suit a machine too.
        case talk
    }
}

/// How often a person may be called, over all campaigns.
package struct FrequencyPolicy: Sendable, Equatable, Codable {
    /// Of one contact in this campaign.
    package var attempts = 4
    /// Of one number within 24 hours.
    package var attemptsPerDay = 3
    /// Of one number within 7 days.
    package var attemptsPerWeek = 7
    /// Days without calls after a conversation.
    package var quietDays = 7

    package init() {}
}

/// When to try again. A stored duration is seconds.
package struct RetryPolicy: Sendable, Equatable, Codable {
    package var busy = Duration.seconds(20 * 60)
    package var noAnswer = Duration.seconds(4 * 3600)
    package var machine = Duration.seconds(24 * 3600)
    /// A person who hung up within ten seconds.
    package var hungUpEarly = Duration.seconds(24 * 3600)
    package var failed = Duration.seconds(30 * 60)
    /// A part of the wait that is added by the contact, so that not all of them ring at the same hour again, 0...1.
    package var spread = 0.25
    /// How much later than its wait an attempt may come after nobody answered, for a part of the day and an hour in which
    /// somebody may; nil does not look for any.
    package var bestTimeWithin: Duration?

    package init() {}
}

/// How fast to call.
package struct PacingPolicy: Sendable, Equatable, Codable {
    /// Calls at a time.
    package var concurrency = 5
    /// Calls that should be answered at the same time, by the share that was answered lately; nil begins calls on every line.
    package var targetAnswered: Int?
    /// Calls begun in a second; carriers queue silently what is more.
    package var callsPerSecond = 1.0
    /// From the first call until all of ``concurrency`` is used.
    package var ramp = Duration.seconds(300)
    /// How long a telephone rings before it counts as not answered.
    package var ringTimeout = Duration.seconds(25)
    /// Of calls that a person answered, the share that may get no agent in time, over 30 days.
    package var abandonmentLimit = 0.025
    /// The share of failures among the last ``breakerWindow`` attempts that pauses the campaign.
    package var breakerShare = 0.5
    package var breakerWindow = 20

    package init() {}
}
