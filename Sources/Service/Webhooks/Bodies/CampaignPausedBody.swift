import Foundation
import Store

/// What is told of a campaign that the service has paused.
struct CampaignPausedBody: Encodable {
    let id: String
    let campaign: String
    let reason: String
    let pausedAt: Date

    init(_ campaign: CampaignRecord, reason: String, pausedAt: Date) {
        id = campaign.id
        self.campaign = campaign.name
        self.reason = reason
        self.pausedAt = pausedAt
    }
}
