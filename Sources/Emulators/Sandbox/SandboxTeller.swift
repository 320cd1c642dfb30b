import Foundation

/// Tells the service how a call goes, in order, or not.
actor SandboxTeller {
    nonisolated let call: SandboxCall
    private let access: SandboxAccess
    private let dialect: any SandboxDialect
    private let callbacks: SandboxCarrierConfiguration.Callbacks
    private let post: @Sendable (String, SandboxWebhook) async -> [UInt8]?
    private var sequence = 0
    private var held: [(String, SandboxWebhook)] = []

    init(
        call: SandboxCall, _ access: SandboxAccess, dialect: any SandboxDialect,
        callbacks: SandboxCarrierConfiguration.Callbacks,
        post: @escaping @Sendable (String, SandboxWebhook) async -> [UInt8]?
    ) {
        self.call = call
        self.access = access
        self.dialect = dialect
        self.callbacks = callbacks
        self.post = post
    }

    /// Asks what to do; nil when nobody answers.
    nonisolated func ask(_ url: String, _ news: SandboxNews) async -> [UInt8]? {
        await post(url, dialect.webhook(news, of: call, to: url, sequence: 0, access))
    }

    /// Who answered; told beside the news and in no order with them.
    nonisolated func tellMachine(_ answeredBy: String) async {
        guard let url = dialect.address(of: .machine(answeredBy), call.order) else { return }
        _ = await ask(url, .machine(answeredBy))
    }

    func tell(_ news: SandboxNews) async {
        guard let url = dialect.address(of: news, call.order) else { return }
        let webhook = dialect.webhook(news, of: call, to: url, sequence: sequence, access)
        sequence += 1
        switch callbacks {
        case .none: break
        case .normal: _ = await post(url, webhook)
        case .twice:
            _ = await post(url, webhook)
            _ = await post(url, webhook)
        case .reversed:
            held.append((url, webhook))
            guard case .ended = news else { return }
            for late in held.reversed() { _ = await post(late.0, late.1) }
            held = []
        }
    }
}
