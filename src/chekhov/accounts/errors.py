"""What can go wrong with accounts. Messages are shown to people."""

from __future__ import annotations

import datetime as dt

from chekhov.errors import AccessDenied, Conflict, Malformed, NotFound, RuleBroken


class EmailTaken(Conflict):
    """Another account has this e-mail, letter case aside."""

    code = "email_taken"


class BadEmail(Malformed):
    """The text is not an e-mail address."""

    code = "bad_email"


class BadFullName(Malformed):
    """The name is missing, too long, or has characters that cannot be printed."""

    code = "bad_full_name"


class BadPhone(Malformed):
    """The text is not a Russian telephone number."""

    code = "bad_phone"


class ConsentMissing(RuleBroken):
    """Without consent to the processing of personal data there is no registration."""

    code = "consent_missing"


class ConsentChanged(Conflict):
    """The text of the consent changed while the form was open."""

    code = "consent_changed"


class BadConsentText(Malformed):
    """The text of a consent is empty, too long, or names something that is not filled in."""

    code = "bad_consent_text"


class ConsentMoved(Conflict):
    """Another version of the consent was published since its editor began."""

    code = "consent_moved"


class ConsentTextNotFound(NotFound):
    """There is no such version of the consent."""

    code = "consent_text_not_found"


class LinkUnknown(NotFound):
    """There is no such link."""

    code = "link_unknown"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Такой ссылки нет. Проверьте, что адрес скопирован целиком.")


class LinkUsed(Conflict):
    """The link was followed already."""

    code = "link_used"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Ссылка уже использована. Она действует один раз.")


class LinkExpired(RuleBroken):
    """The link's time is over, or a newer deed made it void."""

    code = "link_expired"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Ссылка больше не действует. Запросите новое письмо.")


class TooOften(RuleBroken):
    """Letters to this address, or from this place of the net, were asked for too many times."""

    code = "too_often"

    def __init__(self) -> None:
        """One message, whether the address is known or not."""
        super().__init__("Слишком много запросов. Проверьте почту и повторите через час.")


class AskedTooOften(RuleBroken):
    """Something open to everybody was asked too many times from this place of the net."""

    code = "asked_too_often"

    def __init__(self) -> None:
        """One message, whatever the answer would have been."""
        super().__init__("Слишком много запросов. Повторите через десять минут")


class LogInRefused(AccessDenied):
    """The e-mail or the password does not suit; which of them is not told."""

    code = "log_in_refused"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Почта или пароль не подходят. Проверьте раскладку и клавишу Caps Lock.")


class LogInLocked(AccessDenied):
    """Too many failures; the right password does not help before the moment `until`."""

    code = "log_in_locked"

    def __init__(self, until: dt.datetime, *, minutes: int) -> None:
        """`minutes`: how long to wait, rounded up."""
        super().__init__(
            f"Слишком много неудачных попыток входа. Повторите через {minutes} мин.", until=until
        )


class WrongPassword(RuleBroken):
    """The old password does not suit."""

    code = "wrong_password"


class WeakPassword(RuleBroken):
    """The new password breaks a rule; the message says which."""

    code = "weak_password"


class SessionNotFound(NotFound):
    """There is no such session of this person."""

    code = "session_not_found"


class GuardNotFound(NotFound):
    """There is no such guard of the log-in."""

    code = "guard_not_found"


class StaffOnly(AccessDenied):
    """Only some of the operator's staff may do this."""

    code = "staff_only"


class NoteMissing(RuleBroken):
    """A member of staff must say upon what he acted."""

    code = "note_missing"


class UserRemoved(Conflict):
    """The person's account was removed already."""

    code = "user_removed"


class SandboxOnly(RuleBroken):
    """Log-ins with a published password are for a sandbox."""

    code = "sandbox_only"
