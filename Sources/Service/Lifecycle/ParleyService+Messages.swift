import Foundation
import Logging
import Store

extension ParleyService {
    /// Whoever hangs up in the middle of a message has left it, too. Works until it is cancelled.
    func finishMessages(every pause: Duration) async {
        let webhooks = WebhookRoster(configuration.webhooks)
        while (try? await Task.sleep(for: pause)) != nil {
            do {
                for id in try await store.abandonedVoicemails(before: Date(timeIntervalSinceNow: -3600)) {
                    try await store.finishVoicemail(call: id) { webhooks.voicemailTaken($0) }
                }
            } catch {
                logger.error("messages are not finished", metadata: ["reason": "\(error)"])
            }
        }
    }
}
