"""What a thing is, valid by construction: requisites, numbers of registers and drives, money, quantities."""

from chekhov.values.errors import BadQuantity, BadRequisite
from chekhov.values.money import Kopecks, line_sum, roubles, roubles_point, round_half_up, vat_inside
from chekhov.values.quantity import quantity_parse, quantity_text
from chekhov.values.registers import FnSerial, KktSerial, RegistrationNumber
from chekhov.values.requisites import BankAccount, Bik, Inn, Kpp, Ogrn

__all__ = [
    "BadQuantity",
    "BadRequisite",
    "BankAccount",
    "Bik",
    "FnSerial",
    "Inn",
    "KktSerial",
    "Kopecks",
    "Kpp",
    "Ogrn",
    "RegistrationNumber",
    "line_sum",
    "quantity_parse",
    "quantity_text",
    "roubles",
    "roubles_point",
    "round_half_up",
    "vat_inside",
]
