import Foundation
import Logging

extension ConfigurationSchema {
    static let store = ConfigurationSection(
        name: "store", documentation: "Calls, turns, tools and appointments.",
        keys: [
            Key("store.path", \.store.path, .path, "The SQLite database; made with its directory when missing."),
            Key(
                "store.postgres", optional: \.store.postgres, .secret, example: "${PARLEY_DATABASE}",
                "A PostgreSQL database in place of the SQLite one, as libpq names it: postgres://user@host:5432/parley?sslmode=verify-full. The password may stand in it, in PGPASSWORD or in ~/.pgpass. What the server does not take goes to a file beside store.path."
            ),
            Key(
                "store.connections", \.store.connections, .integer(1...100),
                "Connections to the PostgreSQL server at most."),
            Key(
                "store.retention_days", optional: \.store.retentionDays, .integer(1...3650),
                fallback: "none: they are kept", example: "365",
                "Older calls are deleted once a day, with transcript, journal, tool calls, incidents and recording; so are reviews that are over, messages, facts of callers and the memory of acts. Appointments stay."
            ),
            Key(
                "store.audit_days", optional: \.store.auditDays, .integer(30...36_500),
                fallback: "none: they are kept", example: "1825",
                "Older rows of the audit log are deleted once a day; one that stays says which, so that the log can still be verified."
            ),
        ])

    static let node = ConfigurationSection(
        name: "node", documentation: "This service among those that work on one database.",
        keys: [
            Key(
                "node.name", optional: \.node.name, .text("a name of 100 characters at most") { $0.count <= 100 },
                fallback: "the machine's name", example: "parley-1",
                "What `parley nodes` calls it; no two that run at the same time may have the same."),
            Key(
                "node.beat", \.node.beat, .duration(.seconds(1) ... .seconds(60)),
                "How often it tells the others that it lives, and looks whether they do. Let all nodes have the same."),
            Key(
                "node.patience", \.node.patience, .integer(3...100),
                "Looks in a row without news of another node, until it is taken for dead and its calls are ended; at least 10 s of `node.beat`. Let all nodes have the same."
            ),
        ])

    static let campaigns = ConfigurationSection(
        name: "campaigns", documentation: "Calling people: `parley campaign`, `parley dial`.",
        keys: [
            Key(
                "campaigns.directory", \.campaigns.directory, .path,
                "Where the tables of calling hours, holidays and time zones of numbers are."),
            Key(
                "campaigns.calling", \.campaigns.isCalling, .boolean,
                "Whether this service places the calls of running campaigns. Needs an account at a carrier."),
            Key(
                "campaigns.concurrency", optional: \.campaigns.concurrency, .integer(1...100_000),
                fallback: "none: each campaign has its own", example: "50",
                "Calls of all campaigns at a time that the account at the carrier bears, over all nodes of the database."
            ),
            Key(
                "campaigns.carrier", \.campaigns.carrier, .word,
                "Who carries the calls that are placed, with the account that stands below `carriers`."),
            Key(
                "campaigns.look_up_after", \.campaigns.lookUpAfter, .duration(.seconds(1) ... .seconds(600)),
                "When the carrier has not answered a request for a call for so long, its list of calls is looked at."),
            Key(
                "campaigns.give_up_after", \.campaigns.giveUpAfter, .duration(.seconds(5) ... .seconds(3600)),
                "A call that is not on the carrier's list by then was never placed, and the contact is called again later. A carrier whose list is behind its calls needs more."
            ),
            Key(
                "campaigns.ask_after", \.campaigns.askAfter, .duration(.seconds(1) ... .seconds(3600)),
                "When the carrier has told nothing of a placed call for so long, it is asked."),
            Key(
                "campaigns.decision_key", optional: \.campaigns.decisionKey, .secret, example: "${DECISION_KEY}",
                "Signs the record of every decision to call (HMAC-SHA256): 32 bytes in base64. `parley campaign explain` tells whether a record was changed."
            ),
            Key(
                "campaigns.earlier_decision_keys", optional: \.campaigns.earlierDecisionKeys, .secret,
                example: "${EARLIER_DECISION_KEYS}",
                "Keys from before, divided by commas: what was signed with them can still be checked."),
            Key(
                "campaigns.imports", \.campaigns.imports, .path,
                "Where contacts that come over the API are received, and rows that were left out wait for a day to be fetched."
            ),
            Key(
                "campaigns.largest_import", \.campaigns.largestImport, .size(1000...10_000_000_000),
                "The largest file of contacts that the API takes; `parley campaign import` takes any."),
            Key(
                "campaigns.retention_days", optional: \.campaigns.retentionDays, .integer(31...3650),
                fallback: "none: they are kept", example: "400",
                "So long after a campaign has finished its contacts and attempts are deleted, with the gate's decisions; looked at once a day. Campaigns, consents and the lists of those who must not be called stay."
            ),
        ])

    static let callbacks = ConfigurationSection(
        name: "callbacks",
        documentation: "Calling people back who called and were promised it. Needs all of the first three.",
        keys: [
            Key(
                "callbacks.agent", optional: \.callbacks.agent, .name, fallback: "none: nobody is promised a call",
                example: "reminder",
                "Who speaks: an agent whose greeting says who calls, that it is automated, and how to opt out."),
            Key(
                "callbacks.seller", optional: \.callbacks.seller, .text("a name"),
                fallback: "none: nobody is promised a call", example: "Lakeside Clinic",
                "The business in whose name is called, as that agent says it."),
            Key(
                "callbacks.caller_id", optional: \.callbacks.callerID, .telephone,
                fallback: "none: nobody is promised a call", example: "\"+12125550100\"", "The number to call from."),
            Key(
                "callbacks.country", \.callbacks.country,
                .text("a country of two capital letters") {
                    $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isUppercase }
                }, "Of numbers that a caller says without a country."),
            Key("callbacks.attempts", \.callbacks.attempts, .integer(1...20), "At one of them."),
        ])

    static let recordings = ConfigurationSection(
        name: "recordings", documentation: "What both sides of a call heard.",
        keys: [
            Key("recordings.enabled", \.recordings.isEnabled, .boolean, "Whether calls are recorded."),
            Key("recordings.directory", \.recordings.directory, .path, "Where recordings are kept."),
            Key(
                "recordings.retention_days", optional: \.recordings.retentionDays, .integer(1...3650),
                fallback: "none: they are kept", example: "90",
                "Older recordings are deleted once a day, also those of no call; what the calls' records say stays."),
            Key(
                "recordings.key", optional: \.recordings.key, .secret, example: "${RECORDINGS_KEY}",
                "Encrypts new recordings (AES-256-GCM): 32 bytes in base64. Without it, and without a copy of it, they are lost."
            ),
            Key(
                "recordings.earlier_keys", optional: \.recordings.earlierKeys, .secret,
                example: "${EARLIER_RECORDINGS_KEYS}",
                "Keys from before, divided by commas: what was encrypted with them can still be read."),
        ])

    static let calendar = ConfigurationSection(
        name: "calendar",
        documentation: "The appointment calendar, and what `today` and `nine o'clock` mean on a call.",
        keys: [
            Key(
                "calendar.time_zone", \.calendar.timeZone, .timeZone, fallback: "the machine's",
                example: "Europe/Berlin",
                "The time zone."),
            Key("calendar.doctor", \.calendar.doctor, .sentence, "Whose appointments are made, Monday to Friday."),
            Key(
                "calendar.opens", \.calendar.opens, .integer(0...22),
                "The hour of the day at which the first appointment begins."),
            Key(
                "calendar.closes", \.calendar.closes, .integer(1...23),
                "The hour of the day at which the last appointment ends."),
            Key("calendar.slot_minutes", \.calendar.slotMinutes, .integer(5...480), "The length of an appointment."),
        ])

    static let privacy = ConfigurationSection(
        name: "privacy",
        documentation:
            "What is masked before it is stored, logged, shown or told; the agent itself hears it. Recordings are not masked.",
        keys: [
            Key(
                "privacy.mask", \.privacy.masked, .masked, example: "cards, emails, phones, national_ids",
                "The kinds of personal data that are masked, in figures and as they are spoken.")
        ])

    static let log = ConfigurationSection(
        name: "log", documentation: "Log lines, on standard error.",
        keys: [
            Key("log.level", \.log.level, .word, "The least severe level that is written."),
            Key("log.format", \.log.format, .word, "pretty for people, json (one object per line) for collectors."),
            Key(
                "log.personal_data", \.log.showsPersonalData, .boolean,
                "Whether what callers say and telephone numbers are written out. Secrets never are."),
        ])
}
