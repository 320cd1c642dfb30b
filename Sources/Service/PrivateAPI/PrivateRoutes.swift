import Hummingbird

/// What the private plane answers.
///
/// | Request | Answer |
/// |---|---|
/// | `GET /healthz` | 200 while the process can answer at all |
/// | `GET /readyz` | 200 when the service can take calls, 503 while it cannot or is draining; each check as JSON |
/// | `GET /metrics` | all metrics in Prometheus's text format |
/// | `/api/v1/…` | the operations of ``OperatorAPI`` |
/// | `GET /` | the console |
enum PrivateRoutes {
    static func router(
        readiness: Readiness, metrics: PrometheusRegistry, api: OperatorAPI? = nil, isSecure: Bool = false
    ) -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        let routes = api?.routes ?? []
        router.add(
            middleware: SafetyHeadersMiddleware(isSecure: isSecure) { request in api?.lines.mediaOrigin(request) })
        if api != nil { router.add(middleware: RequestMeterMiddleware(metrics: metrics)) }
        router.add(middleware: ProblemMiddleware(routes: routes))
        router.get("healthz") { _, _ in Response(text: "alive\n") }
        router.get("readyz") { request, context in
            let report = await readiness.report()
            var response = try context.responseEncoder.encode(report, from: request, context: context)
            response.status = report.isReady ? .ok : .serviceUnavailable
            response.headers[.cacheControl] = "no-store"
            return response
        }
        router.get("metrics") { _, _ in Response(text: metrics.page(), type: PrometheusText.contentType) }
        guard let api else { return router }
        let group = router.group(RouterPath(ProblemMiddleware.prefix))
            .add(
                middleware: AccessMiddleware(
                    keys: api.keys, sessions: api.sessions, accounts: api.accounts, now: api.now)
            )
            .add(middleware: RateLimitMiddleware(api.configuration.private, metrics: metrics, now: api.now))
        let idempotency = IdempotencyDesk(store: api.store, now: api.now, logger: api.logger)
        for route in routes {
            group.on(RouterPath(route.path), method: route.method) { request, context in
                try await api.audit.watch(route, request, context) {
                    try await route.respond(to: request, context: context, idempotency: idempotency)
                }
            }
        }
        ConsolePages.add(to: router)
        return router
    }
}

extension Response {
    fileprivate init(text: String, type: String = "text/plain; charset=utf-8") {
        self.init(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
