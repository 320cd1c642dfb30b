import Agent
import AudioCore
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store

/// Looks whether this machine and a configuration can take calls.
package enum SystemCheck {
    package struct Finding: Sendable, Encodable {
        package var subject: String
        package var isOK: Bool
        /// What was found, or what to do.
        package var detail: String
    }

    /// - Parameters:
    ///   - environment: where the files of tools look `${NAME}` up.
    ///   - origins: where the configuration's values were given, to be named with what is wrong with them.
    ///   - microphone: ALSA's name of the microphone to be opened; nil opens none, as calls need none.
    package static func run(
        _ configuration: ParleyConfiguration, environment: [String: String] = ProcessInfo.processInfo.environment,
        origins: Origins = [:], microphone: String? = nil
    ) async -> [Finding] {
        let began = ClockMoment.now
        var findings: [Finding] = []
        func look(_ subject: String, _ body: () async throws -> String) async {
            do { findings.append(Finding(subject: subject, isOK: true, detail: try await body())) } catch {
                findings.append(Finding(subject: subject, isOK: false, detail: "\(error)"))
            }
        }
        let library = Result { try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory)) }
        let database = Result { try openedDatabase(configuration.store) }
        // The documents are read into a database that goes with the check, for the service's own is only looked at.
        let scratch = FileManager.default.temporaryDirectory.appending(path: "parley-check-\(UUID().uuidString)")
        let drafts = Result { try Store(path: scratch.appending(path: "documents.sqlite").path) }
        defer {
            try? drafts.get().close()
            try? FileManager.default.removeItem(at: scratch)
        }
        let catalogue = Result {
            let store = try drafts.get()
            return try ToolCatalogue(
                configuration, store: store,
                calendar: AppointmentCalendar(store: store, zone: configuration.calendar.timeZone),
                room: ThermostatRoom(), environment: environment, logger: Logger(label: "parley.check"))
        }
        await look("tools") {
            try await catalogue.get().connect()
            return try catalogue.get().report
        }
        await look("documents") { try catalogue.get().documentsReport() }
        await look("agents") { try agents(try library.get(), try catalogue.get().definitions, configuration) }
        await look("transfers") { transfers(try library.get(), configuration) }
        try? await catalogue.get().close()
        await look("nodes") { try await nodesReport(database.get(), configuration.node) }
        await look("store") {
            let store = try database.get()
            defer { try? store?.close() }
            return try await databaseReport(store, configuration.store)
        }
        await look("campaigns") { try campaigns(configuration) }
        if let port = configuration.carriers.audioSocket.port {
            await look("audiosocket") { try await audioSocket(configuration.carriers.audioSocket, port: port) }
        }
        await look("speech") {
            var quiet = configuration
            quiet.speech.decoders = 1
            let logger = Logger(label: "parley.check")
            let loop = EventLoop(name: "check", logger: logger)
            try loop.start()
            let vendors = Vendors(quiet, logger: logger)
            let engines = try SpeechEngines(quiet, vendors: vendors, logger: logger)
            var unheard: [String] = []
            for (name, agent) in try library.get().agents.sorted(by: { $0.key < $1.key }) {
                let vocabulary = SpeechVocabulary(agent.language)
                if configuration.converses(agent) { continue }
                if let objection = engines.speaking(agent.spokenLanguage).objection(to: vocabulary) {
                    unheard.append("; \(name) is left out: \(objection)")
                } else {
                    try await engines.prepare(vocabulary)
                }
            }
            let session = try await engines.synthesizer(on: loop).makeSession(voice: "", format: .telephone)
            var bytes = 0
            for try await chunk in session.synthesize("Ready.") { bytes += chunk.count }
            session.close()
            engines.close()
            await vendors.close()
            await loop.shutdown()
            return
                "recognizer \(Self.names(configuration.speech.recognizer)), synthesizer \(Self.names(configuration.speech.synthesizer)), \(bytes / 8) ms of speech"
                + unheard.joined()
        }
        if let office = OpenIDOffice(
            configuration.private, logger: Logger(label: "parley.check"), now: { Date() })
        {
            await look("sign-in") { try await office.report() }
        }
        findings += certificates(configuration)
        findings += await providers(configuration, agents: (try? library.get().agents) ?? [:])
        findings += await webhooks(configuration)
        findings += await telemetry(configuration)
        let neural = NeuralEngines(configuration.speech, logger: Logger(label: "parley.check")).report
        findings.append(Finding(subject: "voice detection", isOK: true, detail: neural.voices))
        findings.append(Finding(subject: "second recognizer", isOK: true, detail: neural.words))
        findings.append(Finding(subject: "end of turn", isOK: true, detail: neural.turns))
        let understanding = SentenceUnderstanding.report(configuration, logger: Logger(label: "parley.check"))
        findings.append(Finding(subject: "understanding", isOK: true, detail: understanding))
        // Last, so that the clocks were watched for the whole time.
        findings += await machine(configuration, since: began, microphone: microphone, origins: origins)
        return findings
    }

    /// Where AudioSocket listens and for whom; throws when that is no address of this machine.
    private static func audioSocket(
        _ socket: ParleyConfiguration.Carriers.AudioSocket, port: Int
    ) async throws -> String {
        let host = try await ListenerConfiguration.numericHost(socket.host)
        let loop = EventLoop(name: "check", logger: Logger(label: "parley.check"))
        try loop.start()
        // Any free port: the right one is taken while the service runs.
        do {
            _ = try await loop.listen(ListenerConfiguration(host: host, port: 0), streams: NobodyMayConnect())
        } catch {
            await loop.shutdown()
            throw error
        }
        await loop.shutdown()
        let peers = socket.peers.map(\.description).joined(separator: ", ")
        return
            "TCP \(host):\(port) for \(peers); a dialplan asks for each call's UUID at \(AudioSocketInvitations.path)"
    }

    private struct NobodyMayConnect: StreamService {
        func accept(from remoteAddress: String, on loop: EventLoop) -> (any StreamHandler)? { nil }
    }

    private static func names(_ engines: [ParleyConfiguration.Speech.Engine]) -> String {
        engines.map(\.name).joined(separator: ", ")
    }

    /// Who hands callers on without a number behind the name. Not a fault: such a caller is told, and can call again.
    private static func transfers(_ library: AgentLibrary, _ configuration: ParleyConfiguration) -> String {
        let escalation = configuration.conversation.escalation
        let unreachable = library.agents.sorted { $0.key < $1.key }.compactMap { name, agent -> String? in
            let names = agent.transferDestinations.filter { TransferDestination($0, escalation: escalation) == nil }
            return names.isEmpty ? nil : "\(name) (\(names.joined(separator: ", ")))"
        }
        var callbacks: [String] = []
        if [configuration.callbacks.agent, configuration.callbacks.seller, configuration.callbacks.callerID].contains(
            nil)
        {
            callbacks = library.agents.filter { $0.value.promisesCallbacks }.keys.sorted()
        }
        let lacking =
            callbacks.isEmpty
            ? ""
            : "; these promise callbacks, which nobody keeps before callbacks.agent, .seller and .caller_id are set: "
                + callbacks.joined(separator: ", ")
        let unasked = unasked(library, configuration)
        guard !unreachable.isEmpty else {
            return "every agent that hands callers on has a number for them" + lacking + unasked
        }
        return "no number is behind the names that these hand callers on to; set calls.escalation, or callers hear "
            + "calls.transfer_failed: \(unreachable.joined(separator: ", "))" + lacking + unasked
    }

    /// Who asks people before callers are put through to them, where there is no account to call anybody with.
    private static func unasked(_ library: AgentLibrary, _ configuration: ParleyConfiguration) -> String {
        let asking = library.agents.filter { !$0.value.warmTransfers.isEmpty }.keys.sorted()
        let lacking = ParleyConfiguration.CallingCarrier.allCases.map {
            CallingAccount.missing(in: configuration, of: $0)
        }
        guard !asking.isEmpty, lacking.allSatisfy({ !$0.isEmpty }) else { return "" }
        // The account that is nearest to being whole.
        let keys = (lacking.min { $0.count < $1.count } ?? []).joined(separator: ", ")
        return "; these ask people first (`warm`), and no carrier has an account to call them with, which takes for "
            + "example \(keys): \(asking.joined(separator: ", "))"
    }

    /// The agents' names, if everything they name exists. One that lacks its model and that nobody is sent to is only
    /// mentioned, as the service does without it too.
    private static func agents(
        _ library: AgentLibrary, _ tools: [ToolDefinition], _ configuration: ParleyConfiguration
    ) throws -> String {
        let models = configuration.providers.filter { $0.value.kind.roles.contains(.languageModel) }
        let destinations =
            [("agents.default", configuration.agents.default)]
            + configuration.agents.numbers.map { ("agents.numbers.\($0.key)", $0.value) }.sorted { $0.0 < $1.0 }
            + configuration.inbound.agents
        var (fit, leftOut, faults): ([String], [String], [String]) = ([], [], [])
        for (name, agent) in library.agents.sorted(by: { $0.key < $1.key }) {
            let objection = configuration.objection(to: agent, among: library.agents)
            var own = agent.faults(tools: tools, providers: Set(models.keys), agents: Set(library.agents.keys)).map(
                \.description)
            if own.isEmpty, let objection { own = ["\(agent.file): \(objection)"] }
            if own.isEmpty {
                fit.append(name)
            } else if objection != nil, !destinations.contains(where: { $0.1 == name }) {
                leftOut.append("\(name) is left out: \(own.joined(separator: "; "))")
            } else {
                faults += own
            }
        }
        for (key, name) in destinations where library.agents[name] == nil {
            faults.append("\(key): there is no agent `\(name)` in \(configuration.agents.directory)")
        }
        do { _ = try InboundRules(reading: configuration) } catch { faults.append("\(error)") }
        guard faults.isEmpty else { throw AgentFaults(faults: faults + leftOut) }
        return ([fit.joined(separator: ", ")] + leftOut).joined(separator: "; ")
    }

    private struct AgentFaults: Error, CustomStringConvertible {
        let faults: [String]
        var description: String { faults.joined(separator: "; ") }
    }
}
