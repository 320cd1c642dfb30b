/// Every media dialect there is.
package struct MediaDialects: Sendable {
    package let capabilities: MediaCapabilities
    let makeCodec: @Sendable ([String: String]) -> MediaCodec

    /// The table: a new dialect is a row here.
    package static let all = [
        MediaDialects(TwilioDialect.self),
        MediaDialects(BrowserDialect.self),
        MediaDialects(TelnyxDialect.self),
        MediaDialects(PlivoDialect.self),
        MediaDialects(VonageDialect.self),
        MediaDialects(SignalWireDialect.self),
        MediaDialects(ExotelDialect.self),
        MediaDialects(JambonzDialect.self),
        MediaDialects(AsteriskDialect.self),
        MediaDialects(GenesysDialect.self),
        MediaDialects(AudioForkDialect.self),
        MediaDialects(AudioStreamDialect.self),
        MediaDialects(AudioSocketDialect.self),
    ]

    private init<Dialect: MediaDialect>(_ dialect: Dialect.Type) {
        capabilities = Dialect.capabilities
        makeCodec = { DialectCodec(Dialect(parameters: $0)) }
    }

    package var name: String { capabilities.name }

    package static func named(_ name: String) -> MediaDialects? { all.first { $0.name == name } }

    /// A line that speaks it.
    ///
    /// - Parameter parameters: what the address of the socket carried, name by value.
    package func makeLine(parameters: [String: String] = [:]) -> MediaLine {
        MediaLine(makeCodec(parameters), address: parameters)
    }
}
