import CCurl
import CUV

/// Drives a curl multi handle. The client's thread only.
@safe final class TransferEngine {
    private let multi: UnsafeMutableRawPointer
    private let configuration: HTTPClientConfiguration
    private let metrics: HTTPClientMetrics
    /// By exchange; each is kept here while curl holds its address.
    private var transfers: [UInt64: Transfer] = [:]

    init(multi: UnsafeMutableRawPointer, configuration: HTTPClientConfiguration, metrics: HTTPClientMetrics) {
        unsafe self.multi = multi
        self.configuration = configuration
        self.metrics = metrics
        unsafe curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost)
        // Idle connections kept beyond those in use.
        unsafe curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumConnectionsPerHost * 2)
    }

    /// - Returns: how many requests this ended.
    func execute(_ command: HTTPClientThread.Command) -> Int {
        switch command {
        case .start(let exchange): return begin(exchange)
        case .cancel(let id):
            guard let transfer = transfers[id] else { return 0 }
            metrics.cancelled.add()
            remove(transfer)
            return 1
        case .resume(let id):
            transfers[id]?.resume()
            return 0
        }
    }

    private func begin(_ exchange: HTTPExchange) -> Int {
        metrics.started.add()
        do throws(NetworkError) {
            let transfer = try Transfer(exchange: exchange, configuration: configuration, metrics: metrics)
            transfers[exchange.id] = transfer
            metrics.active.add()
            let status = unsafe curl_multi_add_handle(multi, transfer.handle)
            guard status == CURLM_OK else {
                remove(transfer)
                throw exchange.error(.unavailable, unsafe String(cString: curl_multi_strerror(status)))
            }
            return 0
        } catch {
            metrics.failed.add()
            exchange.fail(error)
            return 1
        }
    }

    /// Moves every transfer on, then waits for the network, a deadline or a command.
    ///
    /// - Returns: how many requests this ended.
    func turn() -> Int {
        var running: CInt = 0
        unsafe curl_multi_perform(multi, &running)
        var finished = collectFinished()
        let time = uv_hrtime()
        var next = time + 60_000_000_000
        for transfer in transfers.values {
            if let passed = transfer.passedDeadline(at: time) {
                metrics.failed.add()
                metrics.deadlinesExceeded.add()
                transfer.exchange.fail(passed)
                remove(transfer)
                finished += 1
            } else {
                next = min(next, transfer.nextDeadline)
            }
        }
        // Loads ended above are reported before waiting, so that their places are free.
        let wait = finished > 0 ? 0 : CInt(clamping: (next - min(next, time)) / 1_000_000 + 1)
        unsafe curl_multi_poll(multi, nil, 0, wait, nil)
        return finished
    }

    private func collectFinished() -> Int {
        var finished = 0
        var left: CInt = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let transfer = unsafe Transfer.of(handle)
            else { continue }
            let result = unsafe message.pointee.data.result
            if let error = transfer.failure(for: result) {
                metrics.failed.add()
                if error.code == .deadlineExceeded { metrics.deadlinesExceeded.add() }
                transfer.exchange.fail(error)
            } else {
                metrics.completed.add()
                transfer.exchange.completed()
            }
            if transfer.reusedConnection { metrics.reusedConnections.add() }
            remove(transfer)
            finished += 1
        }
        return finished
    }

    private func remove(_ transfer: Transfer) {
        guard transfers.removeValue(forKey: transfer.exchange.id) != nil else { return }
        metrics.active.add(-1)
        unsafe curl_multi_remove_handle(multi, transfer.handle)
    }

    /// Fails everything under way.
    func abandonAll() {
        for transfer in transfers.values {
            transfer.exchange.fail(transfer.exchange.error(.cancelled, "the client is shut down"))
            metrics.cancelled.add()
            remove(transfer)
        }
    }
}
