import Store

extension Terminal {
    /// Writes into the audit log what was done. An act that cannot be written there is done all the same, and so said.
    static func note(_ act: AuditDraft, in store: Store) async {
        do { try await store.append(act) } catch { unnoted(act, error) }
    }

    /// Says that an act which was done is not in the audit log.
    static func unnoted(_ act: AuditDraft, _ error: any Error) {
        complain("done, but not in the audit log: \(act.act): \(error)")
    }
}
