"""«Пакетное добавление ККТ»: a table becomes a draft, the draft becomes registers, a row at a time.

The file is read and checked while the person waits; «Применить» only says so, and the worker does it: each row in a
transaction of its own that also marks the row as done, so after a kill it goes on where it stood, and a row that
fails is told and leaves the others.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Q

from chekhov.accounts.models import User
from chekhov.audit.models import ActorKind
from chekhov.db.errors import LockTaken
from chekhov.db.locks import session_lock
from chekhov.errors import ChekhovError
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.batch_checks import RowRead, rows_read
from chekhov.kkt.batch_table import table_read
from chekhov.kkt.entering import entry_clean
from chekhov.kkt.errors import BatchNotFound
from chekhov.kkt.models import ApplicationKind, Batch, BatchRow, Group, Kkt
from chekhov.kkt.services.connecting import (
    ELSEWHERE,
    Terms,
    kkt_new,
    kkt_record,
    kkt_resume,
    place_words,
    resumable,
    rnm_taken,
    served_check,
    terms_with_group,
)
from chekhov.kkt.services.power import power_upon, section_of
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.models import Organisation, Partner
from chekhov.orgs.services import account_lock

DRAFT_KEPT = dt.timedelta(days=1)
DONE_KEPT = dt.timedelta(days=30)
DRAFTS_OF_ONE_MAX = 5
NUMBERS_AT_ONCE = 5000
ROWS_A_STEP = 50  # the worker has other deeds, and does them between the steps
FILE_NAME_CHARACTERS_MAX = 255
NOT_DONE = "Строку не удалось применить: загрузите её ещё раз"


def batch_take(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    content: bytes,
    group_id: int | None = None,
    now: dt.datetime,
) -> Batch:
    """Read a file into a draft with what is wrong with each row. Nothing is connected yet.

    name: of the file, as the browser gave it. group_id: as in `kkt_connect`, for all rows. A person's older drafts
    for this organisation go, but for the last few.
    Raises: TableRefused, OrganisationNotServed, FieldsWrong, OrganisationNotFound, SectionClosed, BeyondOwnGroups.
    """
    terms = _terms(actor, organisation, group_id, now)
    reads = list(rows_read(table_read(content), organisation.inn))
    taken = _taken(actor, organisation, [read.rnm for read in reads if not read.errors], now)
    with transaction.atomic():
        served_check(organisation, now)
        batch = Batch.objects.create(
            organisation=organisation,
            created_by=actor.user,
            created_at=now,
            file_name=_file_name(name),
            actor=_actor_data(actor, terms.group_id),
            total=len(reads),
        )
        rows = [_row(batch, read, taken) for read in reads]
        BatchRow.objects.bulk_create(rows, batch_size=2000)
        batch.refused = batch.done = sum(1 for row in rows if row.errors)
        batch.save(update_fields=["refused", "done"])
        own = Batch.objects.filter(
            organisation=organisation, created_by=actor.user, state=Batch.State.DRAFT
        ).order_by("-id")
        Batch.objects.filter(pk__in=[one.pk for one in own[DRAFTS_OF_ONE_MAX:]]).delete()
    return batch


@transaction.atomic
def batch_start(*, actor: Actor, batch: Batch, now: dt.datetime) -> Batch:
    """«Применить»: let the worker connect the rows without errors. Saying it again, or two at once, says it once.

    The rows are connected in the name of who says it first. Raises: BatchNotFound if the draft is gone,
    OrganisationNotServed, OrganisationNotFound, SectionClosed, BeyondOwnGroups.
    """
    held = (
        Batch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .filter(pk=batch.pk)
        .first()
    )
    if held is None:
        raise BatchNotFound("Такой загрузки нет. Черновик хранится сутки", batch_id=batch.pk)
    if held.state != Batch.State.DRAFT:
        return held
    terms = _terms(actor, held.organisation, held.actor.get("group_id"), now)
    served_check(held.organisation, now)
    held.state, held.applied_at = Batch.State.RUNNING, now
    held.actor = _actor_data(actor, terms.group_id)
    held.save(update_fields=["state", "applied_at", "actor"])
    deed_record(
        actor,
        "kkt.batch_started",
        now=now,
        object_kind="kkt_batch",
        object_id=held.pk,
        organisation=held.organisation,
        facts={"rows": held.total, "refused": held.refused},
    )
    return held


def batches_step(now: dt.datetime, rows_max: int = ROWS_A_STEP) -> int:
    """The worker's share: go on with one started table; says how many rows were done. 0: there is nothing to do.

    Tables take turns: the one that has done least comes first. One worker at a time does a table.
    """
    running = Batch.objects.filter(state=Batch.State.RUNNING).select_related("organisation", "created_by")
    for batch in running.order_by("done", "id")[:20]:
        try:
            with session_lock(f"kkt-batch:{batch.pk}"):
                return _go_on(batch, now, rows_max)
        except LockTaken:
            continue
    return 0


def batches_tidy(now: dt.datetime) -> int:
    """Remove drafts after a day, and what was applied after a month; the registers stay. Says how many."""
    _, removed = Batch.objects.filter(
        Q(state=Batch.State.DRAFT, created_at__lte=now - DRAFT_KEPT)
        | Q(state=Batch.State.DONE, applied_at__lte=now - DONE_KEPT)
    ).delete()
    return removed.get("kkt.Batch", 0)


# ── the draft ────────────────────────────────────────────────────────────────────────────────────────


def _terms(actor: Actor, organisation: Organisation, group_id: int | None, now: dt.datetime) -> Terms:
    power = power_upon(actor, organisation_id=organisation.pk, account_id=organisation.account_id, now=now)
    terms = Terms(kind=ApplicationKind.REGISTRATION, group_id=group_id)
    return terms_with_group(actor, organisation, power, terms)


def _taken(actor: Actor, organisation: Organisation, rnms: Sequence[str], now: dt.datetime) -> dict[str, str]:
    """Numbers that stand in a cabinet already → words, with no more than the doer may know."""
    taken: dict[str, str] = {}
    seen = kkts_for_user(user=actor.user, now=now, section=section_of(actor)).select_related(
        "organisation", "group"
    )
    for start in range(0, len(rnms), NUMBERS_AT_ONCE):
        part = rnms[start : start + NUMBERS_AT_ONCE]
        there = list(Kkt.objects.filter(rnm__in=part))
        if not there:
            continue
        own = seen.filter(rnm__in=[kkt.rnm for kkt in there]).order_by()
        words = {kkt.rnm: place_words(kkt) for kkt in own}
        for kkt in there:
            assert kkt.rnm is not None
            if not resumable(kkt, organisation):
                taken[kkt.rnm] = words.get(kkt.rnm, ELSEWHERE)
    return taken


def _row(batch: Batch, read: RowRead, taken: dict[str, str]) -> BatchRow:
    errors = list(read.errors)
    if not errors and read.rnm in taken:
        errors.append(taken[read.rnm])
    return BatchRow(
        batch=batch,
        number=read.number,
        rnm=_cut(read.rnm, 64),
        name=_cut(read.name, 256),
        serial=_cut(read.serial, 64),
        drive_serial=_cut(read.drive_serial, 64),
        kind=read.kind,
        errors=errors,
        done=bool(errors),
    )


def _cut(text: str, characters: int) -> str:
    """As much as the draft keeps of what was wrong; PostgreSQL takes no NUL."""
    return text.replace("\0", "")[:characters]


def _file_name(name: str) -> str:
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())[:FILE_NAME_CHARACTERS_MAX]


def _actor_data(actor: Actor, group_id: int | None) -> dict[str, Any]:
    return {
        "user": actor.user.pk,
        "kind": str(actor.kind),
        "partner": None if actor.partner is None else actor.partner.pk,
        "reason": actor.reason,
        "address": actor.address,
        "group_id": group_id,
    }


# ── the rows, one by one ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Run:
    """A started table, in whose name its rows are connected, and where they are put."""

    batch: Batch
    actor: Actor
    group_id: int | None
    now: dt.datetime


class _DoneMeanwhile(Exception):  # noqa: N818  # not an error: nothing is left to do
    """Another worker was faster with this row."""


def _go_on(batch: Batch, now: dt.datetime, rows_max: int) -> int:
    rows = list(batch.rows.filter(done=False).order_by("number")[:rows_max])
    run = _run_of(batch, now)
    with _not_waiting_for_the_disk():
        added = sum(_apply(run, row) for row in rows)  # each in a transaction of its own
    held = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    if batch.rows.filter(done=False).exists():
        # After a kill these lag behind the rows until the end, where all is counted.
        held.update(
            done=F("done") + len(rows), added=F("added") + added, refused=F("refused") + len(rows) - added
        )
    else:
        counts = batch.rows.aggregate(
            done=Count("pk"),
            added=Count("pk", filter=Q(kkt__isnull=False)),
            refused=Count("pk", filter=~Q(errors=[])),
        )
        held.update(state=Batch.State.DONE, **counts)
    return max(len(rows), 1)


@contextlib.contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """A crash of the server may lose the last moments, a register and its mark together: they are done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            if connection.is_usable():
                cursor.execute("RESET synchronous_commit")


def _run_of(batch: Batch, now: dt.datetime) -> _Run:
    data = batch.actor
    user = User.objects.get(pk=data["user"])
    partner = None if data["partner"] is None else Partner.objects.filter(pk=data["partner"]).first()
    actor = Actor(
        user=user,
        kind=ActorKind(data["kind"]),
        partner=partner,
        reason=data["reason"],
        address=data["address"],
    )
    return _Run(batch, actor, data["group_id"], now)


def _apply(run: _Run, row: BatchRow) -> bool:
    """Connect a row; says whether it did. Most numbers are nobody's: they are looked for only if writing fails."""
    for look in (False, True):
        try:
            with transaction.atomic():
                _connect(run, row, look=look)
        except _DoneMeanwhile:
            return False
        except IntegrityError:
            continue
        except ChekhovError as error:
            _refuse(row, error.message)
            return False
        else:
            return True
    _refuse(row, NOT_DONE)
    return False


def _connect(run: _Run, row: BatchRow, *, look: bool) -> None:
    organisation = run.batch.organisation
    group_id = _group_held(organisation, run.group_id)
    served_check(organisation, run.now)
    entry = entry_clean(rnm=row.rnm, name=row.name, serial=row.serial, drive_serial=row.drive_serial)
    terms = Terms(kind=ApplicationKind(row.kind), group_id=group_id)
    there = Kkt.objects.select_for_update(no_key=True).filter(rnm=entry.rnm).first() if look else None
    if there is None:
        kkt = kkt_new(run.actor, organisation, entry, terms, run.now)
        kkt.pk = _write(kkt, row)
        kkt_record(run.actor, "kkt.connected", kkt, run.now)
        return
    if not resumable(there, organisation):
        raise rnm_taken(run.actor, there, organisation, run.now)
    kkt_resume(run.actor, there, entry, terms, run.now)
    if not BatchRow.objects.filter(pk=row.pk, done=False).update(done=True, kkt=there):
        raise _DoneMeanwhile


_COLUMNS = [field for field in Kkt._meta.concrete_fields if not (field.primary_key or field.generated)]  # noqa: SLF001  # Django's own word
_WRITE = f"""
    WITH added AS (
        INSERT INTO kkt_kkt ({", ".join(str(field.column) for field in _COLUMNS)})
        VALUES ({", ".join("%s" for _ in _COLUMNS)}) RETURNING id
    )
    UPDATE kkt_batchrow r SET done = true, kkt_id = added.id FROM added WHERE r.id = %s AND NOT r.done RETURNING r.kkt_id
"""  # noqa: S608  # names of columns


def _write(kkt: Kkt, row: BatchRow) -> int:
    """Store the register and mark the row, in one statement: there are thousands. Raises: IntegrityError."""
    values = [field.get_db_prep_save(getattr(kkt, field.attname), connection) for field in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*values, row.pk])
        found = cursor.fetchone()
    if found is None:
        raise _DoneMeanwhile
    return int(found[0])


def _refuse(row: BatchRow, text: str) -> None:
    BatchRow.objects.filter(pk=row.pk, done=False).update(done=True, errors=[text])


def _group_held(organisation: Organisation, group_id: int | None) -> int | None:
    """The group, which now stays until the row is done; None if it is gone by now."""
    if group_id is None or organisation.account_id is None:
        return None
    account_lock(organisation.account_id)
    there = Group.objects.filter(pk=group_id, account_id=organisation.account_id).exists()
    return group_id if there else None
