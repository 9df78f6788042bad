from django.db import migrations

# The journal's rows are facts: no UPDATE, DELETE or TRUNCATE. One exception, guarded by a setting that only
# `projector.restamp` makes, local to its transaction: the transaction number of a row may be renewed after
# the database was restored in another cluster, where the old numbers mean nothing.
GUARD = """
CREATE FUNCTION fiscal_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('chekhov.restamp', true) = 'on' THEN
        OLD.xid := NEW.xid;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'table fiscal_document is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fiscal_document_immutable BEFORE UPDATE OR DELETE ON fiscal_document
    FOR EACH ROW EXECUTE FUNCTION fiscal_document_guard();
CREATE TRIGGER fiscal_document_untruncated BEFORE TRUNCATE ON fiscal_document
    FOR EACH STATEMENT EXECUTE FUNCTION fiscal_document_guard();
"""

# The shape in which the gateway hands rows over: one parameter, an array of these.
ROW_TYPE = """
CREATE TYPE fiscal_document_row AS (
    fd bigint, received_at timestamptz, issued_at timestamp, fpd bigint, total_kopecks bigint,
    shift integer, p_version integer, flags integer,
    code smallint, ffd smallint, operation smallint, verdict smallint, sign_state smallint,
    fn text, rnm text, inn text, peer inet, container bytea, answer bytea
);
"""


class Migration(migrations.Migration):
    dependencies = [("fiscal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER fiscal_document_immutable ON fiscal_document;"
            "DROP TRIGGER fiscal_document_untruncated ON fiscal_document;"
            "DROP FUNCTION fiscal_document_guard();",
        ),
        migrations.RunSQL(ROW_TYPE, "DROP TYPE fiscal_document_row;"),
    ]
