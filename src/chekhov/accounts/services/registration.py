"""«Регистрация клиента ОФД»: from the form to a person with a cabinet; and the invitation of an employee."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from chekhov.accounts.errors import ConsentChanged, ConsentMissing, EmailTaken, LinkExpired
from chekhov.accounts.models import (
    Account,
    Consent,
    ConsentText,
    EmailLink,
    Invitation,
    LinkPurpose,
    Registration,
    User,
)
from chekhov.accounts.personal import Names, email_parse, names_parse, phone_parse
from chekhov.accounts.secrecy import password_generate, token_make
from chekhov.accounts.services.consents import consent_text_latest
from chekhov.accounts.services.letters import credentials_send
from chekhov.accounts.services.limits import address_clean, invitation_allow, registration_allow
from chekhov.accounts.services.links import (
    LINK_HOURS,
    link_make,
    link_take,
    links_revoke,
    person_lock,
    public_url,
)
from chekhov.audit.models import ActorKind
from chekhov.audit.services import audit_record
from chekhov.notify.services import letter_send


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What following the link made. `password` is shown once and kept nowhere."""

    user: User
    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation on its way. `user` may be somebody who has long been here: show only what was typed."""

    user: User
    invitation: Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An invitation that was followed. `password` is None for one who has his own already."""

    user: User
    invitation: Invitation
    password: str | None = field(repr=False)


@transaction.atomic
def registration_start(
    *,
    email: str,
    last_name: str,
    first_name: str,
    phone: str,
    consent_version: int | None,
    now: dt.datetime,
    address: str | None = None,
) -> None:
    """Take the form and send a letter: with a link, or, for an address that is taken, saying so.

    Both ways write the same rows, and neither tells the asker which it was.
    consent_version: the version of the text under the ticked box; None if it was not ticked.
    Raises: BadEmail, BadFullName, BadPhone, ConsentMissing, ConsentChanged, TooOften.
    """
    email = email_parse(email)
    names = names_parse(last_name=last_name, first_name=first_name)
    phone = phone_parse(phone)
    consent_text = _consent_text(consent_version, now)
    address = address_clean(address)
    registration_allow(email=email, address=address, now=now)
    user = User.objects.by_email(email).first()
    link, url = link_make(purpose=LinkPurpose.REGISTRATION, email=email, user=None, now=now)
    Registration.objects.create(
        link=link,
        email=email,
        last_name=names.last_name,
        first_name=names.first_name,
        phone=phone,
        consent_text=consent_text,
        operator_name=settings.OPERATOR_NAME,
        address=address,
        asked_at=now,
    )
    if user is not None and user.is_settled:
        letter_send(
            template="registration_again",
            recipient=email,
            context={"log_in_url": public_url("log_in"), "recovery_url": public_url("recovery")},
            secrets={"filler": token_make()},
            now=now,
        )
    else:
        letter_send(
            template="registration",
            recipient=email,
            context={"name": names.first_name, "hours": LINK_HOURS[LinkPurpose.REGISTRATION]},
            secrets={"link": url},
            now=now,
        )


def registration_confirm(*, token: str, now: dt.datetime, address: str | None = None) -> Registered:
    """Follow the link: the person, his cabinet and a generated password, shown and mailed.

    Whoever adds more to a new cabinet (its owner's rights are `orgs`) wraps this in his own transaction.
    Raises: LinkUnknown, LinkUsed, LinkExpired, EmailTaken.
    """
    password = password_generate()
    hashed = make_password(password)  # slow on purpose, so before rows are locked
    with transaction.atomic():
        link = link_take(token=token, purpose=LinkPurpose.REGISTRATION, now=now)
        asked = Registration.objects.select_related("consent_text").get(link=link)
        user = _person(asked.email, Names(asked.last_name, asked.first_name), asked.phone, hashed, now)
        account = Account.objects.create(opened_by=user, created_at=now)
        Consent.objects.create(
            user=user,
            consent_text=asked.consent_text,
            operator_name=asked.operator_name,
            given_at=asked.asked_at,
            address=asked.address,
        )
        asked.user = user
        asked.save(update_fields=["user"])
        links_revoke(email=asked.email, now=now, purposes=(LinkPurpose.REGISTRATION,))
        credentials_send(template="credentials", user=user, password=password, now=now, account=account)
        audit_record(
            action="accounts.registered",
            now=now,
            actor=user,
            actor_kind=ActorKind.CUSTOMER,
            account=account,
            object_kind="account",
            object_id=account.pk,
            facts={"consent_version": asked.consent_text.version},
            address=address,
        )
    return Registered(user=user, account=account, password=password)


@transaction.atomic
def invitation_send(
    *,
    email: str,
    last_name: str,
    first_name: str,
    account: Account,
    account_shown: str,
    by: User,
    now: dt.datetime,
    middle_name: str = "",
    phone: str = "",
    address: str | None = None,
) -> Invited:
    """Call an employee into a cabinet by a letter with a link; sent anew by calling again.

    account_shown: how the letter names the cabinet. A person who is not here yet gets a row that cannot log in
    until he follows the link. Whether he was here before is not told.
    Raises: BadEmail, BadFullName, BadPhone, TooOften.
    """
    email = email_parse(email)
    names = names_parse(last_name=last_name, first_name=first_name, middle_name=middle_name)
    phone = phone_parse(phone) if phone.strip() else ""
    invitation_allow(email=email, account=account, now=now)
    person_lock(email)
    user = User.objects.by_email(email).first()
    if user is None:
        user = User.objects.create_user(email, None, created_at=now)
    invitation = Invitation(
        account=account,
        invited_by=by,
        last_name=names.last_name,
        first_name=names.first_name,
        middle_name=names.middle_name,
        phone=phone,
        invited_at=now,
    )
    _invitation_letter(invitation, user, account_shown, now)
    audit_record(
        action="accounts.invited",
        now=now,
        actor=by,
        actor_kind=ActorKind.STAFF if by.is_staff else ActorKind.CUSTOMER,
        account=account,
        object_kind="user",
        object_id=user.pk,
        address=address,
    )
    return Invited(user=user, invitation=invitation)


def invitation_accept(*, token: str, now: dt.datetime, address: str | None = None) -> Accepted:
    """Follow the link of an invitation; a new person gets a generated password, shown and mailed.

    Raises: LinkUnknown, LinkUsed, LinkExpired (also for a person whom staff shut out).
    """
    password = password_generate()
    hashed = make_password(password)
    with transaction.atomic():
        link = link_take(token=token, purpose=LinkPurpose.INVITATION, now=now)
        invitation = Invitation.objects.select_related("account").get(link=link)
        assert link.user_id is not None
        user = User.objects.select_for_update().get(pk=link.user_id)
        fresh = not user.is_settled
        if fresh:
            names = Names(invitation.last_name, invitation.first_name, invitation.middle_name)
            user = _person(user.email, names, invitation.phone, hashed, now)
            credentials_send(
                template="credentials", user=user, password=password, now=now, account=invitation.account
            )
        elif not user.is_active:
            raise LinkExpired
        elif user.email_confirmed_at is None:
            user.email_confirmed_at = now
            user.save(update_fields=["email_confirmed_at"])
        audit_record(
            action="accounts.invitation_accepted",
            now=now,
            actor=user,
            actor_kind=ActorKind.CUSTOMER,
            account=invitation.account,
            object_kind="user",
            object_id=user.pk,
            address=address,
        )
    return Accepted(user=user, invitation=invitation, password=password if fresh else None)


def _invitation_letter(invitation: Invitation, user: User, account_shown: str, now: dt.datetime) -> None:
    """Give the invitation its link, and write the letter; an earlier one into the same cabinet is void."""
    EmailLink.objects.filter(
        purpose=LinkPurpose.INVITATION, user=user, invitation__account=invitation.account, used_at=None
    ).update(revoked_at=now)
    link, url = link_make(purpose=LinkPurpose.INVITATION, email=user.email, user=user, now=now)
    invitation.link = link
    invitation.save()
    letter_send(
        template="employee_invitation",
        recipient=user.email,
        context={
            "name": invitation.first_name,
            "account": account_shown,
            "hours": LINK_HOURS[LinkPurpose.INVITATION],
        },
        secrets={"link": url},
        now=now,
        account=invitation.account,
    )


def _consent_text(version: int | None, now: dt.datetime) -> ConsentText:
    if version is None:
        raise ConsentMissing("Без согласия на обработку персональных данных зарегистрироваться нельзя")
    text = consent_text_latest(now=now)
    if text.version != version:
        raise ConsentChanged("Текст согласия изменился, прочитайте его ещё раз")
    return text


def _person(email: str, names: Names, phone: str, hashed: str, now: dt.datetime) -> User:
    """The person with this e-mail, who is not settled yet or not here at all. Raises: EmailTaken."""
    user = User.objects.select_for_update().filter(pk__in=User.objects.by_email(email).values("pk")).first()
    if user is None:
        user = User(email=email, created_at=now)
    elif user.is_settled:
        raise EmailTaken(
            "С этим адресом уже зарегистрирован личный кабинет. Войдите или восстановите пароль."
        )
    user.last_name, user.first_name, user.middle_name = names.last_name, names.first_name, names.middle_name
    user.full_name, user.phone, user.password = names.full_name, phone, hashed
    user.is_active, user.removed_at = True, None
    user.must_change_password = True
    user.email_confirmed_at = user.password_changed_at = now
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken("С этим адресом уже зарегистрирован личный кабинет") from error
    return user
