package import Networking
package import Telephony

extension ParleyConfiguration {
    /// Accounts with telephone carriers.
    package struct Carriers: Sendable, Equatable {
        package var twilio = Twilio()
        /// Calls that we place.
        package var telnyx = Calling(url: CompatibleCallControl.telnyxURL)
        package var plivo = Calling(url: PlivoCallControl.vendorURL)
        package var vonage = Calling(url: VonageCallControl.vendorURL)
        package var signalWire = Calling(url: nil)
        /// Of the account, 32 bytes in base64: proves webhooks.
        package var telnyxPublicKey: String?
        /// In which the audio of its calls is asked for.
        package var telnyxCodec = TelnyxCodec.pcmu
        /// Proves webhooks.
        package var plivoAuthToken: Secret?
        /// Proves webhooks.
        package var vonageSignatureSecret: Secret?
        /// Proves webhooks.
        package var signalWireSigningKey: Secret?
        /// Shown by those who connect without a webhook before it.
        package var exotelToken: Secret?
        package var jambonzToken: Secret?
        package var asteriskToken: Secret?
        package var genesysToken: Secret?
        package var audioForkToken: Secret?
        package var audioStreamToken: Secret?
        package var audioSocket = AudioSocket()
        /// In base64: proves that a socket is opened by Genesys.
        package var genesysClientSecret: Secret?

        /// Whether webhooks or media of any carrier can be believed.
        package var isAnySetUp: Bool {
            telnyxPublicKey != nil
                || [
                    twilio.authToken, plivoAuthToken, vonageSignatureSecret, signalWireSigningKey, exotelToken,
                    jambonzToken, asteriskToken, genesysToken, audioForkToken, audioStreamToken, audioSocket.token,
                ].contains { $0 != nil }
        }

        /// Asterisk's AudioSocket: a listener of its own, for plain TCP.
        package struct AudioSocket: Sendable, Equatable {
            package var host = "127.0.0.1"
            /// 0 takes a free port; nil does not listen.
            package var port: Int?
            /// Who may connect.
            package var peers = ["127.0.0.0/8", "::1"].compactMap(AddressBlock.init)
            /// Shown by those who ask for an invitation.
            package var token: Secret?

            /// Whether only this machine can connect.
            package var isLoopback: Bool { LoopbackAddress.isLoopback(host) }
        }

        /// As whom, and where, a carrier is asked to place calls; what it needs of these is its own.
        package struct Calling: Sendable, Equatable {
            package var account: String?
            package var secret: Secret?
            package var application: String?
            /// Of a private key in PEM.
            package var keyFile: String?
            /// Without a slash at the end.
            package var url: String?
            package var callsPerSecond = 1.0

            init(url: String?) { self.url = url }
        }

        package struct Twilio: Sendable, Equatable {
            package var accountSID: String?
            /// Signs webhooks, and our requests.
            package var authToken: Secret?
            /// Where calls are asked for, without a slash at the end.
            package var url = "https://api.twilio.com"
            /// Calls that the account may begin in a second; the carrier queues silently what is more.
            package var callsPerSecond = 1.0
        }
    }
}
