"""Contracts with customers, the offer they joined, and applications upon them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chekhov.accounts.models import User
from chekhov.orgs.models import Organisation


class OfferVersion(models.Model):
    """A version of the contract-offer. Published once, never changed; a trigger sees to that.

    `text`: see `papers.offer.offer_blocks`.
    """

    number = models.PositiveIntegerField(_("Редакция"), unique=True)
    title = models.CharField(_("Название"), max_length=200)
    text = models.TextField(_("Текст"))
    published_at = models.DateTimeField(_("Опубликована"))
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Кем")
    )

    class Meta:
        """Words and constraints."""

        verbose_name = _("редакция оферты")
        verbose_name_plural = _("редакции оферты")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="contracts_offer_text_given"),
        ]

    def __str__(self) -> str:
        return f"редакция {self.number}"


class ContractState(models.TextChoices):
    """How a contract stands."""

    ACTIVE = "active", _("Заключен")
    TERMINATED = "terminated", _("Расторгнут")


class ActsTerm(models.TextChoices):
    """When acts are formed by the contract."""

    PER_ORDER = "per_order", _("По каждому заказу")
    MONTHLY = "monthly", _("Ежемесячно")


class Contract(models.Model):
    """A contract with one organisation. A terminated one stays, with all its data.

    Days are the operator's. `ends_on`: the last day of service; given with the termination.
    """

    number = models.PositiveIntegerField(_("Номер"), unique=True)
    signed_on = models.DateField(_("Дата договора"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("Организация")
    )
    offer = models.ForeignKey(OfferVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("Статус"), max_length=16, choices=ContractState, default=ContractState.ACTIVE)
    acts_term = models.CharField(_("Акты"), max_length=16, choices=ActsTerm, default=ActsTerm.PER_ORDER)
    starts_on = models.DateField(_("Начало обслуживания"))
    ends_on = models.DateField(_("Окончание обслуживания"), null=True, blank=True)
    terminated_at = models.DateTimeField(_("Расторгнут"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"))

    class Meta:
        """Words and constraints."""

        verbose_name = _("договор")
        verbose_name_plural = _("договоры")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # An organisation is one ИНН + КПП of one cabinet, so this is the rule of one active contract.
            models.UniqueConstraint(
                fields=["organisation"], name="contracts_contract_one_active",
                condition=models.Q(state=ContractState.ACTIVE),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ContractState.ACTIVE, ends_on__isnull=True, terminated_at__isnull=True)
                | models.Q(state=ContractState.TERMINATED, ends_on__isnull=False, terminated_at__isnull=False),
                name="contracts_contract_end_with_termination",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contracts_contract_ends_after_start",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number} от {self.signed_on:%d.%m.%Y}"

    def served_on(self, day: dt.date) -> bool:
        """Whether registers are served under this contract on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Acceptance(models.Model):
    """Who accepted which version of the offer, when and from where. A fact: never changed.

    `requisites`: what the customer confirmed, as `orgs.Requisites`; `operator`: the operator of that day, as
    `papers.Party`. So the contract's text can be set again as it was.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="acceptance")
    offer = models.ForeignKey(OfferVersion, on_delete=models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(_("Кто"), max_length=254)
    accepted_at = models.DateTimeField(_("Когда"))
    address = models.GenericIPAddressField(_("Откуда"), null=True, blank=True)
    device = models.CharField(_("Устройство"), max_length=300, blank=True, default="")
    requisites = models.JSONField(_("Реквизиты"), default=dict)
    operator = models.JSONField(_("Оператор"), default=dict)

    class Meta:
        """Words."""

        verbose_name = _("акцепт")
        verbose_name_plural = _("акцепты")

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.offer_id}"


class ApplicationKind(models.TextChoices):
    """What is asked for."""

    REQUISITES = "requisites", _("Изменение реквизитов")
    TERMINATION = "termination", _("Расторжение договора")
    STOP_SERVICE = "stop_service", _("Прекращение обслуживания ККТ")


class ApplicationState(models.TextChoices):
    """How an application stands; the ways between them are in `transitions`."""

    DRAFT = "draft", _("Черновик")
    PAPER_AWAITED = "paper_awaited", _("Ожидается оригинал заявления")
    SENT = "sent", _("На рассмотрении")
    APPROVED = "approved", _("Одобрена")
    REFUSED = "refused", _("Отказано")
    WITHDRAWN = "withdrawn", _("Отозвана")


OPEN_STATES = (ApplicationState.DRAFT, ApplicationState.PAPER_AWAITED, ApplicationState.SENT)


class SigningMethod(models.TextChoices):
    """How an application is signed."""

    NONE = "", _("Не требуется")
    ELECTRONIC = "electronic", _("ЭЦП")
    PAPER = "paper", _("Бумажное заявление")


class Application(models.Model):
    """A customer's application upon a contract, decided by a manager.

    `old` and `new`: requisites before and as asked for, for a change of them. `organisation_version`: the one
    the change was made from. `kkt_id` and `register`: the register that shall not be served any more and what was
    known of it that day, as `registers.RegisterFacts`. `version` grows with every deed upon the application.
    """

    kind = models.CharField(_("Вид"), max_length=16, choices=ApplicationKind)
    state = models.CharField(_("Состояние"), max_length=16, choices=ApplicationState)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="applications")
    method = models.CharField(
        _("Способ подписания"), max_length=16, choices=SigningMethod, blank=True, default=""
    )
    old = models.JSONField(default=dict, blank=True)
    new = models.JSONField(default=dict, blank=True)
    organisation_version = models.PositiveIntegerField(default=0)
    kkt_id = models.BigIntegerField(_("Касса"), null=True, blank=True)
    register = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("Создана"))
    sent_at = models.DateTimeField(_("Отправлена"), null=True, blank=True)
    paper_arrived_on = models.DateField(_("Оригинал получен"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("Рассмотрена"), null=True, blank=True)
    reason = models.CharField(_("Причина"), max_length=2000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Words, the work list's index, constraints."""

        verbose_name = _("заявка")
        verbose_name_plural = _("заявки")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["state", "sent_at", "id"], name="contracts_application_work",
                condition=models.Q(state__in=[ApplicationState.PAPER_AWAITED, ApplicationState.SENT]),
            ),
            models.Index(
                fields=["kkt_id", "id"], name="contracts_application_kkt",
                condition=models.Q(kkt_id__isnull=False),
            ),
        ]  # fmt: skip
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "kind"], name="contracts_application_one_open",
                condition=models.Q(state__in=OPEN_STATES, kkt_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["kkt_id"], name="contracts_application_one_open_for_register",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ApplicationKind.STOP_SERVICE, kkt_id__isnull=False)
                | ~models.Q(kind=ApplicationKind.STOP_SERVICE) & models.Q(kkt_id__isnull=True),
                name="contracts_application_of_register",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ApplicationKind.values, state__in=ApplicationState.values),
                name="contracts_application_words_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[ApplicationState.APPROVED, ApplicationState.REFUSED],
                    decided_at__isnull=False, decided_by__isnull=False,
                )
                | models.Q(
                    state__in=[*OPEN_STATES, ApplicationState.WITHDRAWN],
                    decided_at__isnull=True, decided_by__isnull=True,
                ),
                name="contracts_application_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ApplicationState.REFUSED) | ~models.Q(reason=""),
                name="contracts_application_refused_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"заявка № {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen with it."""
        return self.state in OPEN_STATES


class ApplicationStep(models.Model):
    """A step in an application's history. A fact: never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("Когда"))
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_staff = models.BooleanField(_("Сотрудник оператора"))
    state_before = models.CharField(max_length=16, blank=True)
    state_after = models.CharField(max_length=16)
    note = models.CharField(_("Примечание"), max_length=2000, blank=True, default="")

    class Meta:
        """Words."""

        verbose_name = _("шаг заявки")
        verbose_name_plural = _("шаги заявок")
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state_before} → {self.state_after}"
