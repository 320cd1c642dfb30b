import Agent
import Campaigns
import Foundation
import Store

/// Promises the person on a call that we placed another one, at a time of their own: the campaign keeps the promise.
struct CallbackTool: Tool {
    let store: Store
    /// The tables by which a time is lawful; read when they are needed, which is seldom.
    let rules: @Sendable () throws -> CallingRules
    var now: @Sendable () -> Date = { Date() }

    let definition = ToolDefinition(
        name: "callback_schedule",
        summary: "Schedules another call to the person on this call, which must be one that we placed.",
        parameters: [
            "type": "object",
            "properties": [
                "date": ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"],
                "time": ["type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "description": "Where the person is."],
            ], "required": ["date", "time"], "additionalProperties": false,
        ], risk: .reversible)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard let day = arguments["date"]?.string.flatMap(CalendarDay.init),
            let time = arguments["time"]?.string.flatMap(CalendarTime.init)
        else { throw ToolError(.invalidArguments, tool: definition.name, detail: "there is no such day or time") }
        let answer: CallbackPlanner.Answer
        do { answer = try await promise(day, time, callID: context.call.callID) } catch let error as ToolError {
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

    private func promise(_ day: CalendarDay, _ time: CalendarTime, callID: String) async throws
        -> CallbackPlanner.Answer
    {
        guard let attempt = try await store.attempt(ofCall: callID),
            let contact = try await store.contact(id: attempt.contactID),
            let record = try await store.campaigns().first(where: { $0.id == attempt.campaignID })
        else {
            throw ToolError(.notFound, tool: definition.name, detail: "this call is of no campaign")
        }
        let (campaign, rules) = (try CampaignDefinition(stored: record.definition), try rules())
        let answer = CallbackPlanner.plan(
            day: day, minute: time.minutes, zone: contact.timeZone.flatMap(TimeZone.init(identifier:)),
            place: contact.place(in: campaign, rules: rules), campaign: campaign, rules: rules, now: now())
        if case .at(let moment, _) = answer { try await store.promise(contact: contact.id, callAt: moment, at: now()) }
        return answer
    }
}

extension ContactRecord {
    /// Everywhere this person may be.
    func place(in campaign: CampaignDefinition, rules: CallingRules) -> CalleePlace {
        let parsed = try? PhoneNumber(number, country: campaign.countries[0])
        return CalleePlace(
            e164: number, country: parsed?.country ?? "", state: region,
            timeZone: timeZone.flatMap(TimeZone.init(identifier:)), zones: rules.zones)
    }
}
