"""From a person and a number to a register, or NotFound: the only way for pages."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from chekhov.accounts.models import User
from chekhov.kkt.errors import KktNotFound
from chekhov.kkt.models import Kkt


def kkt_for_user(*, user: User | AnonymousUser, kkt_id: int) -> Kkt:
    """The register, if this person may see it: today the operator's staff only.

    Raises: KktNotFound; a stranger does not learn whether the register is there.
    """
    if isinstance(user, User) and user.is_active and user.is_staff:
        kkt = Kkt.objects.select_related("organisation").filter(id=kkt_id).first()
        if kkt is not None:
            return kkt
    raise KktNotFound("Такой кассы нет", kkt_id=kkt_id)
