from django.db import migrations

# What `kkt_kkt` copies of its organisation and of its row of `kkt_standing` (ADR 0020). Whoever writes a register's
# row, the copies are read anew while its row is locked; whatever changes that they are of, touches the row.
# So both orders end alike. What no lock of a row can catch, a register entered while the first report under its
# number is being stored, the advisory lock does: reports share it, an entry waits for them and they for it.
# 1263225684 is "KKT\\x54"; numbers share 1,024 locks, lest an entry of thousands fill the table of locks.
TELL = """
CREATE FUNCTION kkt_kkt_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told kkt_standing%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM orgs_organisation WHERE id = NEW.organisation_id FOR SHARE;
        PERFORM pg_advisory_xact_lock(1263225684, hashtext(NEW.rnm) & 1023) WHERE NEW.rnm IS NOT NULL;
    ELSIF NEW.rnm IS DISTINCT FROM OLD.rnm THEN
        PERFORM pg_advisory_xact_lock(1263225684, hashtext(NEW.rnm) & 1023) WHERE NEW.rnm IS NOT NULL;
    END IF;
    SELECT account_id, inn INTO NEW.account_id, NEW.inn FROM orgs_organisation WHERE id = NEW.organisation_id;
    NEW.inn := coalesce(NEW.inn, '');  -- no such organisation: the foreign key tells
    SELECT * INTO told FROM kkt_standing WHERE rnm = NEW.rnm AND inn = NEW.inn;
    NEW.told_fn := told.fn;
    NEW.told_closed := coalesce(told.closed_at IS NOT NULL AND (told.fn IS NULL OR told.closed_fn = told.fn), false);
    NEW.told_registered_at := told.registered_at;
    NEW.told_reregistered_at := told.reregistered_at;
    NEW.told_model := told.model;
    NEW.told_serial := told.serial;
    NEW.told_address := told.address;
    NEW.told_drive_until := told.drive_until;
    NEW.told_elsewhere := EXISTS (
        SELECT FROM kkt_standing WHERE rnm = NEW.rnm AND inn <> NEW.inn AND fn IS NOT NULL
    );
    RETURN NEW;
END $$;

CREATE TRIGGER kkt_kkt_told BEFORE INSERT OR UPDATE OF
    organisation_id, rnm, account_id, inn, told_fn, told_elsewhere, told_closed, told_registered_at,
    told_reregistered_at, told_model, told_serial, told_address, told_drive_until
    ON kkt_kkt FOR EACH ROW EXECUTE FUNCTION kkt_kkt_told();

CREATE FUNCTION kkt_standing_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number text := CASE TG_OP WHEN 'DELETE' THEN OLD.rnm ELSE NEW.rnm END;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1263225684, hashtext(number) & 1023);
    UPDATE kkt_kkt SET told_fn = told_fn WHERE rnm = number;
    RETURN NULL;
END $$;

CREATE TRIGGER kkt_standing_tell AFTER INSERT OR DELETE ON kkt_standing
    FOR EACH ROW EXECUTE FUNCTION kkt_standing_tell();
CREATE TRIGGER kkt_standing_tell_anew AFTER UPDATE ON kkt_standing
    FOR EACH ROW WHEN (
        (OLD.fn, OLD.closed_at, OLD.closed_fn, OLD.registered_at, OLD.reregistered_at,
         OLD.model, OLD.serial, OLD.address, OLD.drive_until)
        IS DISTINCT FROM
        (NEW.fn, NEW.closed_at, NEW.closed_fn, NEW.registered_at, NEW.reregistered_at,
         NEW.model, NEW.serial, NEW.address, NEW.drive_until)
    ) EXECUTE FUNCTION kkt_standing_tell();

CREATE FUNCTION kkt_standing_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE kkt_kkt SET told_fn = told_fn;
    RETURN NULL;
END $$;

CREATE TRIGGER kkt_standing_forget AFTER TRUNCATE ON kkt_standing
    FOR EACH STATEMENT EXECUTE FUNCTION kkt_standing_forget();

CREATE FUNCTION kkt_organisation_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE kkt_kkt SET told_fn = told_fn WHERE organisation_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER kkt_organisation_tell AFTER UPDATE ON orgs_organisation
    FOR EACH ROW WHEN ((OLD.account_id, OLD.inn) IS DISTINCT FROM (NEW.account_id, NEW.inn))
    EXECUTE FUNCTION kkt_organisation_tell();

UPDATE kkt_kkt SET told_fn = told_fn;
"""

FORGET = """
DROP TRIGGER kkt_organisation_tell ON orgs_organisation;
DROP TRIGGER kkt_standing_forget ON kkt_standing;
DROP TRIGGER kkt_standing_tell_anew ON kkt_standing;
DROP TRIGGER kkt_standing_tell ON kkt_standing;
DROP TRIGGER kkt_kkt_told ON kkt_kkt;
DROP FUNCTION kkt_organisation_tell();
DROP FUNCTION kkt_standing_forget();
DROP FUNCTION kkt_standing_tell();
DROP FUNCTION kkt_kkt_told();
"""


class Migration(migrations.Migration):
    dependencies = [("kkt", "0005_told_columns"), ("orgs", "0003_directory")]

    operations = [migrations.RunSQL(TELL, FORGET)]
