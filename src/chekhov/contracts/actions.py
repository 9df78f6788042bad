"""What the journal says of deeds on contracts."""

from __future__ import annotations

from chekhov.audit.actions import actions_register

actions_register(
    {
        "contracts.offer_published": "Опубликована новая редакция договора-оферты",
        "contracts.joined": "Заключён договор",
        "contracts.requisites_drafted": "Заполнена заявка на изменение реквизитов",
        "contracts.requisites_asked": "Отправлена заявка на изменение реквизитов",
        "contracts.termination_asked": "Подготовлено заявление о расторжении договора",
        "contracts.stop_service_asked": "Подготовлено заявление о прекращении обслуживания кассы",
        "contracts.paper_arrived": "Получен оригинал заявления",
        "contracts.application_withdrawn": "Заявка отозвана",
        "contracts.application_approved": "Заявка одобрена",
        "contracts.application_refused": "В заявке отказано",
        "contracts.terminated": "Договор расторгнут",
    }
)
