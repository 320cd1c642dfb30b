/// The sandbox's key is in its source: whoever knows that could sign webhooks in Telnyx' name.
struct SandboxKeyError: Error, CustomStringConvertible {
    let description =
        "carriers.telnyx.public_key is the sandbox's, with which anybody can sign; for calls of Telnyx set the key of Keys & Credentials"
}
