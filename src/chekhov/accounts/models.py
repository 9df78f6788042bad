"""A person with a log-in: a customer's, or a member of the operator's staff."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.accounts.models_entry import (
    AskCount,
    AskKind,
    Consent,
    ConsentText,
    EmailLink,
    GuardKind,
    Invitation,
    LinkPurpose,
    LogInGuard,
    RecoveryRequest,
    Registration,
    Session,
)

__all__ = [
    "Account",
    "AskCount",
    "AskKind",
    "Consent",
    "ConsentText",
    "EmailLink",
    "GuardKind",
    "Invitation",
    "LinkPurpose",
    "LogInGuard",
    "RecoveryRequest",
    "Registration",
    "Session",
    "StaffRole",
    "User",
    "UserRows",
]


class StaffRole(models.TextChoices):
    """What a member of the operator's staff does; empty for a customer."""

    NONE = "", _("не сотрудник")
    MANAGER = "manager", _("Менеджер")
    ACCOUNTANT = "accountant", _("Бухгалтер")
    ENGINEER = "engineer", _("Инженер")
    ADMINISTRATOR = "administrator", _("Администратор")


class UserRows(BaseUserManager["User"]):
    """Finding people by e-mail, whatever the letter case."""

    def by_email(self, email: str) -> models.QuerySet[User]:
        """The person with this e-mail, letter case and spaces around aside; asks the unique index."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=Lower(models.Value(email.strip())))

    def get_by_natural_key(self, username: str | None) -> User:
        """The person who logs in with this e-mail. Raises: User.DoesNotExist."""
        return self.by_email(username or "").get()

    async def aget_by_natural_key(self, username: str | None) -> User:
        """The same, for asynchronous callers."""
        return await self.by_email(username or "").aget()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a new person; without a password nobody can log in as him."""
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a new administrator of the operator."""
        fields.setdefault("staff_role", StaffRole.ADMINISTRATOR)
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in with an e-mail and a password."""

    email = models.EmailField(_("Электронная почта"), max_length=254, unique=True)
    full_name = models.CharField(_("Фамилия, имя, отчество"), max_length=200, blank=True, default="")
    last_name = models.CharField(_("Фамилия"), max_length=64, blank=True, default="")
    first_name = models.CharField(_("Имя"), max_length=64, blank=True, default="")
    middle_name = models.CharField(_("Отчество"), max_length=64, blank=True, default="")
    phone = models.CharField(_("Номер телефона"), max_length=16, blank=True, default="")
    staff_role = models.CharField(
        _("Роль сотрудника"), max_length=16, choices=StaffRole, default=StaffRole.NONE, blank=True
    )
    is_active = models.BooleanField(_("Может входить"), default=True)
    must_change_password = models.BooleanField(_("Должен сменить пароль"), default=False)
    password_changed_at = models.DateTimeField(_("Пароль изменён"), null=True, blank=True, editable=False)
    email_confirmed_at = models.DateTimeField(_("Почта подтверждена"), null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(_("Удалён"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("Создан"), default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserRows] = UserRows()

    class Meta:
        """Words and constraints."""

        verbose_name = _("учётная запись")
        verbose_name_plural = _("учётные записи")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            models.CheckConstraint(
                condition=models.Q(staff_role__in=StaffRole.values), name="accounts_user_staff_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(phone__regex=r"^(\+7[0-9]{10})?$"), name="accounts_user_phone_form"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) | models.Q(is_active=False),
                name="accounts_user_removed_cannot_enter",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the operator."""
        return bool(self.staff_role)

    @property
    def is_settled(self) -> bool:
        """Whether the e-mail is this person's for good: a password was given, or staff decided about him.

        Not so for an invited employee who has not confirmed yet, and for a removed one.
        """
        return self.removed_at is None and (self.has_usable_password() or self.is_staff or not self.is_active)

    @property
    def short_name(self) -> str:
        """«Фамилия И. О.», or the e-mail while no name is known."""
        words = self.full_name.split()
        if not words:
            return self.email
        return " ".join([words[0], *(f"{word[0]}." for word in words[1:])])

    @property
    def bar_name(self) -> str:
        """«Имя Ф.» for the top bar, or the e-mail while no name is known."""
        if self.first_name and self.last_name:
            return f"{self.first_name} {self.last_name[0]}."
        return self.short_name

    def get_full_name(self) -> str:
        """The name as written, or the e-mail."""
        return self.full_name or self.email

    def get_short_name(self) -> str:
        """What the top bar shows."""
        return self.short_name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """An e-mail is kept as written but for the spaces around it."""
        return super().normalize_username(username).strip()

    def clean(self) -> Self | None:  # type: ignore[override]
        """Bring the e-mail to its stored form before validation."""
        self.email = (self.email or "").strip()
        return None


class Account(models.Model):
    """A customer's cabinet («личный кабинет»): one owner's world, with several companies and employees.

    Who may enter it and what he may do there is `orgs.Membership`. Data of two accounts never mix.
    """

    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="accounts_opened", verbose_name=_("Кто открыл")
    )
    manager = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts_managed",
        verbose_name=_("Ответственный менеджер"),
    )
    created_at = models.DateTimeField(_("Открыт"), default=clock.now, editable=False)

    class Meta:
        """Words."""

        verbose_name = _("личный кабинет")
        verbose_name_plural = _("личные кабинеты")

    def __str__(self) -> str:
        return f"№ {self.pk}"
