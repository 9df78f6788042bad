"""Letters to people. A row appears in the deed's transaction; the worker sends it afterwards."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """How a letter stands."""

    WAITING = "waiting", _("Ждёт отправки")
    SENDING = "sending", _("Отправляется")
    SENT = "sent", _("Отправлено")
    DEAD = "dead", _("Не отправлено")


class Letter(models.Model):
    """A letter of a registered kind. `context` holds no secrets: these are in `LetterSecret` until sent.

    `claim` names the one who is sending; his right lasts until `claimed_until`. `lost_claims` counts senders
    that died with the letter in their hands, when nobody knows whether it went.
    """

    template = models.CharField(_("Вид"), max_length=64)
    recipient = models.EmailField(_("Кому"), max_length=254)
    subject = models.CharField(_("Тема"), max_length=250)
    context = models.JSONField(_("Содержание"), default=dict, blank=True)
    account_id = models.BigIntegerField(_("Кабинет"), null=True, blank=True)
    state = models.CharField(_("Состояние"), max_length=8, choices=LetterState, default=LetterState.WAITING)
    attempts = models.PositiveIntegerField(_("Попыток"), default=0)
    lost_claims = models.PositiveIntegerField(_("Обрывов"), default=0)
    trouble = models.CharField(_("Что мешает"), max_length=300, blank=True, default="")
    message_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("Отправить не раньше"))
    created_at = models.DateTimeField(_("Создано"))
    sent_at = models.DateTimeField(_("Отправлено"), null=True, blank=True)

    class Meta:
        """Words, the queue's index, and what must hold."""

        verbose_name = _("письмо")
        verbose_name_plural = _("письма")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at", "id"],
                name="notify_letter_queue",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["state", "-id"], name="notify_letter_state"),
            models.Index(fields=["account_id", "-id"], name="notify_letter_account"),
            models.Index(Upper("recipient"), "created_at", name="notify_letter_recipient"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=LetterState.values), name="notify_letter_state_known"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="sending") & models.Q(claim__isnull=False, claimed_until__isnull=False)
                )
                | (~models.Q(state="sending") & models.Q(claim__isnull=True, claimed_until__isnull=True)),
                name="notify_letter_claimed_while_sending",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="notify_letter_sent_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"


class LetterSecret(models.Model):
    """What only the sending job may know (a link's token, a password): sealed, and removed when sent."""

    letter = models.OneToOneField(
        Letter, on_delete=models.CASCADE, primary_key=True, related_name="secret", verbose_name=_("Письмо")
    )
    sealed = models.BinaryField(_("Запечатано"))

    class Meta:
        """Words."""

        verbose_name = _("тайна письма")
        verbose_name_plural = _("тайны писем")

    def __str__(self) -> str:
        return f"secret of letter {self.letter_id}"
