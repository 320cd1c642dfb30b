import CallSession
import Telephony

extension PersonCalls {
    /// One person, from the request on until their call is over.
    struct Person: Sendable {
        /// The call that waits for them.
        let caller: CallSession
        let request: PersonRequest
        let agent: PreparedAgent
        /// What they are told.
        let brief: String
        let number: String
        let callerID: String
        /// Who carries the call.
        let carrier: String
        var carrierCall: String?
        var isAnswered = false
        var session: CallSession?
        /// Why they are needed no more.
        var end: String?

        /// Whether the news are of the leg that rings at them.
        func isMeant(by news: PersonNews) -> Bool {
            guard let to = news.to else { return true }
            if let carrierCall { return carrierCall == news.carrierCall }
            // A carrier may write a SIP address in its own way.
            return to == number || (CarrierNumber.isSIP(to) && CarrierNumber.isSIP(number))
        }
    }
}
