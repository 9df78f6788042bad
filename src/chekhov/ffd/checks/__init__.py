"""Format control («ФЛК») of fiscal documents: what is wrong, where, how surely, and by which clause."""

from chekhov.ffd.checks.catalogue import RULES
from chekhov.ffd.checks.control import FINDINGS_MAX, check
from chekhov.ffd.checks.finding import NOTHING_KNOWN, Finding, Known, Rule, Severity, worst
from chekhov.ffd.checks.shifts import DocumentFact, Gap, fact_of, gaps, shifts_check
from chekhov.ffd.checks.vat import VAT_RATES, VatRate, vat_label, vat_rate

__all__ = [
    "FINDINGS_MAX",
    "NOTHING_KNOWN",
    "RULES",
    "VAT_RATES",
    "DocumentFact",
    "Finding",
    "Gap",
    "Known",
    "Rule",
    "Severity",
    "VatRate",
    "check",
    "fact_of",
    "gaps",
    "shifts_check",
    "vat_label",
    "vat_rate",
    "worst",
]
