import Foundation
import Telephony

/// Tells the service how a call goes, in order, or not.
actor SandboxTeller {
    nonisolated let call: SandboxCall
    private let account: String
    private let callbacks: SandboxCarrierConfiguration.Callbacks
    private let post: @Sendable (String, [FormBody.Field]) async -> Void
    private var sequence = 0
    private var held: [[FormBody.Field]] = []

    init(
        call: SandboxCall, account: String, callbacks: SandboxCarrierConfiguration.Callbacks,
        post: @escaping @Sendable (String, [FormBody.Field]) async -> Void
    ) {
        self.call = call
        self.account = account
        self.callbacks = callbacks
        self.post = post
    }

    /// What every webhook of a call carries.
    nonisolated func fields(status: CarrierCall.Status) -> [FormBody.Field] {
        [
            .init("CallSid", call.id), .init("AccountSid", account), .init("From", call.from), .init("To", call.to),
            .init("CallStatus", status.rawValue), .init("ApiVersion", "2010-04-01"), .init("Direction", "outbound-api"),
        ]
    }

    func tell(_ status: CarrierCall.Status) async {
        let event = status == .inProgress ? "answered" : status.rawValue
        guard call.fields.events.contains(event) else { return }
        await send(fields(status: status))
    }

    func tellEnd(_ status: CarrierCall.Status, sipCode: Int?, duration: Int) async {
        var fields = fields(status: status) + [.init("CallDuration", "\(duration)"), .init("Duration", "1")]
        if let sipCode { fields.append(.init("SipResponseCode", "\(sipCode)")) }
        await send(fields, isLast: true)
    }

    private func send(_ fields: [FormBody.Field], isLast: Bool = false) async {
        guard let url = call.fields.statusCallback else { return }
        let fields =
            fields + [
                .init("SequenceNumber", "\(sequence)"), .init("CallbackSource", "call-progress-events"),
                .init("Timestamp", TwilioDate.text(Date())),
            ]
        sequence += 1
        switch callbacks {
        case .none: break
        case .normal: await post(url, fields)
        case .twice:
            await post(url, fields)
            await post(url, fields)
        case .reversed:
            held.append(fields)
            guard isLast else { return }
            for late in held.reversed() { await post(url, late) }
            held = []
        }
    }
}
