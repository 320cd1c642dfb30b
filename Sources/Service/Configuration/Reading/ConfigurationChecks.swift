import CallSession
import Foundation
import Networking
import Telephony

/// The rules that concern more than one key.
struct ConfigurationChecks {
    private(set) var faults: [ConfigurationFault] = []
    /// What is allowed but probably not meant.
    private(set) var warnings: [String] = []
    /// Nobody is taken for dead before.
    private static let shortestSilence = Duration.seconds(10)
    private let configuration: ParleyConfiguration
    private let origin: (String) -> ConfigurationOrigin

    /// - Parameters:
    ///   - origin: where the value of a key was given.
    ///   - isReadable: whether a file can be read.
    init(
        _ configuration: ParleyConfiguration, origin: @escaping (String) -> ConfigurationOrigin,
        isReadable: (String) -> Bool
    ) {
        self.configuration = configuration
        self.origin = origin
        checkPublicPlane()
        checkGenesys()
        checkRecordings()
        checkDecisionKeys()
        checkAudioSocket()
        checkTransportSecurity(isReadable)
        checkProviders()
        checkPrices()
        checkTurns()
        checkWebhooks()
        checkTelemetry()
        checkOpenID()
        checkNode()
        let inbound = InboundChecks(configuration, origin: origin)
        faults += inbound.faults
        warnings += inbound.warnings
        if !configuration.private.isLoopback {
            warnings.append("private.host is not a loopback address: whoever reaches it can read metrics and health")
            if !configuration.private.tls.isEnabled {
                warnings.append("private.tls is not set up: keys and what callers said go over the network in clear")
            }
        }
    }

    private mutating func checkPublicPlane() {
        let `public` = configuration.public
        let twilio = configuration.carriers.twilio
        switch `public`.auth {
        case .none:
            if `public`.isLoopback {
                warnings.append("public.auth is `none`: whoever reaches the public listener can place calls")
            } else {
                fault(
                    "public.auth", value: "none",
                    "allowed only when `public.host` is a loopback address (127.0.0.1, ::1, localhost); it is `\(`public`.host)`. "
                        + "Use `signature`")
            }
        case .signature:
            guard twilio.authToken == nil else { break }
            let others = configuration.carriers.isAnySetUp
            if twilio.accountSID != nil || (!configuration.agents.numbers.isEmpty && !others) {
                fault(
                    "carriers.twilio.auth_token",
                    "required to check Twilio's signatures (`public.auth` is `signature`); give it, best as "
                        + "${TWILIO_AUTH_TOKEN}, or in the environment variable PARLEY_CARRIERS_TWILIO_AUTH_TOKEN",
                    from: twilio.accountSID == nil ? "agents.numbers" : "carriers.twilio.account_sid")
            } else if !others {
                warnings.append(
                    "no carrier is set up, so every call from outside is refused; give carriers.twilio.auth_token")
            }
        }
        if let url = `public`.url, url.hasPrefix("http://"), !`public`.isLoopback {
            warnings.append("public.url is not https: carriers insist on TLS for media")
        }
        guard let url = `public`.nodeURL else { return }
        if url.hasPrefix("http://"), !`public`.isLoopback {
            warnings.append("public.node_url is not https: carriers insist on TLS for media")
        }
        if `public`.url == nil {
            fault(
                "public.url",
                "required because `public.node_url` is given: the address that all nodes share, as entered at the carrier",
                from: "public.node_url")
        }
    }

    private mutating func checkRecordings() {
        do throws(RecordingKeyFault) { _ = try configuration.recordings.keys() } catch {
            fault(error.key, RecordingKeyFault.reason)
        }
    }

    private mutating func checkDecisionKeys() {
        do throws(DecisionKeyFault) { _ = try configuration.campaigns.decisionKeys() } catch {
            fault(error.key, DecisionKeyFault.reason)
        }
    }

    private mutating func checkOpenID() {
        let openID = configuration.private.openID
        let name = "private.openid.issuer"
        guard openID.issuer != nil else {
            if openID.clientID != nil {
                fault(name, "required because `private.openid.client_id` is given", from: "private.openid.client_id")
            }
            return
        }
        if openID.clientID == nil {
            fault("private.openid.client_id", "required because `\(name)` is given", from: name)
        }
        if configuration.private.url == nil { fault("private.url", "required because `\(name)` is given", from: name) }
        if (openID.viewers + openID.operators + openID.builders + openID.admins).isEmpty {
            fault(
                "private.openid.viewers",
                "required because `\(name)` is given, or operators, builders or admins: without one nobody may sign in",
                from: name)
        }
        guard let url = configuration.private.url else { return }
        if !ParleyConfiguration.Private.OpenID.isSafe(url) {
            warnings.append("private.url is not https: whoever is on the way can take a sign-in over")
        }
        if let path = URLComponents(string: url)?.path, !path.isEmpty {
            fault("private.url", value: url, "must have no path (`\(path)`): cookies and pages are the whole host's")
        }
    }

    private mutating func checkNode() {
        let node = configuration.node
        guard node.beat * node.patience < Self.shortestSilence else { return }
        fault(
            "node.patience", value: "\(node.patience)",
            "`node.beat`, which is \(DurationText.text(node.beat)), as often as this must be 10 s or more: a busy node is silent for seconds",
            from: origin("node.patience") == .standard ? "node.beat" : nil)
    }

    private mutating func checkGenesys() {
        let carriers = configuration.carriers
        guard let secret = carriers.genesysClientSecret else { return }
        if AudioHookSignature(clientSecret: secret.value) == nil {
            fault("carriers.genesys.client_secret", "must be base64, as Genesys shows it")
        }
        if carriers.genesysToken == nil {
            fault(
                "carriers.genesys.token", "required because `carriers.genesys.client_secret` is given",
                from: "carriers.genesys.client_secret")
        }
    }

    private mutating func checkAudioSocket() {
        let socket = configuration.carriers.audioSocket
        guard socket.port != nil else { return }
        switch configuration.public.auth {
        case .signature where socket.token == nil:
            fault(
                "carriers.audiosocket.token",
                "required because `carriers.audiosocket.port` is given: without it nobody can be invited",
                from: "carriers.audiosocket.port")
        case .none where !socket.isLoopback:
            fault(
                "carriers.audiosocket.host", value: socket.host,
                "must be a loopback address (127.0.0.1, ::1, localhost) while `public.auth` is `none`")
        case .signature, .none: break
        }
        let own = ["127.0.0.0/8", "::1"].compactMap(AddressBlock.init)
        if !socket.isLoopback, socket.peers.allSatisfy(own.contains) {
            warnings.append(
                "carriers.audiosocket.host is not a loopback address, but carriers.audiosocket.peers lets only this machine in"
            )
        }
    }

    private mutating func checkTransportSecurity(_ isReadable: (String) -> Bool) {
        for (plane, tls) in [("public", configuration.public.tls), ("private", configuration.private.tls)] {
            let files = [("\(plane).tls.certificate", tls.certificate), ("\(plane).tls.key", tls.key)]
            for (key, path) in files {
                if let path, !isReadable(path) { fault(key, value: path, "the file does not exist or cannot be read") }
            }
            for (missing, given) in [(files[0], files[1]), (files[1], files[0])]
            where missing.1 == nil && given.1 != nil {
                fault(missing.0, "required because `\(given.0)` is given; TLS needs both", from: given.0)
            }
        }
    }

    private mutating func checkProviders() {
        let speech = configuration.speech
        for (key, engines, role) in [
            ("speech.recognizer", speech.recognizer, ParleyConfiguration.Provider.Role.recognizer),
            ("speech.synthesizer", speech.synthesizer, .synthesizer),
            ("speech.es.recognizer", speech.spanishRecognizer ?? [], .recognizer),
            ("speech.es.synthesizer", speech.spanishSynthesizer ?? [], .synthesizer),
        ] {
            for case .provider(let name) in engines {
                if let reason = configuration.objection(toProvider: name, as: role) {
                    fault(key, value: name, reason)
                } else if let provider = configuration.providers[name], provider.kind.isRegional, provider.url == nil {
                    fault(
                        "providers.\(name).url",
                        "required by `\(key)`: the address of your region, such as "
                            + provider.kind.vendorURL.replacing("REGION", with: "westeurope"), from: "providers.\(name)"
                    )
                } else if let provider = configuration.providers[name], provider.isVendors, provider.apiKey == nil {
                    // A server of one's own may need none.
                    let variable = ConfigurationVariables.name(of: ["providers", name, "api_key"])
                    fault(
                        "providers.\(name).api_key",
                        "required by \(provider.baseURL), which `\(key)` names; give it, best as the environment variable "
                            + variable, from: "providers.\(name)")
                }
            }
        }
        let name = configuration.tools.embeddings
        if name != "none" {
            if let reason = configuration.objection(toProvider: name, as: .embeddings) {
                fault("tools.embeddings", value: name, reason)
            } else if configuration.providers[name]?.model == nil {
                fault("providers.\(name).model", "required by `tools.embeddings`", from: "providers.\(name)")
            }
        }
        for (name, provider) in configuration.providers.sorted(by: { $0.key < $1.key }) where !provider.kind.isLimitable
        {
            for (key, value) in [
                ("max_streams", provider.maxStreams), ("requests_per_second", provider.requestsPerSecond),
            ] where value != nil {
                fault(
                    "providers.\(name).\(key)", "a provider of kind `\(provider.kind.rawValue)` is not held to limits")
            }
        }
        if configuration.providers["embedded"] != nil {
            fault("providers.embedded", "the name means the engines inside the program; choose another")
        }
    }

    private mutating func checkPrices() {
        let prices = configuration.prices
        for name in prices.providers.keys.sorted() where configuration.providers[name] == nil {
            let names = configuration.providers.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
            fault(
                "prices.providers.\(name)",
                "there is no provider of that name; \(names.isEmpty ? "`providers` is empty" : "there is \(names)")")
        }
        if prices.currency == nil, !prices.isEmpty {
            let place = prices.providers.isEmpty ? "prices.lines" : "prices.providers"
            fault("prices.currency", "required because there are prices; give USD, EUR …", from: place)
        }
    }

    private mutating func checkTurns() {
        let turns = configuration.conversation.turns
        if turns.interruptWithoutWordsAfter < turns.interruptAfter {
            fault(
                "turns.interrupt_without_words_after", value: DurationText.text(turns.interruptWithoutWordsAfter),
                "must not be shorter than `turns.interrupt_after`, which is \(DurationText.text(turns.interruptAfter))",
                from: origin("turns.interrupt_without_words_after") == .standard ? "turns.interrupt_after" : nil)
        }
    }

    private mutating func checkWebhooks() {
        let webhooks = configuration.webhooks
        if webhooks.longestRetry < webhooks.firstRetry {
            fault(
                "webhooks.longest_retry", value: DurationText.text(webhooks.longestRetry),
                "must not be shorter than `webhooks.first_retry`, which is \(DurationText.text(webhooks.firstRetry))",
                from: origin("webhooks.longest_retry") == .standard ? "webhooks.first_retry" : nil)
        }
        for (name, endpoint) in webhooks.enabled.sorted(by: { $0.key < $1.key }) {
            let key = "webhooks.endpoints.\(name)"
            if let host = URLComponents(string: endpoint.url)?.host, let address = IPAddress(host),
                !AddressPolicy.publicOnly(except: webhooks.allowedAddresses).allows(address)
            {
                fault(
                    key + ".url", value: endpoint.address,
                    "\(address) is no address of the public internet; allow it with `webhooks.allow_addresses`")
            }
            if endpoint.secret != nil, endpoint.secret == endpoint.previousSecret {
                fault(key + ".previous_secret", "is the same as `secret`; take it away when the receiver has moved")
            }
            if endpoint.isPlainRemote {
                warnings.append("\(key).url is not https: what callers said goes over the network in clear")
            }
        }
    }

    private mutating func checkTelemetry() {
        let telemetry = configuration.telemetry
        guard let url = telemetry.url else { return }
        if let host = URLComponents(string: url)?.host, let address = IPAddress(host),
            !AddressPolicy.publicOnly(except: telemetry.allowedAddresses).allows(address)
        {
            fault(
                "telemetry.otlp.url", value: url,
                "\(address) is no address of the public internet; allow it with `telemetry.otlp.allow_addresses`")
        }
        if telemetry.isPlainRemote, telemetry.headers != nil {
            warnings.append("telemetry.otlp.url is not https: telemetry.otlp.headers go over the network in clear")
        }
    }

    private mutating func fault(_ key: String, value: String? = nil, _ reason: String, from place: String? = nil) {
        faults.append(ConfigurationFault(origin(place ?? key), key: key, value: value, reason))
    }
}
