extension Schema {
    /// Step 19: which node is about to send a delivery, and until when it has the right to. `fence` grows with each lease.
    static let leases = """
        ALTER TABLE webhook_deliveries ADD COLUMN leased_by TEXT;
        ALTER TABLE webhook_deliveries ADD COLUMN leased_until INTEGER;
        ALTER TABLE webhook_deliveries ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
        """
}
