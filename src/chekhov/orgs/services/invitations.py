"""The way in and out of a cabinet, where places (`orgs`) and log-ins (`accounts`) change together.

Each is one transaction over both rooms: there is never a person without a place or a place without its letter.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from chekhov.accounts.errors import EmailTaken
from chekhov.accounts.models import Account, LinkPurpose, User
from chekhov.accounts.services import (
    Accepted,
    Registered,
    invitation_accept,
    invitation_send,
    registration_confirm,
    user_add,
    user_remove,
)
from chekhov.accounts.services.limits import password_set_allow
from chekhov.accounts.services.links import LINK_HOURS, link_make, links_revoke, person_lock
from chekhov.notify.services import letter_send
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import EmployeeNotFound, EmployeeThere, PersonTaken
from chekhov.orgs.models import Membership, Organisation, PartnerUser
from chekhov.orgs.services.employees import (
    EmployeeForm,
    cabinet_open,
    employee_add,
    employee_confirm,
    employee_power_check,
    employee_remove,
    names_of,
)
from chekhov.orgs.services.organisations import account_lock
from chekhov.orgs.services.partners import partner_user_add, partner_user_confirm, partner_user_remove


@transaction.atomic
def registration_complete(*, token: str, now: dt.datetime, address: str | None = None) -> Registered:
    """Follow the link of a registration: the person, his cabinet, and he is its owner.

    Raises what `accounts.services.registration_confirm` raises; PersonTaken.
    """
    registered = registration_confirm(token=token, now=now, address=address)
    cabinet_open(user=registered.user, account_id=registered.account.pk, now=now)
    return registered


@transaction.atomic
def employee_invite(
    *, actor: Actor, account_id: int, email: str, form: EmployeeForm, now: dt.datetime
) -> Membership:
    """Add an employee and send him the letter with the link.

    The same happens for an e-mail that has a log-in elsewhere; its owner is told when he follows the link.
    Raises what `employee_add` raises; TooOften.
    """
    place = employee_add(actor=actor, account_id=account_id, email=email, form=form, now=now)
    _letter(actor, place, now)
    return place


@transaction.atomic
def employee_invite_again(
    *, actor: Actor, account_id: int, membership_id: int, now: dt.datetime
) -> Membership:
    """Send the letter anew; the link of the first is void.

    Raises: EmployeeNotFound, EmployeeThere if the e-mail is confirmed already, BeyondOwnRights, TooOften.
    """
    account_lock(account_id)
    place = employee_power_check(actor=actor, account_id=account_id, membership_id=membership_id)
    if place.user_id is not None:
        raise EmployeeThere("Сотрудник уже подтвердил почту")
    _letter(actor, place, now)
    return place


@transaction.atomic
def employee_accept(*, token: str, now: dt.datetime, address: str | None = None) -> Accepted:
    """Follow the link of an invitation: a log-in with a generated password, and the place is his.

    If anything fails the link stays good. Raises what `accounts.services.invitation_accept` raises;
    EmployeeNotFound if the place was taken away, PersonTaken if he works in another cabinet.
    """
    accepted = invitation_accept(token=token, now=now, address=address)
    place = Membership.objects.filter(
        account_id=accepted.invitation.account_id, email__iexact=accepted.user.email, removed_at__isnull=True
    ).first()
    if place is None:
        raise EmployeeNotFound("Приглашение отозвано")
    employee_confirm(membership_id=place.pk, user=accepted.user, now=now)
    return accepted


@transaction.atomic
def employee_dismiss(*, actor: Actor, account_id: int, membership_id: int, now: dt.datetime) -> None:
    """Delete an employee: the place, the log-in, every session; or the invitation that was not followed yet.

    Raises what `employee_remove` raises.
    """
    place = employee_remove(actor=actor, account_id=account_id, membership_id=membership_id, now=now)
    if place.user is None:
        links_revoke(email=place.email, now=now, purposes=(LinkPurpose.INVITATION,))
        return
    user_remove(
        user=place.user,
        by=actor.user,
        now=now,
        reason=actor.reason,
        address=actor.address,
        account=Account.objects.get(pk=account_id),
    )


@transaction.atomic
def partner_user_invite(
    *, actor: Actor, partner_id: int, email: str, full_name: str, now: dt.datetime
) -> PartnerUser:
    """Staff: add a person of a partner and send him a link to set his password.

    Raises what `partner_user_add` raises; PersonTaken if the e-mail has a log-in.
    """
    person = partner_user_add(actor=actor, partner_id=partner_id, email=email, full_name=full_name, now=now)
    try:
        user = user_add(email=person.email, password=None, full_name=person.full_name)
    except EmailTaken as error:
        raise PersonTaken("С этим адресом уже входят в другой кабинет") from error
    _partner_letter(person, user, now)
    return partner_user_confirm(partner_user_id=person.pk, user=user, now=now)


@transaction.atomic
def partner_user_invite_again(*, actor: Actor, partner_user_id: int, now: dt.datetime) -> PartnerUser:
    """Staff: send the letter anew to a person of a partner who has not set a password; earlier links are void.

    Raises: EmployeeNotFound, EmployeeThere if the password is set, TooOften.
    """
    person = (
        PartnerUser.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner", "user")
        .filter(pk=partner_user_id, removed_at__isnull=True, partner__closed_at__isnull=True)
        .first()
    )
    if person is None or person.user is None:
        raise EmployeeNotFound("Такого сотрудника нет", partner_user_id=partner_user_id)
    password_set_allow(email=person.email, now=now)
    person_lock(person.user.email)
    person.user.refresh_from_db()
    if person.user.has_usable_password():
        raise EmployeeThere("Сотрудник уже задал пароль и может входить")
    links_revoke(email=person.email, user=person.user, now=now, purposes=(LinkPurpose.PASSWORD_SET,))
    _partner_letter(person, person.user, now)
    deed_record(
        actor,
        "orgs.partner_user_invited_again",
        now=now,
        object_kind="partner",
        object_id=person.partner_id,
        facts={"partner_user_id": person.pk},
    )
    return person


@transaction.atomic
def partner_user_dismiss(*, actor: Actor, partner_user_id: int, now: dt.datetime) -> None:
    """Delete a person of a partner with his log-in. Raises: EmployeeNotFound."""
    person = partner_user_remove(actor=actor, partner_user_id=partner_user_id, now=now)
    if person.user is not None:
        user_remove(user=person.user, by=actor.user, now=now, address=actor.address)


def _partner_letter(person: PartnerUser, user: User, now: dt.datetime) -> None:
    _link, url = link_make(purpose=LinkPurpose.PASSWORD_SET, email=person.email, user=user, now=now)
    letter_send(
        template="employee_invitation",
        recipient=person.email,
        context={
            "name": person.full_name,
            "account": person.partner.name,
            "hours": LINK_HOURS[LinkPurpose.PASSWORD_SET],
        },
        secrets={"link": url},
        now=now,
    )


def _letter(actor: Actor, place: Membership, now: dt.datetime) -> None:
    names = names_of(place.full_name)
    first = Organisation.objects.filter(account_id=place.account_id).order_by("id").first()
    invitation_send(
        email=place.email,
        last_name=names.last_name,
        first_name=names.first_name,
        middle_name=names.middle_name,
        phone=place.phone,
        account=place.account,
        account_shown=str(place.account) if first is None else first.name,
        by=actor.user,
        now=now,
        address=actor.address,
    )
