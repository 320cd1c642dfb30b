import Logging
import Synchronization

extension StoreWriter {
    /// Stores a batch, trying again where that may help.
    ///
    /// - Returns: what the database did not take; it is at fault then, and counts as failing.
    func store(_ batch: ArraySlice<RevisedWrite>) async -> ArraySlice<RevisedWrite> {
        var tries = 0
        while true {
            do {
                try await store.apply(Array(batch))
                counters.written.add(batch.count)
                counters.batches.add(1)
                report(failure: nil)
                return []
            } catch {
                tries += 1
                switch BatchVerdict(error, batchSize: batch.count, tries: tries, delays: options.retryDelays) {
                case .retry(let delay):
                    counters.retried.add(1)
                    try? await Task.sleep(for: delay)
                case .isolate:
                    return await storeOneByOne(batch)
                case .reject:
                    counters.rejected.add(1)
                    logger.error(
                        "record rejected by the store",
                        metadata: [
                            "call.id": "\(batch.first?.write.callID ?? "none")", "error": "\(error)",
                        ])
                    return []
                case .spill:
                    report(failure: error)
                    return batch
                }
            }
        }
    }

    private func storeOneByOne(_ batch: ArraySlice<RevisedWrite>) async -> ArraySlice<RevisedWrite> {
        for index in batch.indices where !(await store(batch[index...index])).isEmpty { return batch[index...] }
        return []
    }

    /// Puts records into the spill file.
    func spill(_ writes: ArraySlice<RevisedWrite>) async {
        guard !writes.isEmpty else { return }
        let receipt = await spill.append(writes)
        counters.spilled.add(receipt.spilled)
        if receipt.dropped > 0, counters.dropped.wrappingAdd(receipt.dropped, ordering: .relaxed).oldValue == 0 {
            logger.critical(
                "records are being lost: the database takes none and the spill file is full",
                metadata: ["path": "\(spill.path)"])
        }
    }

    /// Brings the spill file's records into the database and empties it. Where that ends early the file stays whole:
    /// storing a record twice does no harm.
    ///
    /// - Returns: whether the database takes records.
    @discardableResult
    func replay() async -> Bool {
        var position = 0
        var count = 0
        do {
            repeat {
                while let portion = try await spill.portion(at: position) {
                    var rest = portion.writes[...]
                    while !rest.isEmpty {
                        let batch = rest.prefix(options.batchSize)
                        guard await store(batch).isEmpty else { return false }
                        rest = rest.dropFirst(options.batchSize)
                        count += batch.count
                    }
                    if portion.damaged > 0 {
                        counters.dropped.add(portion.damaged)
                        logger.error("unreadable lines in the spill file", metadata: ["count": "\(portion.damaged)"])
                    }
                    position = portion.next
                }
            } while try await !spill.clear(ifEndIs: position)
        } catch {
            logger.error("spill file unusable", metadata: ["error": "\(error)"])
        }
        if count > 0 {
            counters.replayed.add(count)
            logger.notice("spilled records stored", metadata: ["count": "\(count)"])
        }
        return true
    }

    /// Remembers whether the database works, and says so when that changed.
    func report(failure: StoreError?) {
        let wasFailing = counters.isFailing.exchange(failure != nil, ordering: .relaxed)
        switch (wasFailing, failure) {
        case (false, let failure?):
            logger.error(
                "the store takes no records; they go to the spill file",
                metadata: ["error": "\(failure)", "path": "\(spill.path)"])
        case (true, nil):
            logger.notice("the store takes records again")
        default:
            break
        }
    }
}
