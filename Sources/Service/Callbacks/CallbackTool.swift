import Agent
import Campaigns
import Foundation
import Store

/// Promises the person on the line a call at a time of their own. On a call that we placed its campaign keeps the promise; for
/// somebody who called us, a campaign of their own does.
struct CallbackTool: Tool {
    let store: Store
    /// The tables by which a time is lawful; read when they are needed, which is seldom.
    let rules: @Sendable () throws -> CallingRules
    /// For people who called us.
    var promises: PromisedCallbacks?
    /// Of what it is about.
    var mask = PersonalDataMask()
    var now: @Sendable () -> Date = { Date() }

    let definition = ToolDefinition(
        name: "callback_schedule",
        summary:
            "Schedules another call to the person on this call, at a date and time or after some minutes.",
        parameters: [
            "type": "object",
            "properties": [
                "date": ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"],
                "time": ["type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "description": "Where the person is."],
                "after_minutes": [
                    "type": "integer", "minimum": 1, "maximum": 20160,
                    "description": "In place of date and time: as soon as possible after that.",
                ],
                "number": [
                    "type": "string", "maxLength": 32,
                    "description": "Where they called us: another number than the one they call from.",
                ],
                "note": ["type": "string", "maxLength": 500, "description": "What it is about."],
            ], "additionalProperties": false,
        ], risk: .reversible, deadline: .seconds(15))

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let time = try time(of: arguments)
        let answer: CallbackPlanner.Answer
        do { answer = try await promise(time, arguments, call: context.call) } catch let error as ToolError {
            throw error
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
        switch answer {
        case .at(let moment, let zone):
            let text = CallbackPlanner.text(moment, in: zone)
            return [
                "date": .string(String(text.prefix(10))), "time": .string(String(text.suffix(5))),
                "time_zone": .string(zone.identifier),
            ]
        case .notThen(let reason, let next):
            let advice = next.map { "; the next time at which we may call is \($0)" } ?? ""
            throw ToolError(.conflict, tool: definition.name, detail: reason + advice)
        }
    }

    private func time(of arguments: JSONValue) throws(ToolError) -> CallbackTime {
        if let minutes = arguments["after_minutes"]?.integer, arguments["date"] == nil, arguments["time"] == nil {
            return .after(minutes: minutes)
        }
        guard let date = arguments["date"]?.string, let clock = arguments["time"]?.string else {
            throw ToolError(
                .invalidArguments, tool: definition.name, detail: "give `date` and `time`, or only `after_minutes`")
        }
        guard let day = CalendarDay(date), let time = CalendarTime(clock) else {
            throw ToolError(.invalidArguments, tool: definition.name, detail: "there is no such day or time")
        }
        return .at(day, time)
    }

    private func promise(
        _ time: CallbackTime, _ arguments: JSONValue, call: CallFacts
    ) async throws -> CallbackPlanner.Answer {
        guard let attempt = try await store.attempt(ofCall: call.callID),
            let contact = try await store.contact(id: attempt.contactID),
            let record = try await store.campaign(id: attempt.campaignID)
        else {
            guard !call.isPlaced, let promises else {
                throw ToolError(.notFound, tool: definition.name, detail: "this call is of no campaign")
            }
            return try await promises.promise(
                time, number: arguments["number"]?.string, note: mask.mask(arguments["note"]?.string ?? ""),
                call: call)
        }
        guard arguments["number"] == nil else {
            throw ToolError(
                .invalidArguments, tool: definition.name,
                detail: "who was called is called again on the same number; leave `number` out")
        }
        let (campaign, rules) = (try CampaignDefinition(stored: record.definition), try rules())
        let answer = time.plan(
            zone: contact.timeZone.flatMap(TimeZone.init(identifier:)),
            place: contact.place(in: campaign, rules: rules), campaign: campaign, rules: rules, now: now())
        if case .at(let moment, _) = answer { try await store.promise(contact: contact.id, callAt: moment, at: now()) }
        return answer
    }
}

extension ContactRecord {
    /// Everywhere this person may be.
    func place(in campaign: CampaignDefinition, rules: CallingRules) -> CalleePlace {
        place(of: try? PhoneNumber(number, country: campaign.countries[0]), rules: rules)
    }

    /// Everywhere this person may be, by their number as the numbering plan knows it.
    func place(of parsed: PhoneNumber?, rules: CallingRules) -> CalleePlace {
        CalleePlace(
            e164: number, country: parsed?.country ?? "", state: region,
            timeZone: timeZone.flatMap(TimeZone.init(identifier:)), zones: rules.zones)
    }
}
