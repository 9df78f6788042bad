"""The journal of deeds: rows are added and never changed or removed; a trigger sees to that."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    """In what capacity somebody acted."""

    CUSTOMER = "customer", _("Клиент")
    STAFF = "staff", _("Оператор")
    PARTNER = "partner", _("Партнёр")
    SYSTEM = "system", _("Система")


class AuditEntry(models.Model):
    """One deed. Numbers of accounts, organisations and partners are plain: their rooms stand above this one.

    Names are copies, so that the entry stays readable whatever becomes of the rows.
    """

    at = models.DateTimeField(_("Когда"))
    action = models.CharField(_("Действие"), max_length=64)
    actor_kind = models.CharField(_("Кто действовал"), max_length=8, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Пользователь"),
    )
    actor_name = models.CharField(_("Имя"), max_length=254, blank=True, default="")
    account_id = models.BigIntegerField(_("Кабинет, чей журнал это показывает"), null=True, blank=True)
    organisation_id = models.BigIntegerField(_("Организация"), null=True, blank=True)
    on_behalf_id = models.BigIntegerField(_("От имени организации"), null=True, blank=True)
    on_behalf_name = models.CharField(_("От имени"), max_length=256, blank=True, default="")
    partner_id = models.BigIntegerField(_("Номер партнёра"), null=True, blank=True)
    partner_name = models.CharField(_("Партнёр"), max_length=256, blank=True, default="")
    object_kind = models.CharField(_("Вид объекта"), max_length=64)
    object_id = models.CharField(_("Номер объекта"), max_length=64)
    reason = models.CharField(_("Основание"), max_length=2000, blank=True, default="")
    facts = models.JSONField(_("Обстоятельства"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("Адрес в сети"), null=True, blank=True)

    class Meta:
        """Words, indexes for the two journals, and what must hold whatever the code does."""

        verbose_name = _("запись журнала")
        verbose_name_plural = _("журнал действий")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account_id", "-id"], name="audit_entry_account"),
            models.Index(fields=["organisation_id", "-id"], name="audit_entry_organisation"),
            models.Index(fields=["object_kind", "object_id", "-id"], name="audit_entry_object"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=ActorKind.values), name="audit_entry_actor_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(actor_kind=ActorKind.SYSTEM, actor__isnull=True)
                | ~models.Q(actor_kind=ActorKind.SYSTEM),
                name="audit_entry_system_is_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_id__isnull=True) | ~models.Q(reason=""),
                name="audit_entry_on_behalf_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_id}"
