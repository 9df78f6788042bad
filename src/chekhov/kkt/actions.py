"""What the journal says of deeds on registers and their groups."""

from __future__ import annotations

from chekhov.audit.actions import actions_register

actions_register(
    {
        "kkt.connected": "Подключена касса",
        "kkt.resumed": "Касса подключена снова",
        "kkt.renamed": "Изменено название кассы",
        "kkt.numbered": "Указан РНМ кассы",
        "kkt.stopped": "Обслуживание кассы прекращено",
        "kkt.stopped_with_contract": "Обслуживание касс прекращается с договором",
        "kkt.group_added": "Добавлена группа касс",
        "kkt.group_changed": "Изменена группа касс",
        "kkt.group_moved": "Группа касс перемещена",
        "kkt.group_removed": "Группа касс удалена",
        "kkt.assigned": "Кассы распределены по группам",
        "kkt.group_access_changed": "Изменён доступ сотрудника к группам касс",
        "kkt.rules_changed": "Изменены правила распределения касс",
        "kkt.batch_started": "Начато подключение касс из файла",
    }
)
