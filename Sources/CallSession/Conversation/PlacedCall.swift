/// How a call that we placed begins: whom or what the agent talks to, and what is done about the others.
package struct PlacedCall: Sendable, Equatable, Codable {
    /// What to do about a machine that takes messages.
    package enum MachinePolicy: String, Sendable, Codable, CaseIterable {
        case hangUp
        /// Say ``PlacedCall/message`` once after the beep, then hang up.
        case leaveMessage
        /// Talk as to a person, once it has finished.
        case talk
    }

    package var machine: MachinePolicy
    /// Left on a machine.
    package var message: String
    /// Who calls and why, for an assistant that asks.
    package var introduction: String
    /// The key with which people get rid of calls; the agent hears of it whatever else is going on.
    package var optOutKey: String

    /// How long nobody may speak before the agent greets of its own accord.
    package var patience = Duration.milliseconds(1200)
    /// From the end of a greeting, the latest that the agent greets whoever it was.
    package var latestGreeting = Duration.milliseconds(1700)
    /// How long the words of a greeting are waited for when its length alone would decide, from its end.
    package var wordsDeadline = Duration.milliseconds(1300)
    /// The longest that a machine may talk.
    package var longestRecording = Duration.seconds(60)
    /// Silence after a machine's greeting that counts as its beep: some have none, or one that is not heard.
    package var beeplessPause = Duration.seconds(3)
    /// From the beep's end to the message.
    package var pauseAfterBeep = Duration.milliseconds(400)
    /// How long an assistant may take to fetch somebody, and a menu to come to an end.
    package var longestHold = Duration.seconds(90)

    package init(
        machine: MachinePolicy = .hangUp, message: String = "", introduction: String = "", optOutKey: String = "9"
    ) {
        self.machine = machine
        self.message = message
        self.introduction = introduction
        self.optOutKey = optOutKey
    }
}
