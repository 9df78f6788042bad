"""Log-ins with a published password, made in a sandbox only, where nothing real is kept."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from chekhov.accounts.errors import SandboxOnly
from chekhov.accounts.models import Account, Consent, StaffRole, User
from chekhov.accounts.sandbox import SANDBOX_PASSWORD, SANDBOX_STAFF
from chekhov.accounts.services.consents import consent_text_latest
from chekhov.accounts.services.links import person_lock
from chekhov.accounts.services.people import user_add
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record


@transaction.atomic
def sandbox_staff_ensure() -> list[tuple[User, str]]:
    """Make sure the demo staff of a sandbox can log in; gives each account with its password.

    An account that is there keeps its name and role; its password is put back to the published one, so that
    what the start prints is true.
    """
    ready = []
    for email, full_name, role in SANDBOX_STAFF:
        user = User.objects.by_email(email).first()
        if user is None:
            user = user_add(
                email=email, password=SANDBOX_PASSWORD, full_name=full_name, staff_role=StaffRole(role)
            )
        elif not user.check_password(SANDBOX_PASSWORD):
            user.set_password(SANDBOX_PASSWORD)
            user.save(update_fields=["password"])
        ready.append((user, SANDBOX_PASSWORD))
    return ready


@transaction.atomic
def sandbox_person_ensure(*, email: str, full_name: str, now: dt.datetime) -> User | None:
    """Make sure a demo person who is no staff can log in with the published password; None if staff shut him out.

    One whom a cabinet has dismissed, or invited and not seen yet, may log in again; where he works is not told here.
    Raises: SandboxOnly.
    """
    if not settings.SANDBOX:
        raise SandboxOnly("Входы с опубликованным паролем бывают только в песочнице")
    person_lock(email)
    last_name, first_name, middle_name = [*full_name.split(maxsplit=2), "", "", ""][:3]
    user = User.objects.select_for_update().filter(pk__in=User.objects.by_email(email).values("pk")).first()
    fresh = user is None or not user.is_settled
    user = user or User(email=email, created_at=now)
    if not fresh and (user.is_staff or not user.is_active):
        return None
    if fresh:
        user.last_name, user.first_name, user.middle_name = last_name, first_name, middle_name
        user.full_name = full_name
        user.is_active, user.removed_at, user.email_confirmed_at = True, None, now
    if not user.check_password(SANDBOX_PASSWORD):
        user.set_password(SANDBOX_PASSWORD)
        user.must_change_password = False
    user.save()
    return user


@transaction.atomic
def sandbox_account_ensure(*, owner: User, now: dt.datetime) -> Account:
    """The cabinet a demo person opened, as if he had registered; made if it is not there. Raises: SandboxOnly."""
    if not settings.SANDBOX:
        raise SandboxOnly("Кабинеты без регистрации бывают только в песочнице")
    person_lock(owner.email)
    there = Account.objects.filter(opened_by=owner).order_by("id").first()
    if there is not None:
        return there
    account = Account.objects.create(opened_by=owner, created_at=now)
    text = consent_text_latest(now=now)
    Consent.objects.create(user=owner, consent_text=text, operator_name=settings.OPERATOR_NAME, given_at=now)
    audit_record(
        action="accounts.registered",
        now=now,
        actor=owner,
        actor_kind=ActorKind.CUSTOMER,
        account=account,
        object_kind="account",
        object_id=account.pk,
        facts={"consent_version": text.version},
    )
    return account
