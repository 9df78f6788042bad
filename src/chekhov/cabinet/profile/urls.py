"""Addresses of «Личные данные»: the person, companies, employees, the journal, sessions."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.profile import companies, employee_groups, employees, journal, person, sessions

urlpatterns = [
    path("cabinet/profile/", person.profile, name="profile"),
    path("cabinet/profile/edit/", person.edit, name="profile_edit"),
    path("cabinet/companies/add/", companies.add, name="company_add"),
    path("cabinet/companies/<int:organisation_id>/", companies.company, name="company"),
    path("cabinet/employees/", employees.employees, name="employees"),
    path("cabinet/employees/add/", employees.add, name="employee_add"),
    path("cabinet/employees/<int:membership_id>/", employees.edit, name="employee"),
    path("cabinet/employees/<int:membership_id>/groups/", employee_groups.groups, name="employee_groups"),
    path("cabinet/employees/<int:membership_id>/invite/", employees.invite, name="employee_invite"),
    path("cabinet/employees/<int:membership_id>/remove/", employees.remove, name="employee_remove"),
    path("cabinet/journal/", journal.journal, name="journal"),
    path("cabinet/sessions/", sessions.sessions, name="sessions"),
    path("cabinet/sessions/end/", sessions.end, name="session_end"),
    path("cabinet/sessions/end-all/", sessions.end_all, name="sessions_end_all"),
]
