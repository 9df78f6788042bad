"""A register («ККТ») a customer uses, and what registration reports told about registers.

`Kkt` is what people entered. `Registration` is derived from the journal of fiscal documents: a row per report
of registration, re-registration or close of the drive, written by the projector only and rebuildable from the
journal. The two meet by the registration number (РНМ), so a register that is entered later finds all that
came before.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.db.fields import LocalTimestampField
from chekhov.orgs.models import Organisation


class Kkt(models.Model):
    """A register in somebody's cabinet."""

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("Организация"), on_delete=models.PROTECT, related_name="kkts"
    )
    name = models.CharField(_("Название"), max_length=128)
    rnm = models.CharField(
        _("Регистрационный номер"), max_length=16, db_collation="C", null=True, blank=True, unique=True
    )
    serial = models.CharField(_("Заводской номер"), max_length=20, db_collation="C", blank=True, default="")
    model = models.CharField(_("Модель"), max_length=128, blank=True, default="")
    created_at = models.DateTimeField(_("Добавлена"), default=clock.now, editable=False)

    class Meta:
        """Words, table and constraints."""

        verbose_name = _("касса")
        verbose_name_plural = _("кассы")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(rnm__regex=r"^[0-9]{16}$"), name="kkt_kkt_rnm_digits"),
            models.CheckConstraint(condition=~models.Q(name=""), name="kkt_kkt_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Registration(models.Model):
    """What one report of registration, re-registration or close of the drive says. Derived.

    Texts are as the report has them, without the spaces that fill fixed fields. `registered_at` is the
    register's local clock, without a zone. `modes` holds numbers of tags that are set (1001, 1056, …);
    `tax_systems` and `reasons` are bit masks as in tags 1062 and 1205, `reason` the number of tag 1101.
    """

    pk = models.CompositePrimaryKey("fn", "fd")
    fn = models.TextField(db_collation="C")
    fd = models.BigIntegerField()
    code = models.SmallIntegerField()
    rnm = models.TextField(null=True, db_collation="C")
    inn = models.TextField(null=True, db_collation="C")
    user_name = models.TextField(null=True)
    model = models.TextField(null=True)
    serial = models.TextField(null=True, db_collation="C")
    address = models.TextField(null=True)
    place = models.TextField(null=True)
    modes = models.JSONField(default=list)
    tax_systems = models.IntegerField(null=True)
    ffd = models.SmallIntegerField(null=True)
    ofd_inn = models.TextField(null=True, db_collation="C")
    ofd_name = models.TextField(null=True)
    registered_at = LocalTimestampField(null=True)
    reason = models.IntegerField(null=True)
    reasons = models.BigIntegerField(null=True)

    class Meta:
        """Words, table and constraints."""

        db_table = "kkt_registration"
        verbose_name = _("регистрация")
        verbose_name_plural = _("регистрации")
        indexes = (models.Index(fields=["rnm", "fn", "fd"], name="kkt_registration_rnm"),)

    def __str__(self) -> str:
        return f"ФН {self.fn} ФД {self.fd}"
