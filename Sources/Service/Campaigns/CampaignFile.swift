import Agent
import Campaigns
import Foundation
import Store

/// Reads a campaign's definition from a YAML file, with the same care for wrong keys and values as the configuration.
enum CampaignFile {
    private typealias Key = ConfigurationKey<CampaignDefinition>

    private static let wait = ValueKind.duration(.seconds(60) ... .seconds(30 * 24 * 3600))

    /// Every key there is, in the order of the example.
    static let keys: [ConfigurationKey<CampaignDefinition>] = [
        Key("name", \.name, .name, "What the campaign is called."),
        Key("agent", \.agent, .name, "Who speaks: an agent of agents.directory."),
        Key("purpose", \.purpose, .word, "What is called about; decides what consent is needed."),
        Key("seller", \.seller, .text("a name"), "The business in whose name is called, as the agent says it."),
        Key("caller_ids", \.callerIDs, .numbers, "The numbers to call from: the nearest to the callee, in turn."),
        Key(
            "calls_per_caller_id", \.callsPerCallerID, .integer(1...100_000), "Calls from one of them within 24 hours."),
        Key(
            "countries", \.countries, .countries, "What may be called; the first is that of numbers without a country."),
        Key("starts", optional: \.starts, .day, example: "2026-12-01", "The first day, where the callee is."),
        Key("ends", optional: \.ends, .day, example: "2026-12-24", "The last day, where the callee is."),
        Key("hours", \.hours, .weekHours, "When to call, where the callee is."),
        Key(
            "holidays", optional: \.holidays, .holidays, example: "2026-12-25, 2026-12-31 10:00-14:00",
            "Days on which nobody is called, or at other hours."),
        Key("machine", \.machine, .word, "What to do when a machine answers."),
        Key(
            "message", optional: \.message, .text("a sentence or two"), example: "This is {seller}. Please call us.",
            "What is left on a machine; {seller} and the contact's columns may stand in it."),
        Key(
            "introduction", optional: \.introduction, .text("a sentence"),
            example: "This is {seller}, about your visit.",
            "Who calls and why, for an assistant that asks."),
        Key("frequency.attempts", \.frequency.attempts, .integer(1...20), "Of one contact."),
        Key("frequency.attempts_per_day", \.frequency.attemptsPerDay, .integer(1...20), "Of one number in 24 hours."),
        Key("frequency.attempts_per_week", \.frequency.attemptsPerWeek, .integer(1...50), "Of one number in 7 days."),
        Key("frequency.quiet_days", \.frequency.quietDays, .integer(0...365), "Without calls after a conversation."),
        Key("retries.busy", \.retries.busy, wait, "Until the next attempt when it was busy."),
        Key("retries.no_answer", \.retries.noAnswer, wait, "Until the next attempt when nobody answered."),
        Key("retries.machine", \.retries.machine, wait, "Until the next attempt when a machine answered."),
        Key("retries.hung_up_early", \.retries.hungUpEarly, wait, "Until the next attempt after a short call."),
        Key("retries.failed", \.retries.failed, wait, "Until the next attempt when the carrier failed."),
        Key("retries.spread", \.retries.spread, .number(0...1), "The part of the wait that varies by contact."),
        Key(
            "retries.best_time_within", optional: \.retries.bestTimeWithin,
            .duration(.seconds(3600) ... .seconds(72 * 3600)), example: "48h",
            "How much later it may be for another part of the day and an hour in which people answered."),
        Key("pacing.concurrency", \.pacing.concurrency, .integer(1...10_000), "Calls at a time."),
        Key(
            "pacing.target_answered", optional: \.pacing.targetAnswered, .integer(1...10_000), example: "3",
            "Calls that should be answered at the same time; more may ring, by how many were answered lately."),
        Key("pacing.calls_per_second", \.pacing.callsPerSecond, .number(0.01...200), "Calls begun in a second."),
        Key("pacing.ramp", \.pacing.ramp, .duration(.zero ... .seconds(24 * 3600)), "Until all lines are used."),
        Key(
            "pacing.ring_timeout", \.pacing.ringTimeout, .duration(.seconds(20) ... .seconds(120)),
            "How long it rings. Less than 15 s is against the rules, and carriers take some of it for themselves."),
        Key(
            "pacing.abandonment_limit", \.pacing.abandonmentLimit, .number(0.001...0.03),
            "The share of answered calls that may get no agent in time."),
        Key("pacing.breaker_share", \.pacing.breakerShare, .number(0.05...1), "Failures that pause the campaign."),
        Key("pacing.breaker_window", \.pacing.breakerWindow, .integer(5...1000), "Attempts the share is taken of."),
    ]

    private static let required = ["name", "agent", "seller", "caller_ids"]

    /// - Throws: every fault with its line.
    static func read(path: String) throws -> CampaignDefinition {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw CampaignError(.badFile, path, "cannot be read: \(error.localizedDescription)")
        }
        return try read(bytes, file: path)
    }

    static func read(_ bytes: Data, file: String) throws(ConfigurationError) -> CampaignDefinition {
        let document = ConfigurationDocument(bytes, file: file)
        return try read(document.entries, faults: document.faults, file: file)
    }

    /// As ``read(_:file:)``, of a JSON object with the same keys; its faults have no line that means anything.
    static func read(_ object: [String: JSONValue], file: String) throws(ConfigurationError) -> CampaignDefinition {
        try read(entries(object, at: [], origin: .file(file, line: 1, column: 1)), faults: [], file: file)
    }

    private static func entries(
        _ object: [String: JSONValue], at path: [String], origin: ConfigurationOrigin
    ) -> [ConfigurationEntry] {
        object.sorted { $0.key < $1.key }.flatMap { name, value -> [ConfigurationEntry] in
            let path = path + [name]
            let content: ConfigurationEntry.Content
            var inner: [ConfigurationEntry] = []
            switch value {
            case .null: content = .nothing
            case .bool(let flag): content = .text(flag ? "true" : "false")
            case .integer(let number): content = .text("\(number)")
            case .number(let number): content = .text("\(number)")
            case .string(let text): content = .text(text)
            case .array(let items):
                let texts = items.compactMap(\.string)
                content = texts.count == items.count ? .texts(texts) : .list
            case .object(let members):
                content = .section
                inner = entries(members, at: path, origin: origin)
            }
            return [ConfigurationEntry(path: path, content: content, origin: origin)] + inner
        }
    }

    private static func read(
        _ entries: [ConfigurationEntry], faults: [ConfigurationFault], file: String
    ) throws(ConfigurationError) -> CampaignDefinition {
        var reader = ConfigurationReader(entries, environment: [:])
        var definition = CampaignDefinition()
        reader.read(keys, into: &definition)
        for name in required where reader.origin(of: name) == .standard {
            reader.report(ConfigurationFault(.file(file, line: 1, column: 1), key: name, "is required"))
        }
        if let starts = definition.starts, let ends = definition.ends, ends < starts {
            reader.report(ConfigurationFault(reader.origin(of: "ends"), key: "ends", "lies before starts, \(starts)"))
        }
        reader.reportLeftovers()
        let all = faults + reader.faults
        guard all.isEmpty else { throw ConfigurationError(all) }
        return definition
    }
}

extension ValueKind where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> Self {
        ValueKind(
            type: "number", range: "\(range.lowerBound) ... \(range.upperBound)",
            parse: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }, format: { "\($0)" })
    }
}

extension ValueKind where Value == [String] {
    static var numbers: Self {
        ValueKind(
            type: "text", range: "numbers of the form +12125550123, separated by spaces",
            parse: { text in
                let parts = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
                let isGood = parts.allSatisfy { ValueKind<String>.telephone.parse($0) != nil && $0.hasPrefix("+") }
                return parts.isEmpty || !isGood || Set(parts).count < parts.count ? nil : parts
            },
            format: { $0.joined(separator: " ") }, isList: true)
    }

    static var countries: Self {
        ValueKind(
            type: "text", range: "countries of two capital letters, separated by spaces",
            parse: { text in
                let parts = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
                let isGood = parts.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isUppercase } }
                return parts.isEmpty || !isGood ? nil : parts
            },
            format: { $0.joined(separator: " ") }, isList: true)
    }
}

extension ValueKind where Value == CalendarDay {
    static var day: Self {
        ValueKind(type: "day", range: "YYYY-MM-DD", parse: { CalendarDay($0) }, format: { $0.description })
    }
}

extension ValueKind where Value == WeekHours {
    static var weekHours: Self {
        ValueKind(
            type: "text", range: "hours such as `mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00`",
            parse: { WeekHours($0) },
            format: { $0.description })
    }
}

extension ValueKind where Value == CampaignHolidays {
    static var holidays: Self {
        ValueKind(
            type: "text", range: "days such as `2026-12-25, 2026-12-31 10:00-14:00`", parse: { CampaignHolidays($0) },
            format: { $0.description }, isList: true)
    }
}
