package import Callers

/// How the sandbox carrier and the people it rings behave.
package struct SandboxCarrierConfiguration: Sendable {
    /// What the person does whose telephone rings.
    package enum Callee: Sendable {
        /// Answers, and says these one after the other whenever the agent has finished; hangs up at the end.
        case talks([CallerClip])
        /// Answers with a greeting, then says these as ``talks(_:)`` does.
        case greets(CallerClip, then: [CallerClip])
        /// Answers, and says one of these over the agent each time it has spoken for so long; hangs up when the agent has
        /// answered the last.
        case talksOver([CallerClip], after: Duration)
        /// Answers, and presses a key after so long.
        case presses(Character, after: Duration)
        /// Answers, presses a key after so long, says this after as long again, and hangs up that much after its end.
        case takes(Character, after: Duration, says: CallerClip, hangsUpAfter: Duration)
        /// A voicemail: says its greeting, beeps, listens for a while.
        case voicemail(greeting: CallerClip)
        /// An assistant that asks who calls, and fetches the person once it was told; nil fetches nobody.
        case screening(prompt: CallerClip, person: Person?)
        /// A menu of keys.
        case menu(SandboxMenu)
        /// A fax answers.
        case fax
        /// Answers and puts the receiver down after so long.
        case hangsUp(after: Duration)
        case busy
        case noAnswer
        /// The network refuses, with this SIP code.
        case fails(sipCode: Int)
    }

    /// Somebody who comes to the line: says hello, then one clip after the other whenever the agent has finished.
    package struct Person: Sendable {
        package var greeting: CallerClip
        package var clips: [CallerClip]

        package init(greeting: CallerClip, clips: [CallerClip]) {
            self.greeting = greeting
            self.clips = clips
        }
    }

    /// What goes wrong with a request to place a call.
    package enum Fault: Sendable, Equatable {
        case none
        /// Refused undone, with this status.
        case refuse(Int)
        /// Done, but the answer is a 500.
        case answerLost
    }

    /// What goes wrong with what the carrier tells about a call.
    package enum Callbacks: Sendable, Equatable {
        case normal
        case none
        /// Everything twice.
        case twice
        /// The last word comes first.
        case reversed
    }

    /// Whose interfaces it has.
    package var dialect: any SandboxDialect = CompatibleSandbox.twilio
    package var account = "AC" + String(repeating: "0", count: 32)
    package var authToken = "sandbox"
    /// Who is behind a number; `call` counts the calls to this number from 0.
    package var callee: @Sendable (_ number: String, _ call: Int) -> Callee = { _, _ in .noAnswer }
    /// By the number of the request, from 0.
    package var fault: @Sendable (Int) -> Fault = { _ in .none }
    package var callbacks: @Sendable (Int) -> Callbacks = { _ in .normal }
    /// From the request to the first ring, and from there to the answer.
    package var ringing = Duration.milliseconds(200)
    /// How long it rings at people who do not answer, whatever was asked for.
    package var patience = Duration.milliseconds(400)
    /// Calls begun in a second; more wait silently, as with the real one.
    package var callsPerSecond = 100.0
    /// Whether the carrier's own detector tells who answered, where it is asked to.
    package var detectsMachines = true
    /// How much of what the agent says is kept in ``SandboxCall/heard``; nothing by default.
    package var hearing = Duration.zero
    /// Asked what to do with a call that somebody makes when the webhook that was to say so cannot be reached or answers with
    /// an error, as is entered beside a number; nil ends the call.
    package var fallbackURL: String?

    package init() {}

    var access: SandboxAccess { SandboxAccess(account: account, secret: authToken) }
}

extension SandboxCarrierConfiguration.Callee {
    /// What a carrier's detector takes them for, in Twilio's words; the real ones take assistants and menus for machines.
    var answeredBy: String {
        switch self {
        case .voicemail, .screening, .menu: "machine_start"
        case .fax: "fax"
        case .talks, .greets, .talksOver, .presses, .takes, .hangsUp, .busy, .noAnswer, .fails: "human"
        }
    }
}
