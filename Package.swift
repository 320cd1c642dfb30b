// swift-tools-version: 6.2
import PackageDescription

// Parley: one binary, targets by reason to change. A target may import only what its row names;
// the build checks it (`--explicit-target-dependency-import-check error`). ARCHITECTURE.md explains the ladder.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

/// A target of Swift code under the house settings.
func room(
    _ name: String, _ dependencies: [Target.Dependency], linker: [LinkerSetting] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: settings, linkerSettings: linker)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// What `make test-tsan` and `make test-asan` build a second and a third time: the rooms where threads share memory or C
/// is called. The service and the program above them would take most of the time, and add no such code.
let instrumented: Set = [
    "CCurl", "CEBUR128", "CFlite", "COnnx", "COpus", "CPocketSphinx", "CPostgres", "CSpandsp", "CSpawn", "CSpeexDSP",
    "CUV",
    "CWebSockets", "CZlib",
    "AudioCore", "Learning",
    "Networking", "Store", "Codecs", "Agent", "Speech", "Telephony", "CallSession", "Callers", "Emulators",
    "AudioCoreTests", "NetworkingTests", "StoreTests", "CodecsTests", "AgentTests", "SpeechTests", "TelephonyTests",
    "CallSessionTests", "TestPostgres", "TestSupport",
]
let onlyInstrumented = Context.environment["PARLEY_INSTRUMENTED"] != nil

/// What `Tests/Fuzz/texts` builds besides: it has no main function, the fuzzer brings one.
let fuzzers: [Target] =
    Context.environment["PARLEY_FUZZERS"] == nil
    ? []
    : [
        .executableTarget(
            name: "TextFuzzer", dependencies: ["Agent", "Campaigns", "Service", "Telephony"],
            path: "Tests/Fuzz/TextFuzzer", swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "parley",
    products: onlyInstrumented ? [] : [.executable(name: "parley", targets: ["CLI"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // 0: C, wrapped once
        .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CEBUR128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),
        .systemLibrary(name: "CFlite", providers: [.apt(["flite1-dev"])]),
        // Opened at run time, so there is nothing to install or link.
        .systemLibrary(name: "COnnx"),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        // libphonenumber is C++: a shim of ours in front of it, and nothing else in that language.
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CPocketSphinx", pkgConfig: "pocketsphinx", providers: [.apt(["libpocketsphinx-dev"])]),
        .systemLibrary(name: "CSpandsp", pkgConfig: "spandsp", providers: [.apt(["libspandsp-dev"])]),
        // What the C library keeps from Swift: programs started with nothing of ours open.
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
        .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(name: "CWebSockets", pkgConfig: "libwebsockets", providers: [.apt(["libwebsockets-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // 1
        // Optimized in debug builds, too: nobody steps through these loops, and every test that reads an agent waits for them.
        .target(name: "Learning", swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        room("AudioCore", ["CEBUR128", "CSpeexDSP"]),
        room("Networking", ["CCurl", "CUV", "CWebSockets", logging, collections]),
        // The engine itself is for what its Swift wrapper does not offer: an end to statements by time.
        room(
            "Store",
            [
                "CPostgres", "CZlib",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
                logging, crypto,
            ]),

        // 2
        room("AudioDevices", ["AudioCore", "CALSA"]),
        room("Codecs", ["AudioCore", "COpus", "CSpandsp"]),
        room("Agent", ["CSpawn", "Networking", "Learning", yams, logging, crypto, cryptoExtras]),
        // Whom to call when: decisions only, without calls or sockets
        room("Campaigns", ["CPhoneNumber", "Store", heap]),

        // 3
        room("Speech", ["AudioCore", "Codecs", "Networking", "CPocketSphinx", "CFlite", "COnnx", logging]),
        room("Telephony", ["AudioCore", "Codecs", "Networking", crypto, cryptoExtras, logging]),

        // 4
        room(
            "CallSession",
            [
                "AudioCore", "Codecs", "Speech", "Agent", "Telephony", "Networking", logging, metrics, collections,
                crypto,
            ]),

        // Simulated callers: the carrier's side of a call, over a real socket
        room("Callers", ["AudioCore", "Codecs", "Networking", "Telephony"]),

        // Strict stand-ins for paid vendors, for tests and load
        room(
            "Emulators", ["Networking", "AudioCore", "Codecs", "Callers", "Telephony", logging, crypto, cryptoExtras]),

        // The console's pages and the API's document, compiled in
        room("Console", [], resources: [.embedInCode("Resources")]),

        // 5
        room(
            "Service",
            [
                "CallSession", "Campaigns", "Callers", "Console", "Emulators", "Store", "Agent", "Speech", "Telephony",
                "Networking", "AudioCore", "AudioDevices", "Codecs",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                logging, metrics, lifecycle, signals, yams, histogram, crypto, cryptoExtras, collections,
            ]),

        // 6
        .executableTarget(
            name: "CLI",
            dependencies: [
                "Service", "Agent", "Store", "CallSession", "Callers", "Campaigns", "Emulators", "AudioDevices",
                logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // Counts allocations of a release build's media loop; Benchmarks/allocations runs it
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .executableTarget(
            name: "FrameAllocations",
            dependencies: [
                "CAllocations", "CallSession", "Callers", "Agent", "Speech", "Telephony", "Networking", "Codecs",
                "AudioCore", logging,
            ], path: "Benchmarks/FrameAllocations", swiftSettings: settings),

        // What an agent's loop costs by itself; Benchmarks/loop runs it
        .executableTarget(
            name: "AgentLoop", dependencies: ["Agent", logging], path: "Benchmarks/AgentLoop", swiftSettings: settings),

        // A database server for those tests that need one
        .target(name: "TestPostgres", dependencies: ["Store"], path: "Tests/TestPostgres", swiftSettings: settings),

        // What tests of several rooms need
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),

        // Tests mirror the rooms
        tests("NetworkingTests", ["Networking", logging]),
        tests("StoreTests", ["Store", "TestPostgres", .product(name: "GRDB", package: "GRDB.swift"), logging]),
        tests("CampaignsTests", ["Campaigns", "Store"]),
        tests("AudioCoreTests", ["AudioCore", "TestSupport"]),
        tests("AudioDevicesTests", ["AudioDevices", "AudioCore"], exclude: ["faulty_card.c"]),
        tests("CodecsTests", ["Codecs", "AudioCore"]),
        tests("TelephonyTests", ["Telephony", "AudioCore", "Codecs", crypto], exclude: ["peers", "golden"]),
        tests(
            "AgentTests",
            ["Agent", "Emulators", "Learning", "Networking", "TestSupport", logging, crypto, cryptoExtras, yams],
            exclude: ["peers"]),
        tests("SpeechTests", ["Speech", "Emulators", "AudioCore", "Codecs", "Networking", "TestSupport", logging]),
        tests("EmulatorsTests", ["Emulators", "Networking", logging, crypto], exclude: ["peers"]),
        tests("CallSessionTests", ["CallSession", "Agent", "Speech", "Codecs", "TestSupport", crypto]),
        tests(
            "ServiceTests",
            [
                "Service", "Console", "CallSession", "Campaigns", "Callers", "Emulators", "Agent", "Speech", "Store",
                "Telephony", "Networking", "AudioCore", "AudioDevices", "Codecs", "TestPostgres", "TestSupport",
                lifecycle,
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), logging, crypto, cryptoExtras,
            ], exclude: ["peers"]),
        // Runs the built program, which every build of the tests makes too.
        tests("CLITests", ["Store", "Callers", "Networking", .product(name: "GRDB", package: "GRDB.swift"), logging]),
    ].filter { !onlyInstrumented || instrumented.contains($0.name) } + fuzzers,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .gnucxx17
)
