/// `speech.config`: who is connected, and what they will send.
struct AzureConnectionSetup: Decodable {
    struct Context: Decodable {
        struct System: Decodable { let name: String }
        let system: System
    }

    let context: Context
}
