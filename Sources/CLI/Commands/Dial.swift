import ArgumentParser
import Campaigns
import Foundation
import Service
import Store

/// `parley dial`
struct Dial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Calls one number, through the same gate as a campaign.",
        discussion:
            "The service that places the call must be running (`parley serve`). Exits with 0 if a person was reached or a machine took the message."
    )

    @OptionGroup var options: Campaign.Options
    @Argument(help: "The number.")
    var number: String
    @Option(help: "Who speaks.")
    var agent: String
    @Option(help: "The number to call from.")
    var from: String
    @Option(help: "The business in whose name is called, as the agent's greeting says it.")
    var seller: String
    @Option(help: "informational, telemarketing or emergency.")
    var purpose = "informational"
    @Option(help: "The consent you have: express or written.")
    var consent = "express"
    @Option(help: "Where the proof of the consent is.")
    var consentSource: String
    @Option(name: .customLong("var"), help: "What the agent knows about the person: name=value. May be repeated.")
    var variables: [String] = []
    @Option(help: "Of a number without a country code.")
    var country = "US"
    @Option(help: "When a machine answers: hang_up, leave_message or talk.")
    var machine = "hang_up"
    @Option(help: "Left on a machine after its beep; {seller} and the variables may stand in it.")
    var message: String?
    @Option(help: "Who calls and why, for an assistant that asks.")
    var introduction: String?

    func run() async throws {
        guard let purpose = CallPurpose(rawValue: purpose) else {
            throw ValidationError("--purpose is informational, telemarketing or emergency")
        }
        guard let kind = ConsentRecord.Kind(rawValue: consent) else {
            throw ValidationError("--consent is express or written")
        }
        guard let machine = CampaignDefinition.MachinePolicy(rawValue: machine), machine != .giveUp else {
            throw ValidationError("--machine is hang_up, leave_message or talk")
        }
        guard (machine == .leaveMessage) == (message != nil) else {
            throw ValidationError("--message belongs to --machine leave_message, and must be given with it")
        }
        let pairs = try variables.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--var is name=value, not \"\(text)\"") }
            return (parts[0], parts[1])
        }
        let request = SingleDial.Request(
            number: number, agent: agent, callerID: from, seller: seller, purpose: purpose, consent: kind,
            consentSource: consentSource, variables: Dictionary(pairs) { $1 }, country: country,
            machine: machine, message: message, introduction: introduction)
        try await options.run { office in
            let json = options.json
            // Before the call, which outlives a terminal that is closed. The number stands with the call: the log keeps none.
            try await office.store.append(.terminal("dial", of: agent, ["purpose": purpose.rawValue]))
            let report = try await SingleDial(office: office).run(request) { if !json { Terminal.say($0) } }
            if json { try Terminal.json(report) }
            if let refusal = report.refusal, !json { Terminal.say(CampaignText.refusal(refusal)) }
            if let moment = report.callbackAt, !json {
                Terminal.say("They were promised another call at \(moment.formatted(.iso8601)).")
            }
            if let call = report.callID, !json { Terminal.say("parley calls show \(call)") }
            let good = [AttemptOutcome.reached, .messageLeft].map(\.rawValue)
            if !good.contains(report.outcome ?? "") { throw ExitCode.failure }
        }
    }
}
