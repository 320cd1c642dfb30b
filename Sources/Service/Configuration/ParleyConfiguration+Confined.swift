import Foundation

extension ParleyConfiguration {
    /// These settings for a service that only this process calls: free loopback ports, nobody checked, everything stored
    /// under `directory`, which is emptied first and must be a ``ScratchFolder``.
    func confined(to directory: String) throws -> ParleyConfiguration {
        let directory = try ScratchFolder.prepare(directory)
        var configuration = self
        configuration.public.host = "127.0.0.1"
        configuration.public.port = 0
        configuration.public.url = nil
        configuration.public.nodeURL = nil
        // Whoever dials in this process shows no certificate and asks for none.
        configuration.public.tls = ParleyConfiguration.Public.TransportSecurity()
        configuration.public.auth = .none
        configuration.private.host = "127.0.0.1"
        configuration.private.port = 0
        configuration.private.tls = ParleyConfiguration.Public.TransportSecurity()
        configuration.media.loops = 1
        // There is nobody else's call to be protected by refusing one.
        configuration.media.lateBeat = .seconds(1)
        configuration.calls.drainDeadline = .seconds(1)
        // What is tried is tried at any hour, and often.
        configuration.inbound = ParleyConfiguration.Inbound()
        // What is only tried is nobody's news.
        configuration.webhooks.endpoints = [:]
        configuration.telemetry.url = nil
        configuration.store.confine(to: directory)
        configuration.recordings.directory = directory.appendingPathComponent("recordings").path
        configuration.campaigns.imports = directory.appendingPathComponent("imports").path
        // Whoever looks at what was tried wants to hear it.
        configuration.recordings.key = nil
        return configuration
    }
}
