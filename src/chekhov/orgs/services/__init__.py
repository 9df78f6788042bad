"""Deeds on companies, employees, partners and the operator's card. Keyword-only, one transaction each."""

from chekhov.orgs.services.directory import directory_import, organisation_refresh
from chekhov.orgs.services.employees import (
    EmployeeForm,
    cabinet_open,
    employee_add,
    employee_change,
    employee_confirm,
    employee_remove,
    group_forget,
    person_free_check,
)
from chekhov.orgs.services.invitations import (
    employee_accept,
    employee_dismiss,
    employee_invite,
    employee_invite_again,
    partner_user_dismiss,
    partner_user_invite,
    partner_user_invite_again,
    registration_complete,
)
from chekhov.orgs.services.operator import OperatorForm, operator_change
from chekhov.orgs.services.organisations import (
    account_lock,
    manager_assign,
    organisation_add,
    organisation_enter,
    organisation_hand_over,
    organisation_requisites_set,
)
from chekhov.orgs.services.partners import (
    PartnerForm,
    partner_access_set,
    partner_add,
    partner_change,
    partner_close,
    partner_user_add,
    partner_user_confirm,
    partner_user_remove,
)

__all__ = [
    "EmployeeForm",
    "OperatorForm",
    "PartnerForm",
    "account_lock",
    "cabinet_open",
    "directory_import",
    "employee_accept",
    "employee_add",
    "employee_change",
    "employee_confirm",
    "employee_dismiss",
    "employee_invite",
    "employee_invite_again",
    "employee_remove",
    "group_forget",
    "manager_assign",
    "operator_change",
    "organisation_add",
    "organisation_enter",
    "organisation_hand_over",
    "organisation_refresh",
    "organisation_requisites_set",
    "partner_access_set",
    "partner_add",
    "partner_change",
    "partner_close",
    "partner_user_add",
    "partner_user_confirm",
    "partner_user_dismiss",
    "partner_user_invite",
    "partner_user_invite_again",
    "partner_user_remove",
    "person_free_check",
    "registration_complete",
]
