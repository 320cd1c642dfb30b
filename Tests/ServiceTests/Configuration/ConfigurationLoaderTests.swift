import CallSession
import Foundation
import Logging
import Testing

@testable import Service

@Suite("Reading the configuration")
struct ConfigurationLoaderTests {
    private func load(
        _ yaml: String, _ environment: [String: String] = [:], options: [String: String] = [:]
    ) throws -> LoadedConfiguration {
        try ConfigurationLoader(environment: environment, isReadable: { _ in true })
            .read(Data(yaml.utf8), file: "parley.yaml", options: options)
    }

    private func faults(_ yaml: String, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try load(yaml, environment)
            return []
        } catch {
            return (error as? ConfigurationError)?.faults.map(\.description) ?? ["\(error)"]
        }
    }

    @Test("Without any source every value is the default")
    func defaults() throws {
        let loaded = try ConfigurationLoader(environment: [:]).read(nil, file: "")
        #expect(loaded.configuration == ParleyConfiguration())
        #expect(loaded.warnings.contains { $0.contains("no carrier is set up") })
    }

    @Test("What is masked is a list of kinds and patterns by name; a pattern that cannot be is named")
    func privacy() throws {
        let yaml = "privacy:\n  mask: [cards, emails]\n  patterns: {policy: 'LK-\\d{6}'}\n"
        let privacy = try load(yaml).configuration.privacy
        #expect(privacy.masked.kinds == [.cards, .emails])
        #expect(privacy.mask.mask("LK-123456, a@b.org, 4111111111111111") == "•, •@•, ••••••••••••••••")
        #expect(try load("privacy: {mask: none}").configuration.privacy.mask.isNothing)
        #expect(try load("").configuration.privacy.mask == PersonalDataMask([.cards]))
        let faults = faults("privacy:\n  mask: [cards, faces]\n  patterns: {a: '(b', c: 'd*', E: f}\n")
        #expect(
            faults.contains { $0.hasPrefix("parley.yaml:2:") && $0.contains("cards, emails, phones, national_ids") })
        for name in ["privacy.patterns.a", "privacy.patterns.c", "privacy.patterns.E"] {
            #expect(faults.contains { $0.contains(name) }, "\(faults)")
        }
    }

    @Test("Command line overrides environment, which overrides the file, which overrides the default")
    func precedence() throws {
        let yaml = "public:\n  port: 1\n  host: 127.0.0.2\nprivate:\n  port: 2\n"
        let loaded = try load(
            yaml, ["PARLEY_PUBLIC_PORT": "3", "PARLEY_PRIVATE_PORT": "4"], options: ["private.port": "5"])
        #expect(loaded.configuration.public.host == "127.0.0.2")
        #expect(loaded.configuration.public.port == 3)
        #expect(loaded.configuration.private.port == 5)
        let origins = Dictionary(uniqueKeysWithValues: loaded.settings.map { ($0.key, $0.origin.description) })
        #expect(origins["public.host"] == "parley.yaml:3:9")
        #expect(origins["public.port"] == "environment variable PARLEY_PUBLIC_PORT")
        #expect(origins["private.port"] == "option private.port")
        #expect(origins["media.lead"] == "default")
    }

    @Test("Values reach the properties that hold them")
    func values() throws {
        let loaded = try load(
            """
            public: {url: "https://voice.example.org/", maximum_connections: 12}
            media: {loops: 3, lead: 200ms}
            turns: {open_wait: 1.5s, silence_prompts: 2}
            calls: {escalation: "+493012345678", apology: "Pardon me?"}
            speech: {recognizer: ears, phrase_cache: 64MiB}
            providers:
              ears: {kind: deepgram, url: "ws://127.0.0.1:9/", api_key: abc}
            recordings: {enabled: no, retention_days: 30}
            calendar: {time_zone: Europe/Berlin}
            log: {level: debug, format: json}
            agents: {numbers: {"+15550100": thermostat}}
            carriers: {twilio: {auth_token: 'x # y'}}
            """)
        let configuration = loaded.configuration
        #expect(configuration.public.baseURL(boundPort: 1) == "https://voice.example.org")
        #expect(configuration.public.maximumConnections == 12)
        #expect(configuration.media.loops == 3)
        #expect(configuration.media.lead == .milliseconds(200))
        #expect(configuration.conversation.turns.openWait == .milliseconds(1500))
        #expect(configuration.conversation.longestSilenceCount == 2)
        #expect(configuration.conversation.escalation == "+493012345678")
        #expect(configuration.conversation.apology == "Pardon me?")
        #expect(configuration.speech.recognizer == [.provider("ears")])
        #expect(configuration.speech.phraseCache == 64 << 20)
        #expect(configuration.providers["ears"]?.baseURL == "ws://127.0.0.1:9")
        #expect(configuration.providers["ears"]?.apiKey?.value == "abc")
        #expect(!configuration.recordings.isEnabled)
        #expect(configuration.recordings.retentionDays == 30)
        #expect(configuration.calendar.timeZone.identifier == "Europe/Berlin")
        #expect(configuration.log.level == .debug)
        #expect(configuration.log.format == .json)
        #expect(configuration.agents.name(forCallTo: "+15550100") == "thermostat")
        #expect(configuration.agents.name(forCallTo: "+15550199") == "receptionist")
        #expect(configuration.carriers.twilio.authToken?.value == "x # y")
    }

    @Test(
        "A bad value names key, value, what is allowed and where it stands",
        arguments: [
            ("public:\n  port: 99999", "parley.yaml:2:9: `public.port` is `99999`: allowed: integer, 0 ... 65535"),
            ("public:\n  port: eight", "parley.yaml:2:9: `public.port` is `eight`: allowed: integer, 0 ... 65535"),
            ("public: {auth: maybe}", "parley.yaml:1:16: `public.auth` is `maybe`: allowed: word, signature | none"),
            ("media:\n  lead: 120", "parley.yaml:2:9: `media.lead` is `120`: allowed: duration, 60ms ... 400ms"),
            ("media:\n  lead: 1s", "parley.yaml:2:9: `media.lead` is `1s`: allowed: duration, 60ms ... 400ms"),
            (
                "speech:\n  phrase_cache: 2GB",
                "parley.yaml:2:17: `speech.phrase_cache` is `2GB`: allowed: size, 0B ... 1GB"
            ),
            (
                "log:\n  level: loud",
                "`log.level` is `loud`: allowed: word, trace | debug | info | notice | warning | error"
            ),
            ("recordings:\n  enabled: perhaps", "`recordings.enabled` is `perhaps`: allowed: boolean, true | false"),
            (
                "calendar:\n  time_zone: Europe/Atlantis",
                "`calendar.time_zone` is `Europe/Atlantis`: allowed: text, a time zone"
            ),
            (
                "public:\n  url: voice.example.org",
                "`public.url` is `voice.example.org`: allowed: URL, https://… or http://…"
            ),
            ("public:\n  url: https://me:pw@voice.example.org", "allowed: URL"),
            ("public:\n  port: [1, 2]", "parley.yaml:2:9: `public.port`: must not be a list; allowed: integer"),
            ("public:\n  port: {a: 1}", "`public.port`: must not be a section; allowed: integer"),
            ("public: 8081", "parley.yaml:1:9: `public`: is a section; its keys belong below it"),
            ("agents:\n  numbers: receptionist", "`agents.numbers`: is a section; its keys belong below it"),
            ("agents:\n  numbers:\n    12: receptionist", "`agents.numbers.12`: the name must be + and 7 to 15 digits"),
            ("public:\n  prot: 1", "parley.yaml:2:9: `public.prot`: there is no such key; did you mean `public.port`?"),
            ("publik:\n  port: 1", "parley.yaml:1:1: `publik`: there is no such key; did you mean `public`?"),
            ("acoustic_model: /x", "`acoustic_model`: there is no such key; did you mean `speech.acoustic_model`?"),
            ("frobnicate: 1", "parley.yaml:1:13: `frobnicate`: there is no such key"),
            (
                "providers:\n  x: {kind: siri}",
                "`providers.x.kind` is `siri`: allowed: word, deepgram | deepgram-flux | assemblyai"
            ),
            ("providers:\n  x: {model: a}", "parley.yaml:2:3: `providers.x.kind`: required; allowed: word, deepgram"),
            (
                "webhooks: {endpoints: {crm: {url: 'https://crm.example.com/x?t=1'}}}",
                "`webhooks.endpoints.crm.secret`: required; allowed: secret, whsec_ and 24 to 64 bytes in base64"
            ),
            (
                "webhooks:\n  endpoints:\n    crm: {secret: hunter2, url: 'https://x.example.com/'}",
                "parley.yaml:3:19: `webhooks.endpoints.crm.secret`: allowed: secret, whsec_"
            ),
            (
                "webhooks:\n  endpoints:\n    crm: {url: 'ftp://x', secret: whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD}",
                "`webhooks.endpoints.crm.url` is `ftp://x`: allowed: text, https://… or http://…"
            ),
            (
                "webhooks: {endpoints: {crm: {events: [call.ended, call.rang], url: 'https://x', secret: whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD}}}",
                "`webhooks.endpoints.crm.events` is `call.ended, call.rang`: allowed: list of words, of call.started"
            ),
            (
                "webhooks: {endpoints: {crm: {url: 'http://10.0.0.7/x', secret: whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD}}}",
                "10.0.0.7 is no address of the public internet; allow it with `webhooks.allow_addresses`"
            ),
            (
                "webhooks: {first_retry: 10m, longest_retry: 1m}",
                "`webhooks.longest_retry` is `1m`: must not be shorter than `webhooks.first_retry`"
            ),
            (
                "webhooks: {endpoints: {crm: {tiemout: 5s, url: 'https://x', secret: whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD}}}",
                "did you mean `webhooks.endpoints.crm.timeout`?"
            ),
            ("providers:\n  Big: {kind: openai}", "`providers.Big`: the name must be of lower-case letters"),
            (
                "providers:\n  x: {kind: openai-embeddings, model: a, max_streams: 3}",
                "`providers.x.max_streams`: a provider of kind `openai-embeddings` is not held to limits"
            ),
            ("providers:\n  embedded: {kind: openai}", "`providers.embedded`: the name means the engines inside"),
            ("speech:\n  recognizer: ears", "`speech.recognizer` is `ears`: there is no provider of that name"),
            (
                "speech:\n  recognizer: [embedded, ears]",
                "`speech.recognizer` is `ears`: there is no provider of that name"
            ),
            (
                "speech:\n  synthesizer: embedded, embedded",
                "`speech.synthesizer` is `embedded, embedded`: allowed: list of words, embedded and names of providers"
            ),
            (
                "speech: {recognizer: ears}\nproviders: {ears: {kind: assemblyai}}",
                "`providers.ears.api_key`: required by https://streaming.assemblyai.com, which `speech.recognizer` names"
            ),
            (
                "speech: {synthesizer: x}\nproviders: {x: {kind: azure-speech, api_key: k}}",
                "`providers.x.url`: required by `speech.synthesizer`: the address of your region, such as https://westeurope"
            ),
            (
                "speech: {recognizer: x}\nproviders: {x: {kind: azure-transcription, api_key: k}}",
                "`providers.x.url`: required by `speech.recognizer`: the address of your region, such as https://westeurope.stt"
            ),
            (
                "speech: {synthesizer: x}\nproviders: {x: {kind: azure-speech, url: \"https://a.tts.speech.microsoft.com\"}}",
                "`providers.x.api_key`: required by https://a.tts.speech.microsoft.com"
            ),
            ("speech: {synthesizer: x}\nproviders: {x: {kind: openai}}", "kind `openai`, which is no synthesizer"),
            ("tools: {embeddings: x}", "`tools.embeddings` is `x`: there is no provider of that name"),
            ("tools: {embeddings: x}\nproviders: {x: {kind: openai}}", "kind `openai`, which is no model of meanings"),
            (
                "tools: {embeddings: x}\nproviders: {x: {kind: openai-embeddings}}",
                "`providers.x.model`: required by `tools.embeddings`"
            ),
            (
                "public: {tls: {key: /k}}",
                "parley.yaml:1:21: `public.tls.certificate`: required because `public.tls.key` is given"
            ),
            (
                "public: {host: 0.0.0.0, auth: none}",
                "`public.auth` is `none`: allowed only when `public.host` is a loopback"
            ),
            ("public: {host: 127.0.0.1.example.org, auth: none}", "allowed only when `public.host` is a loopback"),
            (
                "carriers: {twilio: {account_sid: AC1}}",
                "`carriers.twilio.account_sid` is `AC1`: allowed: text, AC and 32"
            ),
            (
                "agents: {numbers: {\"+15550100\": a}}",
                "`carriers.twilio.auth_token`: required to check Twilio's signatures"
            ),
            (
                "turns: {interrupt_after: 2s}",
                "parley.yaml:1:26: `turns.interrupt_without_words_after` is `1500ms`: must not be"
            ),
            (
                "private: {url: \"https://a.example/parley\", openid: {issuer: \"https://b.example\", client_id: c, viewers: d}}",
                "`private.url` is `https://a.example/parley`: must have no path (`/parley`)"
            ),
            ("node: {beat: 500ms}", "`node.beat` is `500ms`: allowed: "),
            ("node: {beat: 1s}", "parley.yaml:1:14: `node.patience` is `7`: `node.beat`, which is 1s, as often as"),
            ("node: {patience: 3}", "parley.yaml:1:18: `node.patience` is `3`: `node.beat`, which is 3s, as often as"),
            ("log:\n  level: ${NO_SUCH}", "`log.level` is `${NO_SUCH}`: the environment variable `NO_SUCH` is not set"),
            ("calls:\n  apology: \"  \"", "`calls.apology` is `  `: allowed: text, a sentence"),
            ("public:\n\tport: 1", "parley.yaml:2:1: the line is indented with a tab; YAML allows spaces only"),
            ("public: [", "the YAML is invalid"),
            (
                "public:\n  port: \u{4}1",
                "parley.yaml:2:9: the YAML cannot be read: control characters are not allowed (U+0004)"
            ),
            ("- public", "parley.yaml:1:1: the file must consist of sections"),
            ("public:\n  port: 1\n  port: 2", "parley.yaml:3:3: `port`: is given twice in the same section"),
            ("public: {port: 1, port: 2}", "`port` is given twice; keep one of the two"),
            ("a: 1\n---\nb: 2", "the YAML is invalid"),
        ])
    func badValues(yaml: String, message: String) {
        let faults = faults(yaml)
        #expect(faults.contains { $0.contains(message) }, "\(faults)")
        #expect(faults.count == 1, "\(faults)")
    }

    @Test(
        "A chain is a list, or names with commas between them",
        arguments: ["[ears, embedded]", "ears, embedded", "\"ears,embedded\""])
    func chains(written: String) throws {
        let loaded = try load(
            "speech: {synthesizer: embedded, recognizer: \(written.hasPrefix("ears") ? "\"\(written)\"" : written)}\n"
                + "providers: {ears: {kind: deepgram, api_key: k}}")
        #expect(loaded.configuration.speech.recognizer == [.provider("ears"), .embedded])
        #expect(loaded.configuration.speech.synthesizer == [.embedded])
    }

    @Test("All faults come at once, in the order of the file, those of the environment after them")
    func allAtOnce() {
        let yaml = "log:\n  level: loud\npublic:\n  port: -1\n  hots: x\nmedia:\n  loops: 65\n"
        let faults = faults(yaml, ["PARLEY_CALLS_MAXIMUM": "0", "PARLEY_STORE_PATHS": "x"])
        #expect(faults.count == 6)
        #expect(
            faults.prefix(4).map { String($0.prefix(13)) } == [
                "parley.yaml:2", "parley.yaml:4", "parley.yaml:5", "parley.yaml:7",
            ])
        #expect(
            faults.contains(
                "environment variable PARLEY_CALLS_MAXIMUM: `calls.maximum` is `0`: allowed: integer, 1 ... 10000"))
        #expect(
            faults.contains(
                "environment variable PARLEY_STORE_PATHS: it sets no key that there is; did you mean `PARLEY_STORE_PATH`?"
            ))
    }

    @Test("What is given twice does not hide the other faults")
    func givenTwice() {
        let yaml =
            "log:\n  level: info\nmedia:\n  loops: 2\n  loops: 3\n  loops: 4\nlog:\n  level: x\ncalls:\n  maximum: 0\n"
        #expect(
            faults(yaml).map { $0.prefix { $0 != " " } } == [
                "parley.yaml:5:3:", "parley.yaml:6:3:", "parley.yaml:7:1:", "parley.yaml:10:12:",
            ])
    }

    @Test(
        "Empty files, empty sections and empty values change nothing",
        arguments: [
            "", "# nothing", "~", "public:\nmedia: ~\n", "public:\n  port:\n  host: null\n",
            "providers: {}\nagents: {numbers: {}}",
        ])
    func nothing(yaml: String) throws {
        #expect(try load(yaml).configuration == ParleyConfiguration())
    }

    @Test("Bytes that are no UTF-8 are refused with their line")
    func encoding() {
        let bytes = Data("log:\n  level: ".utf8) + Data([0xFF, 0xFE]) + Data("\n".utf8)
        #expect {
            try ConfigurationLoader(environment: [:]).read(bytes, file: "parley.yaml")
        } throws: { error in
            "\(error)".contains("parley.yaml:2:1: the line is not UTF-8")
        }
    }

    @Test(
        "A named file that does not exist, or is a directory, is a fault", arguments: ["/nonexistent/parley.yaml", "/"])
    func unreadableFile(path: String) {
        #expect {
            try ConfigurationLoader(environment: [:]).load(file: path)
        } throws: { error in
            "\(error)".contains("cannot read the configuration file \(path)")
        }
    }

    @Test("Files for TLS must be readable")
    func unreadableCertificate() {
        let yaml = "public: {tls: {certificate: /nonexistent/c.pem, key: /nonexistent/k.pem}}"
        #expect {
            try ConfigurationLoader(environment: [:]).read(Data(yaml.utf8), file: "f")
        } throws: { error in
            (error as? ConfigurationError)?.faults.map(\.key) == ["public.tls.certificate", "public.tls.key"]
        }
    }

    @Test("Secrets come from variables, and are seen nowhere")
    func secrets() throws {
        let environment = ["TOKEN": "hunter2", "PARLEY_PROVIDERS_MY_EARS_API_KEY": "swordfish"]
        let yaml =
            "carriers: {twilio: {auth_token: '${TOKEN}'}}\nproviders: {my-ears: {kind: deepgram, api_key: plain}}"
        let loaded = try load(yaml, environment)
        #expect(loaded.configuration.carriers.twilio.authToken?.value == "hunter2")
        #expect(loaded.configuration.providers["my-ears"]?.apiKey?.value == "swordfish")
        var dumped = ""
        dump(loaded, to: &dumped)
        for text in [loaded.description, "\(loaded.configuration)", String(reflecting: loaded.configuration), dumped] {
            #expect(!text.contains("hunter2") && !text.contains("swordfish") && text.contains(Secret.placeholder))
        }
        #expect(
            loaded.description.contains(
                "    api_key: <redacted>  # environment variable PARLEY_PROVIDERS_MY_EARS_API_KEY"))
    }

    @Test("A secret that is wrong is not repeated in the message")
    func wrongSecret() {
        let faults = faults(
            "carriers: {twilio: {auth_token: [hunter2]}}\nlog: {level: '${TOKEN}'}", ["TOKEN": "swordfish"])
        #expect(faults.count == 2)
        #expect(faults.allSatisfy { !$0.contains("hunter2") && !$0.contains("swordfish") })
    }

    @Test("A provider can come from the environment alone")
    func providerFromEnvironment() throws {
        let loaded = try load(
            "",
            [
                "PARLEY_PROVIDERS_DEEPGRAM_KIND": "deepgram", "PARLEY_PROVIDERS_DEEPGRAM_API_KEY": "k",
                "PARLEY_SPEECH_RECOGNIZER": "deepgram",
            ])
        #expect(loaded.configuration.speech.recognizer == [.provider("deepgram")])
        #expect(loaded.configuration.providers["deepgram"]?.baseURL == "https://api.deepgram.com")
    }

    @Test("An empty variable takes an optional value away")
    func emptyVariable() throws {
        let loaded = try load("public: {url: 'https://a.example'}", ["PARLEY_PUBLIC_URL": ""])
        #expect(loaded.configuration.public.url == nil)
        #expect(loaded.configuration.public.baseURL(boundPort: 9) == "http://127.0.0.1:9")
    }

    @Test("Variables of container platforms do not stop the start")
    func foreignVariables() throws {
        let loaded = try load("", ["PARLEY_SERVICE_HOST": "10.0.0.1", "PARLEY_PUBLC_PORT": "1", "PARLEY_PEERS": "x"])
        #expect(loaded.warnings.contains { $0.contains("PARLEY_SERVICE_HOST") })
        #expect(loaded.warnings.contains { $0.contains("did you mean `PARLEY_PUBLIC_PORT`?") })
        #expect(!loaded.warnings.contains { $0.contains("PARLEY_PEERS") })
    }

    @Test("What is printed reads back as the same configuration")
    func printedForm() throws {
        let environment = try ConfigurationReferenceTests.environment()
        let first = try load(ConfigurationReferenceTests.everything(), environment)
        // Secrets are not printed; one must be base64, and those of webhooks and headers have a form of their own.
        let printed = first.description
            .replacing("  headers: \(Secret.placeholder)", with: "  headers: x-key=a2V5")
            .replacing(
                "  secret: \(Secret.placeholder)", with: "  secret: whsec_\(String(repeating: "QUJD", count: 8))"
            )
            .replacing(
                "  previous_secret: \(Secret.placeholder)",
                with: "  previous_secret: whsec_\(String(repeating: "REVG", count: 8))"
            )
            .replacing("  earlier_keys: \(Secret.placeholder)", with: "  earlier_keys: ${EARLIER_RECORDINGS_KEYS}")
            .replacing("  key: \(Secret.placeholder)", with: "  key: ${RECORDINGS_KEY}")
            .replacing("  decision_key: \(Secret.placeholder)", with: "  decision_key: ${DECISION_KEY}")
            .replacing(
                "  earlier_decision_keys: \(Secret.placeholder)",
                with: "  earlier_decision_keys: ${EARLIER_DECISION_KEYS}"
            )
            .replacing(Secret.placeholder, with: "a2V5")
        let second = try load(printed, environment)
        #expect(second.settings.map(\.value) == first.settings.map(\.value))
        #expect(second.settings.map(\.key) == first.settings.map(\.key))
    }

    @Test("Why a provider cannot serve is said")
    func objections() throws {
        let configuration = try load("providers: {a: {kind: deepgram}, b: {kind: openai}}").configuration
        #expect(configuration.objection(toProvider: "b", as: .languageModel) == nil)
        #expect(configuration.objection(toProvider: "c", as: .recognizer)?.contains("there is `a`, `b`") == true)
        #expect(
            configuration.objection(toProvider: "a", as: .languageModel)?.contains(
                "kinds that are: `openai`, `openai-responses`") == true)
    }

    @Test("An endpoint's secrets come from the environment, by its own variables too, and are never shown")
    func webhooks() throws {
        let (new, old) = (
            "whsec_\(String(repeating: "QUJD", count: 8))", "whsec_\(String(repeating: "REVG", count: 8))"
        )
        let loaded = try load(
            """
            webhooks:
              allow_addresses: [127.0.0.1]
              endpoints:
                my-crm:
                  url: http://127.0.0.1:9/hooks?tenant=7
                  secret: ${CRM}
                  events: [call.ended]
            """,
            [
                "CRM": new, "PARLEY_WEBHOOKS_ENDPOINTS_MY_CRM_PREVIOUS_SECRET": old,
                "PARLEY_WEBHOOKS_ENDPOINTS_OTHER_URL": "https://other.example.com/",
                "PARLEY_WEBHOOKS_ENDPOINTS_OTHER_SECRET": old,
            ])
        let endpoints = loaded.configuration.webhooks.endpoints
        let crm = try #require(endpoints["my-crm"])
        #expect(crm.secret?.value == new && crm.previousSecret?.value == old && crm.isEnabled)
        #expect(crm.events.events == [.callEnded] && crm.address == "http://127.0.0.1:9/hooks")
        #expect(endpoints["other"]?.url == "https://other.example.com/" && endpoints["other"]?.secret?.value == old)
        #expect(!"\(loaded)".contains(new) && !"\(loaded)".contains(old))
        #expect(loaded.warnings.allSatisfy { !$0.contains("webhooks") })
        let plain = try load("webhooks: {endpoints: {a: {url: 'http://crm.example.com/', secret: '\(new)'}}}")
        #expect(plain.warnings.contains { $0.hasPrefix("webhooks.endpoints.a.url is not https") })
    }
}
