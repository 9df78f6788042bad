"""Companies of a customer's cabinet, who works in it, and partners who are let in; the operator's own card."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.accounts.models import Account, User
from chekhov.orgs.sections import Role, Section, sections_of


class Organisation(models.Model):
    """A company (ИНН of 10 digits, with КПП) or a sole trader (12 digits, without).

    Without `account` it is nobody's cabinet yet: staff have entered it for its registers. An empty
    `postal_address`: letters go to the legal one. `source` and `source_at`: the directory that told the
    requisites, and when; empty if a person typed them. `version` grows with every change of requisites.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations",
        verbose_name=_("Кабинет"),
    )  # fmt: skip
    name = models.CharField(_("Название"), max_length=256)
    full_name = models.CharField(_("Полное наименование"), max_length=1000, blank=True, default="")
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True, default="")
    ogrn = models.CharField(_("ОГРН или ОГРНИП"), max_length=15, blank=True, default="")
    legal_address = models.CharField(_("Юридический адрес"), max_length=512, blank=True, default="")
    postal_address = models.CharField(_("Почтовый адрес"), max_length=512, blank=True, default="")
    head_surname = models.CharField(_("Фамилия руководителя"), max_length=64, blank=True, default="")
    head_name = models.CharField(_("Имя руководителя"), max_length=64, blank=True, default="")
    head_patronymic = models.CharField(_("Отчество руководителя"), max_length=64, blank=True, default="")
    head_position = models.CharField(_("Должность"), max_length=128, blank=True, default="")
    source = models.CharField(_("Источник данных"), max_length=16, blank=True, default="")
    source_at = models.DateTimeField(_("Данные на"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Добавлена"), default=clock.now, editable=False)

    class Meta:
        """Words and constraints."""

        verbose_name = _("организация")
        verbose_name_plural = _("организации")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "inn", "kpp"],
                name="orgs_organisation_once_in_account",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"), name="orgs_organisation_inn_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(kpp__regex=r"^([0-9]{4}[0-9A-Z]{2}[0-9]{3})?$"),
                name="orgs_organisation_kpp_form",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="orgs_organisation_name_given"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["inn"], name="orgs_organisation_inn")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sole_trader(self) -> bool:
        """Whether this is a person in business, not a company."""
        return len(self.inn) == 12

    @property
    def head_full_name(self) -> str:
        """«Фамилия Имя Отчество» of the head."""
        return " ".join(filter(None, (self.head_surname, self.head_name, self.head_patronymic)))

    @property
    def correspondence_address(self) -> str:
        """Where letters go."""
        return self.postal_address or self.legal_address


class Membership(models.Model):
    """An employee of a customer's cabinet. A row without `user` waits for the invited to confirm the e-mail.

    `sections` are those of the role «Пользователь»; other roles have theirs by `sections.ROLE_SECTIONS`.
    Names and telephone are what the cabinet knows of its employee; his own are in his `User`.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    email = models.EmailField(_("Электронная почта"), max_length=254)
    full_name = models.CharField(_("ФИО"), max_length=200)
    position = models.CharField(_("Должность"), max_length=128, blank=True, default="")
    phone = models.CharField(_("Телефон"), max_length=16, blank=True, default="")
    role = models.CharField(_("Роль"), max_length=16, choices=Role)
    sections = ArrayField(
        models.CharField(max_length=16, choices=Section), verbose_name=_("Разделы"), default=list, blank=True
    )
    all_groups = models.BooleanField(_("Все группы ККТ"), default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Добавлен"))
    confirmed_at = models.DateTimeField(_("Почта подтверждена"), null=True, blank=True)
    removed_at = models.DateTimeField(_("Удалён"), null=True, blank=True)

    class Meta:
        """Words and constraints."""

        verbose_name = _("сотрудник")
        verbose_name_plural = _("сотрудники")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "account", Lower("email"), name="orgs_membership_email_once",
                condition=models.Q(removed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user"], name="orgs_membership_of_one_account",
                condition=models.Q(removed_at__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="orgs_membership_role_known"),
            models.CheckConstraint(
                condition=models.Q(sections__contained_by=Section.values),
                name="orgs_membership_sections_known",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.USER) | models.Q(sections=[]),
                name="orgs_membership_sections_of_user",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER) | models.Q(all_groups=True),
                name="orgs_membership_owner_sees_all",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, confirmed_at__isnull=True)
                | models.Q(user__isnull=False, confirmed_at__isnull=False),
                name="orgs_membership_confirmed_is_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    @property
    def open_sections(self) -> frozenset[Section]:
        """The sections this employee may enter."""
        return sections_of(Role(self.role), self.sections)


class GroupAccess(models.Model):
    """A group of registers open to an employee who does not see all. The group's room stands above this one."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="group_accesses")
    group_id = models.BigIntegerField(_("Группа"), db_index=True)

    class Meta:
        """Once each."""

        verbose_name = _("доступ к группе")
        verbose_name_plural = _("доступ к группам")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["membership", "group_id"], name="orgs_groupaccess_once"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.group_id}"


class Partner(models.Model):
    """An organisation that serves customers' registers, with users and a cabinet of its own."""

    name = models.CharField(_("Название"), max_length=256)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True, default="")
    ogrn = models.CharField(_("ОГРН или ОГРНИП"), max_length=15, blank=True, default="")
    legal_address = models.CharField(_("Юридический адрес"), max_length=512, blank=True, default="")
    phone = models.CharField(_("Телефон"), max_length=16, blank=True, default="")
    email = models.EmailField(_("Электронная почта"), max_length=254, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Добавлен"))
    closed_at = models.DateTimeField(_("Закрыт"), null=True, blank=True)

    class Meta:
        """Words and constraints."""

        verbose_name = _("партнёр")
        verbose_name_plural = _("партнёры")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["inn", "kpp"], name="orgs_partner_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="orgs_partner_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerUser(models.Model):
    """A person of a partner; without `user` the e-mail is not confirmed yet."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(_("Электронная почта"), max_length=254)
    full_name = models.CharField(_("ФИО"), max_length=200)
    created_at = models.DateTimeField(_("Добавлен"))
    confirmed_at = models.DateTimeField(_("Почта подтверждена"), null=True, blank=True)
    removed_at = models.DateTimeField(_("Удалён"), null=True, blank=True)

    class Meta:
        """Words and constraints."""

        verbose_name = _("сотрудник партнёра")
        verbose_name_plural = _("сотрудники партнёра")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "partner", Lower("email"), name="orgs_partneruser_email_once",
                condition=models.Q(removed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user"], name="orgs_partneruser_of_one_partner",
                condition=models.Q(removed_at__isnull=True, user__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name


class PartnerAccess(models.Model):
    """«Партнерский доступ» to the registers of one organisation, for a time; a row per grant, kept for ever.

    It holds while `revoked_at` is empty and `until`, if given, has not come.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="accesses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partner_accesses")
    granted_at = models.DateTimeField(_("Открыт"))
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(_("До"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Закрыт"), null=True, blank=True)

    class Meta:
        """Words and constraints."""

        verbose_name = _("доступ партнёра")
        verbose_name_plural = _("доступ партнёров")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "organisation"], name="orgs_partneraccess_once",
                condition=models.Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("granted_at")),
                name="orgs_partneraccess_ends_later",
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-granted_at"], name="orgs_partneraccess_org"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} → {self.organisation_id}"


class OperatorCard(models.Model):
    """The operator's own requisites and addresses: one row at most. Without it the settings' name and ИНН."""

    only = models.BooleanField(primary_key=True, default=True)
    name = models.CharField(_("Название"), max_length=256)
    full_name = models.CharField(_("Полное наименование"), max_length=1000, blank=True, default="")
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True, default="")
    ogrn = models.CharField(_("ОГРН или ОГРНИП"), max_length=15, blank=True, default="")
    legal_address = models.CharField(_("Юридический адрес"), max_length=512, blank=True, default="")
    postal_address = models.CharField(_("Адрес для писем"), max_length=512, blank=True, default="")
    data_centre_address = models.CharField(_("Адрес дата-центра"), max_length=256, blank=True, default="")
    head = models.CharField(_("Руководитель"), max_length=200, blank=True, default="")
    head_position = models.CharField(_("Должность"), max_length=128, blank=True, default="")
    phone = models.CharField(_("Телефон"), max_length=32, blank=True, default="")
    email = models.EmailField(_("Электронная почта"), max_length=254, blank=True, default="")
    bank = models.CharField(_("Банк"), max_length=300, blank=True, default="")
    brand = models.CharField(_("Бренд"), max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("Изменено"))

    class Meta:
        """Words; one row at most."""

        verbose_name = _("оператор")
        verbose_name_plural = _("оператор")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(only=True), name="orgs_operatorcard_one"),
        ]

    def __str__(self) -> str:
        return self.name


class LookupCount(models.Model):
    """How often a person has asked the directory of companies within a minute."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    minute_at = models.DateTimeField()
    asked = models.PositiveIntegerField()

    class Meta:
        """Words."""

        verbose_name = _("запросы к справочнику")
        verbose_name_plural = _("запросы к справочнику")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.asked}"


class DirectoryEntry(models.Model):
    """A company of the list that the operator has imported.

    `card` holds the fields of `links.directory_reading.CompanyCard`. `as_of`: when the list was true.
    """

    inn = models.CharField(_("ИНН"), max_length=12, primary_key=True, db_collation="C")
    card = models.JSONField(_("Карточка"))
    as_of = models.DateTimeField(_("Данные на"))

    class Meta:
        """Words."""

        verbose_name = _("запись справочника")
        verbose_name_plural = _("справочник организаций")

    def __str__(self) -> str:
        return self.inn
