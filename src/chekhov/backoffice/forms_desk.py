"""Forms about customers, applications, partners and the operator. They parse; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.accounts.models import User
from chekhov.audit.actions import ACTIONS
from chekhov.audit.models import ActorKind
from chekhov.backoffice.windows import DayInput, VersionForm
from chekhov.contracts.models import ApplicationKind
from chekhov.contracts.selectors import managers_all
from chekhov.face.forms import HouseForm, lines_add
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import form_lines

REASON_MAX = 2000
ON_BEHALF_HELP = _("Клиент увидит основание в своём журнале. Например: «обращение № 15 по телефону».")


def reason_field(label: object, **options: Any) -> forms.CharField:
    """A few lines of text that stay in the record."""
    return forms.CharField(
        label=str(label), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class ApplicationsFilterForm(HouseForm):
    """What the work list is narrowed to; lives in the address of the page."""

    kind = forms.ChoiceField(
        label=_("Вид заявки"), required=False, choices=[("", _("Все")), *ApplicationKind.choices]
    )
    mine = forms.ChoiceField(
        label=_("Клиенты"), required=False, choices=[("", _("Все")), ("1", _("Только мои"))]
    )


class ApproveForm(VersionForm):
    """Approving a change of requisites."""

    note = reason_field(
        _("Примечание"), required=False, help_text=_("Останется в истории заявки, его увидит клиент.")
    )


class TerminateForm(ApproveForm):
    """Approving a termination: when the service ends."""

    ends_on = forms.DateField(
        label=_("Последний день обслуживания"),
        widget=DayInput,
        help_text=_("Со следующего дня кассы по этому договору не обслуживаются. Данные хранятся весь срок."),
    )
    field_order = ("ends_on", "note")


class RefuseForm(VersionForm):
    """Refusing an application."""

    reason = reason_field(
        _("Причина отказа"),
        help_text=_("Её увидит клиент: напишите, что исправить."),
        error_messages={"required": _("Укажите причину отказа: её увидит клиент")},
    )


class ArrivalForm(VersionForm):
    """The signed original has come by post."""

    arrived_on = forms.DateField(label=_("Дата получения"), widget=DayInput)
    note = reason_field(
        _("Примечание"), required=False, help_text=_("Например, номер почтового отправления.")
    )


class CustomersSearchForm(HouseForm):
    """Staff's search of customers."""

    text = forms.CharField(
        label=_("ИНН, название, номер договора, имя или почта"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of some people, by full name."""

    def label_from_instance(self, obj: User) -> str:
        """The name as written."""
        return obj.get_full_name()


class ManagerForm(HouseForm):
    """The responsible manager of a customer."""

    manager = PersonField(
        label=_("Ответственный менеджер"),
        queryset=User.objects.none(),
        required=False,
        empty_label="не назначен",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Those who may be named."""
        super().__init__(*args, **kwargs)
        field = self.fields["manager"]
        assert isinstance(field, PersonField)
        field.queryset = managers_all()


class PhoneForm(HouseForm):
    """Another telephone of a customer who came to the office."""

    phone = forms.CharField(
        label=_("Новый номер телефона"),
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("В любом написании: +7 912 345-67-89."),
    )
    note = reason_field(
        _("Документ, по которому проверена личность"),
        help_text=_("Вид документа и кем проверен, без серии и номера. Останется в журнале."),
        error_messages={"required": _("Укажите, по какому документу проверена личность")},
    )


class OnBehalfForm(HouseForm):
    """Acting for a customer: upon what ground."""

    reason = reason_field(_("Основание"), help_text=ON_BEHALF_HELP)


class PartnerAccessForm(OnBehalfForm):
    """«Партнерский доступ» set by staff at the customer's wish."""

    allowed = forms.BooleanField(label=_("Партнерский доступ"), required=False)
    until = forms.DateField(
        label=_("Последний день доступа"),
        required=False,
        widget=DayInput,
        help_text=_("Пусто: пока доступ не закроют."),
    )
    field_order = ("allowed", "until", "reason")


class RequisitesOnBehalfForm(OnBehalfForm):
    """A change of requisites entered by staff at the customer's wish; the ИНН is never changed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """The reason stands last."""
        super().__init__(*args, **kwargs)
        lines = form_lines(sole_trader=organisation.is_sole_trader)
        lines_add(self, [line for line in lines if line.name != "inn"])
        self.order_fields([*(line.name for line in lines), "reason"])


class RefreshForm(VersionForm):
    """Agreeing to what the directory tells; `seen` is a print of what was shown."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class HandOverForm(OnBehalfForm):
    """A company entered by staff goes into a customer's cabinet."""

    account = forms.IntegerField(
        label=_("Номер кабинета"),
        min_value=1,
        help_text=_("Стоит в заголовке карточки клиента. Убедитесь, что организация действительно его."),
    )
    field_order = ("account", "reason")


class PartnerForm(HouseForm):
    """A partner's requisites and contacts. `version` is empty for a new one."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Название"), required=False, max_length=256)
    inn = forms.CharField(label=_("ИНН"), required=False, max_length=20)
    kpp = forms.CharField(label=_("КПП"), required=False, max_length=20)
    ogrn = forms.CharField(label=_("ОГРН"), required=False, max_length=20)
    legal_address = forms.CharField(label=_("Юридический адрес"), required=False, max_length=512)
    phone = forms.CharField(label=_("Телефон"), required=False, max_length=32)
    email = forms.CharField(label=_("Электронная почта"), required=False, max_length=254)


class PartnerPersonForm(HouseForm):
    """A person of a partner."""

    full_name = forms.CharField(label=_("ФИО"), max_length=200)
    email = forms.CharField(
        label=_("E-mail"), max_length=254, help_text=_("Станет логином. На него уйдёт письмо со ссылкой.")
    )


class ReasonForm(HouseForm):
    """A deed that needs a reason."""

    reason = reason_field(
        _("Причина"), error_messages={"required": _("Укажите причину: она останется в журнале")}
    )


class OperatorCardForm(VersionForm):
    """The operator's own requisites and addresses."""

    name = forms.CharField(label=_("Название"), required=False, max_length=256)
    full_name = forms.CharField(label=_("Полное наименование"), required=False, max_length=1000)
    brand = forms.CharField(label=_("Бренд"), required=False, max_length=64)
    inn = forms.CharField(label=_("ИНН"), required=False, max_length=20)
    kpp = forms.CharField(label=_("КПП"), required=False, max_length=20)
    ogrn = forms.CharField(label=_("ОГРН"), required=False, max_length=20)
    legal_address = forms.CharField(label=_("Юридический адрес"), required=False, max_length=512)
    postal_address = forms.CharField(
        label=_("Адрес для писем"),
        required=False,
        max_length=512,
        help_text=_("Сюда клиенты отправляют подписанные заявления. Пусто: юридический адрес."),
    )
    data_centre_address = forms.CharField(
        label=_("Адрес дата-центра"),
        required=False,
        max_length=256,
        help_text=_("Подставляется в заявления и в реквизит 1009 касс, которые стоят у оператора."),
    )
    head = forms.CharField(label=_("Руководитель"), required=False, max_length=200)
    head_position = forms.CharField(label=_("Должность"), required=False, max_length=128)
    phone = forms.CharField(label=_("Телефон"), required=False, max_length=32)
    email = forms.CharField(label=_("Электронная почта"), required=False, max_length=254)
    bank = forms.CharField(
        label=_("Банк"), required=False, max_length=300, help_text=_("Одной строкой, как в счёте.")
    )


class OfferForm(VersionForm):
    """A new version of the offer; `version` is the number of the one the text began from."""

    title = forms.CharField(label=_("Название"), max_length=200)
    text = forms.CharField(
        label=_("Текст"),
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true"}),
        strip=False,
        help_text=_("Абзацы разделяет пустая строка, «# » в начале строки делает её заголовком."),
    )


class ConsentForm(VersionForm):
    """A new version of the consent; `version` is the one the text began from."""

    text = forms.CharField(
        label=_("Текст"),
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true"}),
        strip=False,
        help_text=_(
            "Первый абзац станет заголовком, абзацы разделяет пустая строка. Вместо {operator} и {operator_inn} "
            "подставятся название и ИНН оператора."
        ),
    )


class ConsentSearchForm(HouseForm):
    """Who among those who consented is looked for."""

    text = forms.CharField(
        label=_("Имя или почта"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class JournalFilterForm(HouseForm):
    """What the journal is narrowed to."""

    action = forms.ChoiceField(label=_("Действие"), required=False)
    kind = forms.ChoiceField(
        label=_("Кто действовал"), required=False, choices=[("", _("Все")), *ActorKind.choices]
    )
    account = forms.IntegerField(label=_("Номер кабинета"), required=False, min_value=1)
    since = forms.DateField(label=_("С"), required=False, widget=DayInput)
    until = forms.DateField(label=_("По"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Deeds by their words."""
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Все"), *sorted(ACTIONS.items(), key=lambda pair: pair[1])]
