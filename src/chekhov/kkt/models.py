"""A register («ККТ») a customer uses, groups of registers, and what documents told about registers.

`Kkt` and `Group` are what people entered. `Registration` and `Standing` are derived from the journal of fiscal
documents: written by the projector only and rebuildable from the journal. They meet `Kkt` by the registration
number (РНМ), so a register that is entered later finds all that came before.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, Collate, Concat, Left, Lower
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.accounts.models import Account, User
from chekhov.db.fields import LocalTimestampField
from chekhov.orgs.models import Organisation


def searched(*columns: str) -> models.GeneratedField:
    """What the search looks through, a line a column, in small letters: making them small is most of its work.

    Words come first, numbers in the lines after them (`selectors_search`). Of each column as much as an index can
    hold of all together: what comes from a register may be longer than it should.
    """
    text: models.TextField[str, str] = models.TextField()
    parts: list[models.Expression] = []
    for column in columns:
        parts += [
            Coalesce(Left(column, 256), models.Value(""), output_field=text),
            models.Value("\n", output_field=text),
        ]
    # The columns are of two collations; small letters are made by the database's own.
    return models.GeneratedField(
        expression=Lower(Collate(Concat(*parts, output_field=text), "default")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


class ApplicationKind(models.TextChoices):
    """Which application went to the tax service: it tells which report is awaited."""

    REGISTRATION = "registration", _("Регистрация ККТ")
    REREGISTRATION = "reregistration", _("Перерегистрация ККТ")


class Group(models.Model):
    """A group of registers of a cabinet. Groups form a tree of any depth; without `parent` it is at the root.

    `code` is free text, unique in the cabinet if given. `icon` is one of `icons.ICONS`.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="kkt_groups")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Родительская группа"),
    )  # fmt: skip
    name = models.CharField(_("Название группы"), max_length=128)
    code = models.CharField(_("Код"), max_length=20, blank=True, default="")
    icon = models.CharField(_("Иконка"), max_length=32, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Добавлена"), default=clock.now, editable=False)

    class Meta:
        """Words and constraints."""

        verbose_name = _("группа ККТ")
        verbose_name_plural = _("группы ККТ")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="kkt_group_name_given"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="kkt_group_not_its_own_parent",
            ),
            models.UniqueConstraint(
                "account", Lower("code"), name="kkt_group_code_once", condition=~models.Q(code="")
            ),
            models.UniqueConstraint(
                "account", "parent", Lower("name"), name="kkt_group_name_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Kkt(models.Model):
    """A register in somebody's cabinet.

    `serial`, `drive_serial` and `model` are what people entered, if they did; what the register itself reported
    stands in `Standing`. `tariff` is a code of `tariffs.TARIFFS`, served until `served_until` (that moment not
    included); `tariff_next` is activated after it if `renewal` is ticked. Empty `tariff`: entered by staff, served
    without end. `stopped_at`: taken out of service for good.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("Организация"), on_delete=models.PROTECT, related_name="kkts"
    )
    group = models.ForeignKey(
        Group, verbose_name=_("Группа"), on_delete=models.PROTECT, null=True, blank=True, related_name="kkts"
    )
    name = models.CharField(_("Название"), max_length=128)
    rnm = models.CharField(
        _("Регистрационный номер"), max_length=16, db_collation="C", null=True, blank=True, unique=True
    )
    serial = models.CharField(_("Заводской номер"), max_length=20, db_collation="C", blank=True, default="")
    drive_serial = models.CharField(_("Номер ФН"), max_length=16, db_collation="C", blank=True, default="")
    model = models.CharField(_("Модель"), max_length=128, blank=True, default="")
    application_kind = models.CharField(
        _("Вид заявления"), max_length=16, choices=ApplicationKind, default=ApplicationKind.REGISTRATION
    )
    tariff = models.CharField(_("Тариф"), max_length=32, blank=True, default="")
    served_until = models.DateTimeField(_("Обслуживается до"), null=True, blank=True)
    tariff_next = models.CharField(_("Следующий тариф"), max_length=32, blank=True, default="")
    renewal = models.BooleanField(_("Автоматическое продление тарифа"), default=False)
    stopped_at = models.DateTimeField(_("Обслуживание прекращено"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Добавлена"), default=clock.now, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    inn = models.TextField(db_collation="C", default="", editable=False)
    told_fn = models.TextField(null=True, db_collation="C", editable=False)
    told_elsewhere = models.BooleanField(default=False, editable=False)
    told_closed = models.BooleanField(default=False, editable=False)
    told_registered_at = LocalTimestampField(null=True, editable=False)
    told_reregistered_at = LocalTimestampField(null=True, editable=False)
    told_model = models.TextField(null=True, editable=False)
    told_serial = models.TextField(null=True, db_collation="C", editable=False)
    told_address = models.TextField(null=True, editable=False)
    told_drive_until = models.DateField(null=True, editable=False)
    search = searched("name", "told_address", "rnm", "serial", "drive_serial", "told_serial", "told_fn")

    class Meta:
        """Words, table and constraints."""

        verbose_name = _("касса")
        verbose_name_plural = _("кассы")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "name", "id"], name="kkt_kkt_by_name"),
            # With what the search looks through: it needs no more, and stops when a page is full.
            models.Index(fields=["account", "name", "id"], include=["search"], name="kkt_kkt_of_account"),
            # A part of the text: what comes from a register may be longer than an index can hold.
            models.Index("account", Left("told_address", 200), "id", name="kkt_kkt_by_address"),
            models.Index(fields=["account", "told_drive_until", "id"], name="kkt_kkt_by_drive"),
            models.Index(fields=["served_until"], name="kkt_kkt_served_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(rnm__regex=r"^[0-9]{16}$"), name="kkt_kkt_rnm_digits"),
            models.CheckConstraint(condition=~models.Q(name=""), name="kkt_kkt_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """How a register stands by all its documents, in whatever order they came. Derived; a row per РНМ and ИНН.

    The ИНН is part of the key, so that what somebody else's register says under a РНМ never reaches its owner, nor
    his documents him who entered a РНМ that is not his.

    Four facts, each told by the latest document that tells it (by the register's clock, then drive, then number):
    the registration (`fn` … `ofd_inn`, of the reports 1 and 11; `closed_at` of the report 6), the end of the
    drive's keys (tag 1213), the shift, and what waits unsent (tags 1097 and 1098). Moments `…_at` are the
    register's local clock without a zone, save `last_received_at`. `drive_marks` holds the tags among 1050–1053
    that the drive has set.
    """

    pk = models.CompositePrimaryKey("rnm", "inn")
    rnm = models.TextField(db_collation="C")
    inn = models.TextField(db_collation="C")
    fn = models.TextField(null=True, db_collation="C")
    registered_fd = models.BigIntegerField(null=True)
    registered_at = LocalTimestampField(null=True)
    registered_code = models.SmallIntegerField(null=True)
    reregistered_at = LocalTimestampField(null=True)
    user_name = models.TextField(null=True)
    model = models.TextField(null=True)
    serial = models.TextField(null=True, db_collation="C")
    address = models.TextField(null=True)
    place = models.TextField(null=True)
    ffd = models.SmallIntegerField(null=True)
    ofd_inn = models.TextField(null=True, db_collation="C")
    closed_fn = models.TextField(null=True, db_collation="C")
    closed_at = LocalTimestampField(null=True)
    keys_told_at = LocalTimestampField(null=True)
    keys_told_fn = models.TextField(null=True, db_collation="C")
    drive_until = models.DateField(null=True)
    shift_told_at = LocalTimestampField(null=True)
    shift_told_fn = models.TextField(null=True, db_collation="C")
    shift_told_fd = models.BigIntegerField(null=True)
    shift_number = models.IntegerField(null=True)
    shift_opened_at = LocalTimestampField(null=True)
    drive_marks = ArrayField(models.SmallIntegerField(), default=list)
    unsent_told_at = LocalTimestampField(null=True)
    unsent_told_fd = models.BigIntegerField(null=True)
    unsent = models.BigIntegerField(null=True)
    unsent_since_at = LocalTimestampField(null=True)
    documents = models.BigIntegerField(default=0)
    last_issued_at = LocalTimestampField(null=True)
    last_received_at = models.DateTimeField(null=True)

    class Meta:
        """Words and table."""

        db_table = "kkt_standing"
        verbose_name = _("состояние кассы")
        verbose_name_plural = _("состояния касс")
        # None upon moments: they change with every document, and every index would with them.
        indexes = (models.Index(fields=["inn", "rnm"], name="kkt_standing_inn"),)

    def __str__(self) -> str:
        return f"РНМ {self.rnm}"


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


class Batch(models.Model):
    """An uploaded table of registers to connect: a draft until «Применить», kept a day if left."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Черновик")
        RUNNING = "running", _("Подключаем")
        DONE = "done", _("Готово")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="kkt_batches")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    file_name = models.CharField(max_length=255, blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    applied_at = models.DateTimeField(null=True, blank=True)
    actor = models.JSONField(
        default=dict
    )  # in what capacity `created_by` acts: kind, partner, reason, address
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        """Words."""

        verbose_name = _("пакет касс")
        verbose_name_plural = _("пакеты касс")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.total})"


class BatchRow(models.Model):
    """A row of an uploaded table: the cells as read, what is wrong with them, the register it became."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    rnm = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=256, blank=True, default="")
    serial = models.CharField(max_length=64, blank=True, default="")
    drive_serial = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=16, choices=ApplicationKind, blank=True, default="")
    errors = models.JSONField(default=list)  # texts in Russian; empty: it can be connected
    kkt = models.ForeignKey(Kkt, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    done = models.BooleanField(default=False)

    class Meta:
        """Words and the order of the file."""

        verbose_name = _("строка пакета")
        verbose_name_plural = _("строки пакета")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "number"], name="kkt_batchrow_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["batch", "number"], name="kkt_batchrow_waits", condition=models.Q(done=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.rnm}"


class RuleKind(models.TextChoices):
    """By what a rule of distribution knows a register."""

    ORGANISATION = "organisation", _("Компания")
    REGION = "region", _("Регион")
    NAME = "name", _("Название")
    ADDRESS = "address", _("Адрес")
    TARIFF = "tariff", _("Тариф")


class DistributionRule(models.Model):
    """A rule of «Распределить ККТ автоматически»: registers of such a kind go into this group.

    The first rule by `place` (from 1) that fits decides. `value`: the organisation's number, a region's name of
    `regions`, a mask of `masks`, or a tariff's code.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(_("Порядок"))
    kind = models.CharField(_("Признак"), max_length=16, choices=RuleKind)
    value = models.CharField(_("Значение"), max_length=128)
    group = models.ForeignKey(Group, verbose_name=_("Группа"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        """Words and the order."""

        verbose_name = _("правило распределения касс")
        verbose_name_plural = _("правила распределения касс")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "place"], name="kkt_distributionrule_place"),
            models.CheckConstraint(condition=~models.Q(value=""), name="kkt_distributionrule_value"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.get_kind_display()}: {self.value}"


class Digest(models.Model):
    """What a person wants of the daily letter «Что остановится и когда»; no row: the defaults."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    wanted = models.BooleanField(_("Присылать письмо"), default=True)
    silence_hours = models.PositiveSmallIntegerField(_("Считать молчанием, часов"), default=48)
    sent_on = models.DateField(_("Последнее письмо"), null=True, blank=True)

    class Meta:
        """Words and bounds."""

        verbose_name = _("ежедневная сводка")
        verbose_name_plural = _("ежедневные сводки")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(silence_hours__gte=1, silence_hours__lte=720), name="kkt_digest_silence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
