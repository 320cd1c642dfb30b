import Telephony

extension ConfigurationSchema {
    static let publicPlane = ConfigurationSection(
        name: "public",
        documentation: "The listener that carriers reach: webhooks and media. Nothing else is served there.",
        keys: [
            Key("public.host", \.public.host, .host, "Where to listen; 0.0.0.0 for all addresses."),
            Key("public.port", \.public.port, .integer(0...65535), "Where to listen; 0 takes a free port."),
            Key(
                "public.url", optional: \.public.url, .url(["https", "http"]),
                fallback: "made of host and port", example: "https://voice.example.org",
                "The address under which carriers reach this listener, as entered at the carrier: signatures cover it, and answers name it."
            ),
            Key(
                "public.node_url", optional: \.public.nodeURL, .url(["https", "http"]),
                fallback: "public.url", example: "https://node1.voice.example.org",
                "Where several nodes share public.url: the address that leads to this node alone. Answers to carriers name it for what belongs to one call."
            ),
            Key(
                "public.auth", \.public.auth, .word,
                "How carriers prove who they are. `none` is for load drivers and only allowed when host is a loopback address."
            ),
            Key(
                "public.token_lifetime", \.public.tokenLifetime, .duration(.seconds(5) ... .seconds(3600)),
                "How long after the webhook's answer the media connection may claim its call."),
            Key(
                "public.maximum_connections", \.public.maximumConnections, .integer(1...100_000),
                "Connections at a time; more are refused."),
            Key(
                "public.tls.certificate", optional: \.public.tls.certificate, .path,
                fallback: "none: no TLS", example: "/etc/parley/fullchain.pem",
                "PEM file with the certificate chain. Together with the key, or neither."),
            Key(
                "public.tls.key", optional: \.public.tls.key, .path,
                fallback: "none: no TLS", example: "/etc/parley/privkey.pem",
                "PEM file with the private key. Together with the certificate, or neither."),
        ])

    static let privatePlane = ConfigurationSection(
        name: "private",
        documentation: "The listener for operators: console, API, health and metrics. Keep it off the internet.",
        keys: [
            Key("private.host", \.private.host, .host, "Where to listen."),
            Key("private.port", \.private.port, .integer(0...65535), "Where to listen; 0 takes a free port."),
            Key(
                "private.requests_per_second", \.private.requestsPerSecond, .number(0.1...100_000),
                "Requests to the API that a key may make in a second, once its burst is used up; beyond, 429."),
            Key(
                "private.burst", \.private.burst, .integer(1...1_000_000),
                "Requests to the API that a key may make at once."),
            Key(
                "private.tls.certificate", optional: \.private.tls.certificate, .path,
                fallback: "none: plain HTTP", example: "/etc/parley/console.pem",
                "PEM file with the certificate chain. Together with the key, or neither."),
            Key(
                "private.tls.key", optional: \.private.tls.key, .path,
                fallback: "none: plain HTTP", example: "/etc/parley/console.key",
                "PEM file with the private key. Together with the certificate, or neither."),
            Key(
                "private.url", optional: \.private.url, .url(["https", "http"]), example: "https://parley.example.org",
                "Where browsers reach the console. Identity providers send people back there."),
            Key(
                "private.openid.issuer", optional: \.private.openID.issuer,
                .text("the provider's name of itself, an https address", ParleyConfiguration.Private.OpenID.isSafe),
                fallback: "none: people sign in with keys", example: "https://login.example.org/realms/staff",
                "An OpenID Connect provider that people may sign in to the console with, to the letter as it writes itself. It takes client_id, private.url and a role beside it."
            ),
            Key(
                "private.openid.client_id", optional: \.private.openID.clientID, .text("the client's id"),
                example: "parley", "What the provider knows this console as."),
            Key(
                "private.openid.client_secret", optional: \.private.openID.clientSecret, .secret,
                example: "${PARLEY_OPENID_SECRET}", "Proves that it is the console; a public client has none."),
            Key(
                "private.openid.name", \.private.openID.name, .text("a name") { $0.count <= 60 },
                "What the console calls the provider: \"Sign in with …\"."),
            Key(
                "private.openid.scopes", \.private.openID.scopes,
                .text("words with spaces between, openid among them") { $0.split(separator: " ").contains("openid") },
                "What is asked for; some providers want a further scope before they tell groups."),
            Key(
                "private.openid.claim", \.private.openID.claim, .text("a claim's name; dots lead into it"),
                "The claim of the ID token that says what somebody may do: a text or a list of texts."),
            Key(
                "private.openid.viewers", \.private.openID.viewers, .words, fallback: "none", example: "staff",
                "Whoever has one of these in the claim may look and listen."),
            Key(
                "private.openid.operators", \.private.openID.operators, .words, fallback: "none",
                example: "night-shift, supervisors",
                "Whoever has one of these may also act on calls."),
            Key(
                "private.openid.builders", \.private.openID.builders, .words, fallback: "none", example: "designers",
                "Whoever has one of these may also publish agents and set campaigns up."),
            Key(
                "private.openid.admins", \.private.openID.admins, .words, fallback: "none", example: "platform",
                "Whoever has one of these may do everything."),
        ])

    static let carriers = ConfigurationSection(
        name: "carriers", documentation: "Accounts with telephone carriers.",
        keys: [
            Key(
                "carriers.twilio.account_sid", optional: \.carriers.twilio.accountSID,
                .text("AC and 32 hexadecimal digits") { text in
                    text.hasPrefix("AC") && text.count == 34
                        && text.dropFirst(2).allSatisfy { $0.isASCII && $0.isHexDigit }
                },
                example: "AC00000000000000000000000000000000", "The account whose calls are answered."),
            Key(
                "carriers.twilio.auth_token", optional: \.carriers.twilio.authToken, .secret,
                example: "${TWILIO_AUTH_TOKEN}",
                "Signs the webhooks, and our requests to place calls. Required when Twilio is used (an account_sid or agents.numbers is given) and public.auth is `signature`."
            ),
            Key(
                "carriers.twilio.url", \.carriers.twilio.url, .url(["https", "http"]),
                "Where calls are asked for: a region of the carrier, or `parley sandbox`."),
            Key(
                "carriers.twilio.calls_per_second", \.carriers.twilio.callsPerSecond, .number(0.1...100),
                "Calls that the account may begin in a second, over all campaigns."),
            Key(
                "carriers.telnyx.public_key", optional: \.carriers.telnyxPublicKey,
                .text("32 bytes in base64") { TelnyxSignature(publicKey: $0) != nil },
                example: "9AIbJsZ8X9IqTUNqjVoeyYYqiU6gg3nnOcmPhPZcmDE=",
                "The account's public key, with which the webhooks at /telnyx/… are proven."),
            Key(
                "carriers.telnyx.codec", \.carriers.telnyxCodec, .word,
                "In which the audio of calls is asked for: pcmu and pcma for telephone lines, g722 and opus where they carry more."
            ),
            Key(
                "carriers.telnyx.account_sid", optional: \.carriers.telnyx.account, .text("the id of the account"),
                example: "f5586561-8ff0-4291-a51b-c7dfe4139ff9",
                "The account that calls are placed with; with api_key and application_sid it takes all three."),
            Key(
                "carriers.telnyx.api_key", optional: \.carriers.telnyx.secret, .secret, example: "${TELNYX_API_KEY}",
                "Proves our requests to place calls."),
            Key(
                "carriers.telnyx.application_sid", optional: \.carriers.telnyx.application,
                .text("the id of a TeXML application"), example: "1293384261075731499",
                "The TeXML application that placed calls belong to."),
            Key(
                "carriers.telnyx.url", optional: \.carriers.telnyx.url, .url(["https", "http"]),
                fallback: CompatibleCallControl.telnyxURL,
                example: CompatibleCallControl.telnyxURL, "Where calls are asked for."),
            Key(
                "carriers.telnyx.calls_per_second", \.carriers.telnyx.callsPerSecond, .number(0.1...100),
                "Calls that the account may begin in a second, over all campaigns."),
            Key(
                "carriers.plivo.auth_token", optional: \.carriers.plivoAuthToken, .secret,
                example: "${PLIVO_AUTH_TOKEN}", "Signs the webhooks at /plivo/…, and our requests to place calls."),
            Key(
                "carriers.plivo.auth_id", optional: \.carriers.plivo.account, .text("as Plivo shows it"),
                example: "MAXXXXXXXXXXXXXXXXXX", "The account that calls are placed with."),
            Key(
                "carriers.plivo.url", optional: \.carriers.plivo.url, .url(["https", "http"]),
                fallback: PlivoCallControl.vendorURL,
                example: PlivoCallControl.vendorURL, "Where calls are asked for."),
            Key(
                "carriers.plivo.calls_per_second", \.carriers.plivo.callsPerSecond, .number(0.1...100),
                "Calls that the account may begin in a second, over all campaigns."),
            Key(
                "carriers.vonage.signature_secret", optional: \.carriers.vonageSignatureSecret, .secret,
                example: "${VONAGE_SIGNATURE_SECRET}", "Signs the webhooks at /vonage/…"),
            Key(
                "carriers.vonage.application_id", optional: \.carriers.vonage.application,
                .text("the id of a Voice application"), example: "78d335fa-323d-0114-9c3d-d6f0d48968cf",
                "The application that calls are placed with; with private_key, or neither."),
            Key(
                "carriers.vonage.private_key", optional: \.carriers.vonage.keyFile, .path,
                example: "/etc/parley/vonage.pem", "PEM file with the application's private key."),
            Key(
                "carriers.vonage.url", optional: \.carriers.vonage.url, .url(["https", "http"]),
                fallback: VonageCallControl.vendorURL,
                example: VonageCallControl.vendorURL, "Where calls are asked for: a region of the carrier."),
            Key(
                "carriers.vonage.calls_per_second", \.carriers.vonage.callsPerSecond, .number(0.1...100),
                "Calls that the account may begin in a second, over all campaigns."),
            Key(
                "carriers.signalwire.signing_key", optional: \.carriers.signalWireSigningKey, .secret,
                example: "${SIGNALWIRE_SIGNING_KEY}",
                "The project's signing key, not its API token: signs the webhooks at /signalwire/…"),
            Key(
                "carriers.signalwire.project_id", optional: \.carriers.signalWire.account,
                .text("the id of the project"), example: "b3877c40-da60-4998-90ad-b792e98472af",
                "The project that calls are placed with; with api_token and url it takes all three."),
            Key(
                "carriers.signalwire.api_token", optional: \.carriers.signalWire.secret, .secret,
                example: "${SIGNALWIRE_API_TOKEN}", "Proves our requests to place calls."),
            Key(
                "carriers.signalwire.url", optional: \.carriers.signalWire.url, .url(["https", "http"]),
                example: "https://example.signalwire.com",
                "The address of the space, where calls are asked for."),
            Key(
                "carriers.signalwire.calls_per_second", \.carriers.signalWire.callsPerSecond, .number(0.1...100),
                "Calls that the account may begin in a second, over all campaigns."),
            Key(
                "carriers.exotel.token", optional: \.carriers.exotelToken, .secret, example: "${EXOTEL_TOKEN}",
                "Any secret; whoever connects to /exotel/media shows it as `?token=` or as the password of the address."
            ),
            Key(
                "carriers.jambonz.token", optional: \.carriers.jambonzToken, .secret, example: "${JAMBONZ_TOKEN}",
                "Any secret; whoever connects to /jambonz/media shows it as the password of `wsAuth` or as `?token=`."),
            Key(
                "carriers.asterisk.token", optional: \.carriers.asteriskToken, .secret, example: "${ASTERISK_TOKEN}",
                "Any secret; whoever connects to /asterisk/media shows it as `password` of its client or as `?token=`."),
            Key(
                "carriers.genesys.token", optional: \.carriers.genesysToken, .secret, example: "${GENESYS_API_KEY}",
                "The integration's API key, which whoever connects to /genesys/media shows."),
            Key(
                "carriers.genesys.client_secret", optional: \.carriers.genesysClientSecret, .secret,
                example: "${GENESYS_CLIENT_SECRET}",
                "The integration's client secret, in base64: then only signed connections are taken."),
            Key(
                "carriers.audiofork.token", optional: \.carriers.audioForkToken, .secret,
                example: "${AUDIOFORK_TOKEN}",
                "Any secret; whoever connects to /audiofork/media (FreeSWITCH's mod_audio_fork) shows it as `?token=` or as the password of basic authentication."
            ),
            Key(
                "carriers.audiostream.token", optional: \.carriers.audioStreamToken, .secret,
                example: "${AUDIOSTREAM_TOKEN}",
                "Any secret; whoever connects to /audiostream/media (FreeSWITCH's mod_audio_stream) shows it as `?token=` or in a header."
            ),
            Key(
                "carriers.audiosocket.port", optional: \.carriers.audioSocket.port, .integer(0...65535),
                fallback: "none: does not listen", example: "9019",
                "Where Asterisk's AudioSocket connects, over plain TCP; 0 takes a free port."),
            Key(
                "carriers.audiosocket.host", \.carriers.audioSocket.host, .host,
                "Where to listen for AudioSocket. What travels there is not encrypted: this machine or a private network."
            ),
            Key(
                "carriers.audiosocket.peers", \.carriers.audioSocket.peers, .addresses,
                "Who may connect to AudioSocket; others are closed before they are read."),
            Key(
                "carriers.audiosocket.token", optional: \.carriers.audioSocket.token, .secret,
                example: "${AUDIOSOCKET_TOKEN}",
                "Any secret; the dialplan shows it at /audiosocket/invitation, which gives the UUID of one call."),
        ])

    static let media = ConfigurationSection(
        name: "media", documentation: "Threads and pacing of audio.",
        keys: [
            Key(
                "media.loops", \.media.loops, .integer(1...64), fallback: "the number of cores", example: "2",
                "Media threads; calls are spread over them."),
            Key(
                "media.real_time", \.media.isRealTime, .boolean,
                "Whether media threads ask the system to be run before ordinary ones, so that audio is not late on a busy "
                    + "machine. Takes the right to do so (root, CAP_SYS_NICE, or LimitRTPRIO=1 of systemd); a refusal is "
                    + "logged."),
            Key(
                "media.late_beat", \.media.lateBeat, .duration(.milliseconds(1) ... .seconds(1)),
                "While the 20 ms beats of a media thread are later than this, on average over half a second, new calls "
                    + "are refused: one call more and all would go badly."),
            Key(
                "media.gather", \.media.gather, .duration(.zero ... .milliseconds(5)),
                "How long a busy media thread lets messages gather before it looks again, so that it wakes once for several: "
                    + "more calls for a core, and answers later by half of it. 0ms looks at once."),
            Key(
                "media.lead", \.media.lead, .duration(.milliseconds(60) ... .milliseconds(400)),
                "How far ahead of the caller's ear audio is sent to the carrier, on a line that keeps time."),
            Key(
                "media.longest_lead", \.media.longestLead, .duration(.milliseconds(60) ... .milliseconds(400)),
                "How far it may become while the caller's audio comes unevenly, or ours has run dry. `media.lead` where that is longer."
            ),
            Key(
                "media.ambience", \.media.ambience, .path,
                "What is heard behind the agent for the whole call, speech included: `none`, `noise` (a quiet room), or a WAV file, which is repeated. Answers begin up to 60 ms later."
            ),
            Key(
                "media.ambience_level", \.media.ambienceLevel, .integer(30...80),
                "Its level and that of the thinking sound, in dB below full scale; a file's own level counts as it is."),
            Key(
                "media.thinking_sound", \.media.thinkingSound, .path,
                "What is heard while the caller waits for an answer: `none`, `taps`, or a WAV file, which is repeated."),
            Key(
                "media.thinking_after", \.media.thinkingAfter, .duration(.milliseconds(200) ... .seconds(30)),
                "How long the caller waits before it is heard."),
            Key(
                "media.hold_music", \.media.holdMusic, .path,
                "What callers hear who hold the line for a person: `none`, `chimes`, or a WAV file, which is repeated."),
        ])
}
