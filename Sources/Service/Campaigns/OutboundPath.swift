/// Where the carrier finds us with questions and news of calls that we placed: `/NAME/…`.
enum OutboundPath: String, CaseIterable {
    case answer = "outbound"
    case status = "outbound-status"
    case machine = "outbound-machine"
}
