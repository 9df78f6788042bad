"""What the journal says of deeds on companies, employees and partners."""

from __future__ import annotations

from chekhov.audit.actions import actions_register

actions_register(
    {
        "orgs.cabinet_opened": "Открыт личный кабинет",
        "orgs.organisation_added": "Добавлена организация",
        "orgs.organisation_handed_over": "Организация передана в личный кабинет",
        "orgs.requisites_changed": "Изменены реквизиты организации",
        "orgs.requisites_refreshed": "Реквизиты сверены со справочником",
        "orgs.manager_assigned": "Назначен ответственный менеджер",
        "orgs.employee_invited": "Добавлен сотрудник",
        "orgs.employee_confirmed": "Сотрудник подтвердил почту",
        "orgs.employee_changed": "Изменены данные или права сотрудника",
        "orgs.employee_removed": "Сотрудник удалён",
        "orgs.partner_added": "Добавлен партнёр",
        "orgs.partner_changed": "Изменены данные партнёра",
        "orgs.partner_closed": "Работа с партнёром прекращена",
        "orgs.partner_user_added": "Добавлен сотрудник партнёра",
        "orgs.partner_user_confirmed": "Сотрудник партнёра подтвердил почту",
        "orgs.partner_user_invited_again": "Сотруднику партнёра отправлена новая ссылка",
        "orgs.partner_user_removed": "Сотрудник партнёра удалён",
        "orgs.partner_access_granted": "Открыт партнёрский доступ",
        "orgs.partner_access_changed": "Изменён срок партнёрского доступа",
        "orgs.partner_access_revoked": "Закрыт партнёрский доступ",
        "orgs.operator_changed": "Изменены данные оператора",
    }
)
