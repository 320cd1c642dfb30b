import Agent
import CallSession
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Speech
import Store
import Telephony

/// What takes and places calls, while it does.
extension ParleyService {
    /// Prepares ears, voice and agents, then listens until the service is told to stop and the last call has ended.
    func takeCalls(
        at publicHost: String, desk: CallDesk, archive: CallArchive, readiness: Readiness, lines: BrowserLines,
        takeovers: Takeovers, versions: VersionKeeper
    ) async throws {
        try await catalogue.connect()
        do { try await catalogue.promises.resume() } catch {
            logger.error("promised callbacks are not handed over", metadata: ["reason": "\(error)"])
        }
        let vendors = Vendors(configuration, logger: logger)
        metrics.collect { PrometheusSample.httpClient("vendors", vendors.client.metrics) }
        do {
            let engines = try await callEngines(vendors)
            defer { engines.close() }
            metrics.collect { engines.samples + vendors.conversationSamples + vendors.limitSamples }
            if try await prepareUnlessStopped(engines, vendors, versions) {
                readiness.set("models", .ready)
                let recordings = RecordingWriter(key: try configuration.recordings.keys().current)
                let rates = CallRates(
                    store: store, node: nodeID, campaigns: configuration.campaigns.carrier.rawValue)
                let placing = try CallPlacing(
                    configuration, store: store, agents: roster, rates: rates,
                    freeLines: { desk.freeLines(now: .seconds(Date().timeIntervalSince1970)) },
                    options: dialling ?? CampaignRunner.Options(configuration.campaigns),
                    metrics: metrics, logger: logger)
                dialler.withLock { $0 = placing?.runner }
                let carriers = PersonCarriers(configuration, client: vendors.client, rates: rates, logger: logger)
                let plane = try publicPlane(
                    host: publicHost, vendors: vendors, recordings: recordings, desk: desk, archive: archive,
                    runner: placing?.runner, carriers: carriers, readiness: readiness, lines: lines,
                    takeovers: takeovers)
                metrics.collect {
                    plane.samples + [.counter("parley_recording_dropped_blocks_total", recordings.droppedBlocks)]
                }
                let teams = teams(vendors, office: placing?.runner.office)
                try await withTeams(teams) {
                    try await withCallWork(scorecards(vendors), analyses(vendors)) {
                        try await withUnwantedPeople(carriers) {
                            guard let placing else { return try await plane.run() }
                            try await placing.run { try await plane.run() }
                        }
                    }
                }
            }
        } catch {
            await vendors.close()
            await catalogue.close()
            throw error
        }
        await vendors.close()
        await catalogue.close()
    }

    private func callEngines(_ vendors: Vendors) async throws -> any CallEngines {
        if let engines { return engines }
        let shared = try await engineHouse?.engines(configuration.speech)
        return try SpeechEngines(
            configuration, vendors: vendors, shared: shared, metrics: metrics.factory, logger: logger)
    }

    /// - Returns: false when the service was told to stop meanwhile.
    private func prepareUnlessStopped(
        _ engines: any CallEngines, _ vendors: Vendors, _ versions: VersionKeeper
    ) async throws -> Bool {
        do {
            try await cancelWhenGracefulShutdown {
                try await versions.start(engines) { try vendors.conversation($0, model: $1) }
            }
            return true
        } catch is CancellationError {
            return false
        }
    }
}
