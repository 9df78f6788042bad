"""Rows of the way in: links in letters, registrations, invitations, consents, guards of the log-in, sessions.

Taken in by `models`, from where everybody imports them.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkPurpose(models.TextChoices):
    """What following a link does."""

    REGISTRATION = "registration", _("Подтверждение регистрации")
    INVITATION = "invitation", _("Приглашение сотрудника")
    RECOVERY = "recovery", _("Восстановление пароля")
    PASSWORD_SET = "password_set", _("Задание пароля")


class EmailLink(models.Model):
    """A one-time link sent in a letter. Only the hash of its token is kept; `email` is in small letters."""

    purpose = models.CharField(_("Назначение"), max_length=16, choices=LinkPurpose)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("Кому"), max_length=254)
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        null=True,
        related_name="email_links",
        verbose_name=_("Чья"),
    )
    created_at = models.DateTimeField(_("Создана"))
    expires_at = models.DateTimeField(_("Действует до"))
    used_at = models.DateTimeField(_("Использована"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Отменена"), null=True, blank=True)

    class Meta:
        """Words and constraints."""

        verbose_name = _("ссылка из письма")
        verbose_name_plural = _("ссылки из писем")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["email", "purpose", "created_at"], name="accounts_link_email"),
            models.Index(fields=["expires_at"], name="accounts_link_expires"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=LinkPurpose.values), name="accounts_link_purpose_known"
            ),
            models.CheckConstraint(
                condition=models.Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106
                name="accounts_link_token_is_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class ConsentText(models.Model):
    """A version of the text to which people consent. Added, never changed.

    `{operator}` and `{operator_inn}` in the text stand for the operator.
    """

    version = models.PositiveIntegerField(_("Версия"), unique=True)
    text = models.TextField(_("Текст"))
    published_at = models.DateTimeField(_("Опубликован"))
    published_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто опубликовал"),
    )

    class Meta:
        """Words."""

        verbose_name = _("текст согласия")
        verbose_name_plural = _("тексты согласий")

    def __str__(self) -> str:
        return f"версия {self.version}"


class Consent(models.Model):
    """Who consented to which text, when and from where. A fact: never changed."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="consents", verbose_name=_("Кто")
    )
    consent_text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("Текст")
    )
    operator_name = models.CharField(_("Оператор в тексте"), max_length=256)
    given_at = models.DateTimeField(_("Когда"))
    address = models.GenericIPAddressField(_("Адрес в сети"), null=True, blank=True)

    class Meta:
        """Words."""

        verbose_name = _("согласие")
        verbose_name_plural = _("согласия")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.consent_text_id}"


class Registration(models.Model):
    """What a person wrote into «Регистрация клиента ОФД», until and after the address is confirmed.

    There is a row for an address that is taken as well: who registers must not learn the difference.
    """

    link = models.OneToOneField(
        EmailLink, on_delete=models.CASCADE, related_name="registration", verbose_name=_("Ссылка")
    )
    email = models.EmailField(_("Электронная почта"), max_length=254)
    last_name = models.CharField(_("Фамилия"), max_length=64)
    first_name = models.CharField(_("Имя"), max_length=64)
    phone = models.CharField(_("Номер телефона"), max_length=16)
    consent_text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("Текст согласия")
    )
    operator_name = models.CharField(_("Оператор в тексте"), max_length=256)
    address = models.GenericIPAddressField(_("Адрес в сети"), null=True, blank=True)
    asked_at = models.DateTimeField(_("Когда"))
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("Кто получился"),
    )

    class Meta:
        """Words and the indexes of the limits."""

        verbose_name = _("регистрация")
        verbose_name_plural = _("регистрации")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address", "asked_at"], name="accounts_registration_address"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"


class Invitation(models.Model):
    """An employee called into a cabinet. Names are as the inviter wrote them."""

    link = models.OneToOneField(
        EmailLink, on_delete=models.CASCADE, related_name="invitation", verbose_name=_("Ссылка")
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="invitations", verbose_name=_("Кабинет")
    )
    invited_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("Кто пригласил")
    )
    last_name = models.CharField(_("Фамилия"), max_length=64)
    first_name = models.CharField(_("Имя"), max_length=64)
    middle_name = models.CharField(_("Отчество"), max_length=64, blank=True, default="")
    phone = models.CharField(_("Номер телефона"), max_length=16, blank=True, default="")
    invited_at = models.DateTimeField(_("Когда"))

    class Meta:
        """Words and the index of the limit."""

        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "invited_at"], name="accounts_invitation_account"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class RecoveryRequest(models.Model):
    """Somebody asked to recover the password of this address, known or not. The worker looks which it is.

    `email` is in small letters.
    """

    email = models.EmailField(_("Электронная почта"), max_length=254)
    address = models.GenericIPAddressField(_("Адрес в сети"), null=True, blank=True)
    asked_at = models.DateTimeField(_("Когда"))
    prepared_at = models.DateTimeField(_("Рассмотрено"), null=True, blank=True)

    class Meta:
        """Words, the queue, and the indexes of the limits."""

        verbose_name = _("просьба восстановить пароль")
        verbose_name_plural = _("просьбы восстановить пароль")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], name="accounts_recovery_queue", condition=models.Q(prepared_at__isnull=True)
            ),
            models.Index(fields=["email", "asked_at"], name="accounts_recovery_email"),
            models.Index(fields=["address", "asked_at"], name="accounts_recovery_address"),
        ]

    def __str__(self) -> str:
        return f"recovery {self.pk}"


class GuardKind(models.TextChoices):
    """By what failures of logging in are counted."""

    EMAIL = "email", _("Электронная почта")
    ADDRESS = "address", _("Адрес в сети")


class LogInGuard(models.Model):
    """Failures of logging in with one e-mail, known or not, or from one address of the net."""

    kind = models.CharField(_("По чему"), max_length=8, choices=GuardKind)
    key = models.CharField(_("Значение"), max_length=254)
    failures = models.PositiveIntegerField(_("Неудач"), default=0)
    window_started_at = models.DateTimeField(_("Считаются с"))
    locked_until = models.DateTimeField(_("Закрыто до"), null=True, blank=True)
    told = models.BooleanField(_("Письмо написано"), default=False)

    class Meta:
        """Words, one row per key."""

        verbose_name = _("страж входа")
        verbose_name_plural = _("стражи входа")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "key"], name="accounts_guard_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=GuardKind.values), name="accounts_guard_kind_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["locked_until"],
                name="accounts_guard_locked",
                condition=models.Q(locked_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"guard {self.pk}"


class AskKind(models.TextChoices):
    """What may be asked without a log-in, and is counted."""

    RECEIPT = "receipt", _("Проверка чека")


class AskCount(models.Model):
    """How often one place of the net has asked something since a moment. `place`: an address or a network."""

    kind = models.CharField(_("Что"), max_length=16, choices=AskKind)
    place = models.CharField(_("Откуда"), max_length=64)
    since = models.DateTimeField(_("Считается с"))
    asked = models.PositiveIntegerField(_("Раз"))

    class Meta:
        """Words, one row per place."""

        verbose_name = _("счётчик обращений")
        verbose_name_plural = _("счётчики обращений")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "place"], name="accounts_ask_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=AskKind.values), name="accounts_ask_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}: {self.asked}"


class Session(AbstractBaseSession):
    """A session of the web, with whose it is and where from, so that it can be listed and ended.

    Pages name a session by `handle`; its key never leaves the cookie.
    """

    user_id = models.BigIntegerField(_("Чей"), null=True, blank=True, db_index=True)
    handle = models.UUIDField(_("Номер"), null=True, blank=True, unique=True)
    opened_at = models.DateTimeField(_("Вход"), null=True, blank=True)
    seen_at = models.DateTimeField(_("Последнее обращение"), null=True, blank=True)
    address = models.GenericIPAddressField(_("Адрес в сети"), null=True, blank=True)
    device = models.CharField(_("Устройство"), max_length=300, blank=True, default="")

    class Meta(AbstractBaseSession.Meta):
        """Words."""

        verbose_name = _("сеанс")  # type: ignore[assignment]
        verbose_name_plural = _("сеансы")  # type: ignore[assignment]
