extension Schema {
    /// Step 25: who did what, as a chain: each row holds the hash of its content and of the row before it.
    ///
    /// `audit_chain` has one row: where the rows that are kept begin (`anchor`, the hash of the last one that was deleted for
    /// its age) and where they end (`head`). Rows are not changed, and only deleted up to the anchor; the engine refuses the
    /// rest, which keeps accidents away, while what somebody does who may change the schema is what the hashes are for.
    static let audit = """
        CREATE TABLE audit_log (
            number INTEGER NOT NULL PRIMARY KEY,
            happened_at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            act TEXT NOT NULL,
            subject TEXT NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE INDEX audit_by_time ON audit_log (happened_at);

        CREATE TABLE audit_chain (
            single INTEGER NOT NULL UNIQUE CHECK (single = 1),
            anchor_number INTEGER NOT NULL,
            anchor TEXT NOT NULL,
            head_number INTEGER NOT NULL,
            head TEXT NOT NULL
        ) STRICT;
        INSERT INTO audit_chain (single, anchor_number, anchor, head_number, head)
            VALUES (1, 0, '\(AuditChain.beginning)', 0, '\(AuditChain.beginning)');

        """

    static let auditKept = """
        CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log BEGIN
            SELECT RAISE(ABORT, 'rows of the audit log are not changed');
        END;
        CREATE TRIGGER audit_log_undeleted BEFORE DELETE ON audit_log
        WHEN old.number > (SELECT anchor_number FROM audit_chain) BEGIN
            SELECT RAISE(ABORT, 'rows of the audit log are not deleted');
        END;
        """

    static let auditKeptByPostgres = """
        CREATE FUNCTION parley_audit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND OLD.number <= (SELECT anchor_number FROM audit_chain) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'rows of the audit log are neither changed nor deleted';
        END
        $$;
        CREATE TRIGGER audit_log_unchanged BEFORE UPDATE OR DELETE ON audit_log
            FOR EACH ROW EXECUTE FUNCTION parley_audit_unchanged();
        """
}
