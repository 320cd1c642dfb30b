/// The files of the console, compiled into the program, so that one binary is all there is to install.
package enum ConsoleFiles {
    package struct File: Sendable {
        /// As in its address.
        package let name: String
        /// For `Content-Type`.
        package let type: String
        package let bytes: [UInt8]
    }

    /// What a browser loads.
    package static let pages: [File] = [
        File(name: "index.html", type: "text/html; charset=utf-8", bytes: PackageResources.index_html),
        File(name: "style.css", type: "text/css; charset=utf-8", bytes: PackageResources.style_css),
        File(name: "icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        script("app.js", PackageResources.app_js),
        script("api.js", PackageResources.api_js),
        script("dom.js", PackageResources.dom_js),
        script("words.js", PackageResources.words_js),
        script("listen.js", PackageResources.listen_js),
        script("live.js", PackageResources.live_js),
        script("wall.js", PackageResources.wall_js),
        script("live-card.js", PackageResources.live_card_js),
        script("transcript.js", PackageResources.transcript_js),
        script("stops.js", PackageResources.stops_js),
        script("calls.js", PackageResources.calls_js),
        script("call.js", PackageResources.call_js),
        script("interaction.js", PackageResources.interaction_js),
        script("scorecard.js", PackageResources.scorecard_js),
        script("analysis.js", PackageResources.analysis_js),
        script("waveform.js", PackageResources.waveform_js),
        script("agents.js", PackageResources.agents_js),
        script("versions.js", PackageResources.versions_js),
        script("knowledge.js", PackageResources.knowledge_js),
        script("publish.js", PackageResources.publish_js),
        script("trial.js", PackageResources.trial_js),
        script("line-diff.js", PackageResources.line_diff_js),
        script("graph.js", PackageResources.graph_js),
        script("talk.js", PackageResources.talk_js),
        script("takeover.js", PackageResources.takeover_js),
        script("line.js", PackageResources.line_js),
        script("opus.js", PackageResources.opus_js),
        script("audio-worklet.js", PackageResources.audio_worklet_js),
        script("campaigns.js", PackageResources.campaigns_js),
        script("campaign-new.js", PackageResources.campaign_new_js),
        script("campaign-contacts.js", PackageResources.campaign_contacts_js),
        script("campaign-rehearsal.js", PackageResources.campaign_rehearsal_js),
        script("campaign-hours.js", PackageResources.campaign_hours_js),
        script("contacts.js", PackageResources.contacts_js),
        script("analytics.js", PackageResources.analytics_js),
        script("reviews.js", PackageResources.reviews_js),
        script("health.js", PackageResources.health_js),
        script("settings.js", PackageResources.settings_js),
        script("audit.js", PackageResources.audit_js),
    ]

    /// The document of the private plane's API, OpenAPI 3.1 in JSON.
    package static let openAPI: [UInt8] = PackageResources.openapi_json

    private static func script(_ name: String, _ bytes: [UInt8]) -> File {
        File(name: name, type: "text/javascript; charset=utf-8", bytes: bytes)
    }
}
