"""What can go wrong with contracts and applications."""

from __future__ import annotations

from chekhov.errors import Conflict, Malformed, NotFound, RuleBroken, Unavailable


class ContractNotFound(NotFound):
    """There is no such contract, or the asker may not see it."""

    code = "contract_not_found"


class ContractThere(Conflict):
    """The cabinet has an active contract for this ИНН and КПП already."""

    code = "contract_there"


class ContractEnded(RuleBroken):
    """The contract is terminated; nothing can be asked of it."""

    code = "contract_ended"


class OfferNotAccepted(RuleBroken):
    """The box of acceptance is not ticked."""

    code = "offer_not_accepted"


class OfferMoved(Conflict):
    """Another version of the offer was published since the page was shown; it has to be read anew."""

    code = "offer_moved"


class OfferNotFound(NotFound):
    """There is no such version of the offer."""

    code = "offer_not_found"


class BadOfferText(Malformed):
    """The text of the offer is empty, too long, or has characters that cannot be printed."""

    code = "bad_offer_text"


class CompanyLiquidated(RuleBroken):
    """The directory says the company is liquidated: no contract is made with it."""

    code = "company_liquidated"


class ApplicationNotFound(NotFound):
    """There is no such application, or the asker may not see it."""

    code = "application_not_found"


class ApplicationThere(Conflict):
    """An application of this kind is open already; a second one would contradict it."""

    code = "application_there"


class ApplicationStateWrong(RuleBroken):
    """The application is not in a state in which this can be done with it."""

    code = "application_state_wrong"


class NothingChanged(RuleBroken):
    """The application asks for what is already so."""

    code = "nothing_changed"


class ReasonMissing(RuleBroken):
    """A refusal tells why."""

    code = "refusal_reason_missing"


class EndsTooEarly(RuleBroken):
    """A contract does not end before it is decided that it ends, nor before it began."""

    code = "ends_too_early"


class SigningNotReady(Unavailable):
    """Electronic signing is not part of this installation yet."""

    code = "signing_not_ready"
