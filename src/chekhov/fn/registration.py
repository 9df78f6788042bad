"""Parameters a register is registered with («параметры регистрации»), and reasons to change them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from chekhov.errors import Malformed
from chekhov.fn.errors import ParameterWrong
from chekhov.values import Inn, RegistrationNumber

TAX_SYSTEMS_ALL = 0b11_1111
"""Tag 1062, docs/formats/documents.md 14.2."""


class Condition(IntFlag):
    """Признаки условий применения ККТ, tag 1290 of FFD 1.2; in 1.05 single tags stand for some of them."""

    PRINTER_IN_MACHINE = 2
    BSO = 4
    INTERNET_ONLY = 32
    EXCISE = 64
    MARKED_GOODS = 256
    SERVICES_ONLY = 512
    GAMBLING = 1024
    LOTTERY = 2048
    PAWNSHOP = 4096
    INSURANCE = 8192
    VENDING = 16384
    CATERING = 32768
    WHOLESALE_MARKED = 65536


class ChangeReason(IntFlag):
    """Коды причин изменения сведений о ККТ, tag 1205 (docs/formats/documents.md 14.9)."""

    DRIVE_REPLACED = 1
    OPERATOR_REPLACED = 2
    USER_NAME = 4
    ADDRESS = 8
    TO_TRANSMITTING = 16
    TO_OFFLINE = 32
    KKT_VERSION = 64
    TAX_SYSTEMS = 128
    MACHINE_NUMBER = 256
    FROM_AUTOMATIC = 512
    TO_AUTOMATIC = 1024
    BSO_ON = 2048
    BSO_OFF = 4096
    FROM_INTERNET_ONLY = 8192
    TO_INTERNET_ONLY = 16384
    AGENT_OFF = 32768
    AGENT_ON = 65536
    GAMBLING_OFF = 131072
    GAMBLING_ON = 262144
    LOTTERY_OFF = 524288
    LOTTERY_ON = 1048576
    FFD_VERSION = 2097152
    OTHER = 2147483648


REASONS_ALL = sum(ChangeReason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What registration reports carry and the register repeats in other documents.

    `tax_systems`: bits of 1062. `conditions`: bits of `Condition`. `agent`: bits of 1057. `offline`: the
    autonomous mode, in which nothing is sent to the operator.
    """

    rnm: str
    user_inn: str
    user_name: str
    kkt_serial: str
    address: str
    place: str
    tax_systems: int
    operator_inn: str = ""
    operator_name: str = ""
    kkt_version: str = "001"
    cashier: str = ""
    cashier_inn: str = ""
    fns_site: str = "www.nalog.gov.ru"
    sender_email: str = ""
    machine_number: str = ""
    automatic: bool = False
    offline: bool = False
    conditions: int = 0
    agent: int = 0

    def has(self, condition: Condition) -> bool:
        """This condition of use is among the registered ones."""
        return bool(self.conditions & condition)


def registration_check(registration: Registration) -> None:
    """Raise ParameterWrong unless the parameters may be registered."""
    for name in ("user_name", "kkt_serial", "address", "place", "kkt_version"):
        if not getattr(registration, name).strip():
            raise ParameterWrong(f"параметры регистрации: не заполнено {name}", field=name)
    try:
        Inn.parse(registration.user_inn)
        rnm = RegistrationNumber.parse(registration.rnm)
        if not registration.offline:
            Inn.parse(registration.operator_inn)
        if registration.cashier_inn:
            Inn.parse(registration.cashier_inn)
    except Malformed as error:
        raise ParameterWrong(error.message) from error
    if rnm != registration.rnm:
        raise ParameterWrong("РНМ пишется шестнадцатью цифрами без пробелов", field="rnm")
    if not rnm.check_digits_match(registration.user_inn, registration.kkt_serial):
        raise ParameterWrong("контрольные цифры РНМ не сходятся с ИНН и заводским номером", field="rnm")
    if not registration.offline and not registration.operator_name.strip():
        raise ParameterWrong("параметры регистрации: не заполнено operator_name", field="operator_name")
    if not 0 < registration.tax_systems <= TAX_SYSTEMS_ALL:
        raise ParameterWrong("системы налогообложения: биты 1…32", field="tax_systems")
    if registration.automatic and not registration.machine_number.strip():
        raise ParameterWrong("автоматическому режиму нужен номер автомата", field="machine_number")
    if registration.conditions & ~sum(Condition) or not 0 <= registration.agent <= 0x7F:
        raise ParameterWrong("неизвестные признаки условий применения или агента", field="conditions")


def change_check(before: Registration, after: Registration) -> None:
    """Raise ParameterWrong when a change touches what a drive keeps for life: РНМ, ИНН, serial number."""
    if (before.rnm, before.user_inn, before.kkt_serial) != (after.rnm, after.user_inn, after.kkt_serial):
        raise ParameterWrong("РНМ, ИНН пользователя и заводской номер в одном ФН не меняются", field="rnm")
