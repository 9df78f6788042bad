"""What the journal says of deeds on accounts."""

from __future__ import annotations

from chekhov.audit.actions import actions_register

actions_register(
    {
        "accounts.registered": "Зарегистрирован личный кабинет",
        "accounts.invited": "Сотруднику отправлено приглашение",
        "accounts.invitation_accepted": "Приглашение принято",
        "accounts.consent_given": "Дано согласие на обработку персональных данных",
        "accounts.consent_published": "Опубликован новый текст согласия",
        "accounts.logged_in": "Вход в личный кабинет",
        "accounts.locked_out": "Вход временно закрыт после неудачных попыток",
        "accounts.lock_lifted": "Вход открыт досрочно",
        "accounts.password_changed": "Изменён пароль",
        "accounts.password_recovered": "Пароль восстановлен по ссылке из письма",
        "accounts.password_set": "Пароль задан по ссылке из письма",
        "accounts.names_changed": "Изменены персональные данные",
        "accounts.phone_changed": "Изменён номер телефона",
        "accounts.session_ended": "Завершён сеанс",
        "accounts.sessions_ended": "Завершены все сеансы",
        "accounts.user_removed": "Учётная запись удалена",
    }
)
