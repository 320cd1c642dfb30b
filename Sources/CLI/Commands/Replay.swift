import ArgumentParser
import Foundation
import Service
import Store

/// `parley replay`
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the journal of a past call through the present code, in virtual time.",
        discussion: """
            Exits with 0 if every decision is the same, and otherwise shows the first that is not: the number of the input, what \
            the call did, and what would be done now. A call of which words were masked (privacy.mask) is \
            compared for as long as its decisions do not hang on them. --with shows what other settings would have changed instead.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(
        help: "The call's id, or the beginning of it; a file that --export wrote; or \"all\", every call of the store.")
    var call: String
    @Option(
        name: .customLong("with"), help: "A configuration file whose turn-taking is tried instead of the call's own.")
    var settings: String?
    @Option(
        help:
            "Write the call's journal into this file, for a bug report: it replays the same, but says nothing of what was said."
    )
    var export: String?
    @Flag(help: "With --export: keep the words.")
    var withWords = false
    @Flag(help: "Print the interaction panel of the calls too.")
    var panel = false
    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Output: Encodable {
        var calls: [CallReplay.Report] = []
        var findings: [String: [SettingsTrial.Finding]] = [:]
        var panel: InteractionPanel?
        /// Calls that cannot be run, and why.
        var faults: [String: String] = [:]
    }

    func validate() throws {
        guard export == nil || call != "all" else { throw ValidationError("--export takes one call, not all") }
        guard export != nil || !withWords else { throw ValidationError("--with-words goes with --export") }
    }

    func run() async throws {
        if call.hasSuffix(".jsonl") { return try replayFile() }
        let store = try Calls.store(common)
        defer { try? store.close() }
        let trial = try settings.map { try TrialSettings(file: $0) }
        var output = Output()
        var timelines: [CallTimeline] = []
        for id in try await ids(store) {
            do {
                let replay = try await CallReplay(call: id, store: store)
                if let export {
                    try JournalFile.write(replay, isRedacted: !withWords, to: URL(fileURLWithPath: export))
                }
                output.calls.append(replay.run())
                timelines.append(replay.timeline)
                if let trial {
                    let agent = try await store.story(ofCall: id).call.agent
                    let other = trial.settings(for: agent, insteadOf: replay.settings)
                    output.findings[id] = SettingsTrial(replay, with: other).findings()
                }
            } catch let fault as CallReplay.Fault { output.faults[id] = fault.reason }
        }
        if panel { output.panel = InteractionPanel(timelines) }
        if json { try Terminal.json(output) } else { show(output) }
        if !output.calls.allSatisfy({ $0.divergence == nil }) || output.calls.isEmpty { throw ExitCode.failure }
    }

    private func replayFile() throws {
        let replay: CallReplay
        do throws(CallReplay.Fault) { replay = try JournalFile.read(URL(fileURLWithPath: call)) } catch {
            Terminal.complain(error.reason)
            throw ExitCode(78)
        }
        var output = Output()
        output.calls = [replay.run()]
        if let settings {
            let other = try TrialSettings(file: settings).settings(for: "", insteadOf: replay.settings)
            output.findings[replay.call] = SettingsTrial(replay, with: other).findings()
        }
        if panel { output.panel = InteractionPanel([replay.timeline]) }
        if json { try Terminal.json(output) } else { show(output) }
        if output.calls.contains(where: { $0.divergence != nil }) { throw ExitCode.failure }
    }

    private func ids(_ store: Store) async throws -> [String] {
        guard call == "all" else { return [try await store.callID(withPrefix: call)] }
        var ids: [String] = []
        var cursor: CallCursor?
        repeat {
            let page = try await store.calls(limit: 100, after: cursor)
            ids += page.calls.map(\.id)
            cursor = page.next
        } while cursor != nil
        return ids
    }

    private func show(_ output: Output) {
        for report in output.calls {
            let withheld = report.withheld == 0 ? "" : ", \(report.withheld) with words or keys withheld"
            if report.masked > 0 {
                Terminal.say("\(report.call)  words were masked when it was stored, in \(report.masked) inputs")
            }
            if let from = report.maskedFrom {
                Terminal.say(
                    "\(report.call)  \(report.compared - 1) inputs compared, no divergence; from input \(from) on decisions hang on masked words and cannot be compared"
                )
                continue
            }
            guard let divergence = report.divergence else {
                Terminal.say(
                    "\(report.call)  \(report.events) inputs, \(report.compared) compared\(withheld), no divergence")
                continue
            }
            Terminal.say(
                "\(report.call)  diverges at input \(divergence.sequence), \(Double(divergence.position / 80) / 100) s: \(divergence.event)"
            )
            for line in divergence.expected { Terminal.say("    was  \(line)") }
            for line in divergence.actual { Terminal.say("    is   \(line)") }
        }
        for (id, findings) in output.findings.sorted(by: { $0.key < $1.key }) {
            Terminal.say("\(id)  with \(settings ?? ""): \(findings.isEmpty ? "nothing changes" : "")")
            for finding in findings { Terminal.say("    \(Double(finding.position / 80) / 100) s  \(finding.text)") }
        }
        for (id, reason) in output.faults.sorted(by: { $0.key < $1.key }) {
            Terminal.complain("\(id)  cannot be run: \(reason)")
        }
        if let panel = output.panel { Terminal.say("\n\(panel.text)") }
    }
}
