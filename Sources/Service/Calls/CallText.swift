import Foundation
package import Store

/// Past calls in words, for terminals.
package enum CallText {
    /// One line of a list.
    package static func line(_ call: CallRecord) -> String {
        let when = call.startedAt.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
        let length = "\(Double(call.duration / 800) / 10) s"
        return [
            call.id, when, call.agent, call.from.isEmpty ? "unknown" : call.from, length, call.outcome ?? "-",
            call.endReason ?? "running",
        ]
        .joined(separator: "  ")
    }

    /// One line of what was found in a call.
    package static func line(_ hit: CallHit) -> String {
        let words = hit.snippet.map { $0.isHit ? "[\($0.text)]" : $0.text }.joined()
        return "    \(Double(hit.started / 800) / 10) s  \(hit.speaker.rawValue)  \(words)"
    }

    /// The whole call.
    package static func story(_ story: CallStory) -> String {
        var lines = [line(story.call)]
        if let before = story.call.resumes { lines.append("goes on with  \(before)") }
        if let next = story.call.resumedAs { lines.append("goes on as  \(next)") }
        if let answerer = story.call.answerer { lines.append("answered by  \(answerer)") }
        if let consent = story.call.recordingConsent {
            let evidence = consent.evidence.map { " by \($0)" } ?? ""
            lines.append(
                "recording  \(consent.state)\(evidence) at \(Double(consent.position / 800) / 10) s (\(consent.mode))")
        }
        if let cost = story.call.cost { lines += text(cost) }
        lines.append("")
        for turn in story.turns {
            let at = "\(Double(turn.started / 800) / 10) s"
            switch turn.speaker {
            case .caller:
                let confidence = turn.confidence.map { "  (\(Int($0 * 100)) %)" } ?? ""
                lines.append("\(at)  caller  \(turn.text)\(confidence)")
                if let intent = turn.intent {
                    let entities = turn.entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
                    lines.append("        understood  \(intent)\(entities)")
                }
            case .operator: lines.append("\(at)  operator  \(turn.text)")
            case .agent:
                lines.append("\(at)  agent   \(turn.text)")
                if let heard = turn.heard, heard != turn.text { lines.append("        heard only  \(heard)") }
                if let latency = turn.latency { lines.append("        " + text(latency)) }
            }
        }
        if !story.tools.isEmpty { lines.append("") }
        for tool in story.tools {
            lines.append("tool  \(tool.name) \(tool.arguments) → \(tool.outcome ?? "(no answer)")")
        }
        for incident in story.incidents { lines.append("incident  \(incident.kind): \(incident.detail)") }
        for recording in story.recordings {
            lines.append(
                "recording  \(recording.path)  (\(recording.callerSamples) samples a leg at \(recording.sampleRate) Hz)"
            )
            for redaction in recording.redactions ?? [] {
                let (from, to) = (Double(redaction.from / 800) / 10, Double(redaction.to / 800) / 10)
                lines.append("        silent  \(from) s to \(to) s (\(redaction.reason))")
            }
            if let sha256 = recording.sha256 { lines.append("        sha256  \(sha256)") }
        }
        return lines.joined(separator: "\n")
    }

    /// The sum, then what it is made of.
    private static func text(_ cost: CallCost) -> [String] {
        let currency = cost.currency.map { " " + $0 } ?? ""
        let items = cost.items.map { item in
            let amount = item.amount.map { "\($0)\(currency)" } ?? "no price"
            return "      \(item.provider)  \(item.quantity) \(item.unit)  \(amount)"
        }
        return ["cost  " + (cost.total.map { "\($0)\(currency)" } ?? "no prices")] + items
    }

    private static func text(_ latency: TurnLatency) -> String {
        func ms(_ microseconds: Int) -> String { "\(Double(microseconds / 100) / 10)" }
        return
            "answered after \(ms(latency.total)) ms = wait \(ms(latency.endOfTurnWait)) + recognition \(ms(latency.recognition))"
            + " + reply \(ms(latency.understanding)) + synthesis \(ms(latency.synthesis)) + own \(ms(latency.own))"
    }
}

/// A page of calls as JSON.
package struct CallListing: Encodable, Sendable {
    package var calls: [CallRecord]
    /// For `--after`; absent on the last page.
    package var next: String?
    /// The turns that have the words that were searched for; absent without a search.
    package var hits: [CallHit]?

    package init(_ page: CallPage, isSearch: Bool) {
        calls = page.calls
        next = page.next?.description
        hits = isSearch ? page.hits : nil
    }
}
