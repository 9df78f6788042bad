"""Every rule of format control: code, severity, what it says, where it comes from.

Severity follows the certainty of the source, see `Rule`. Sources: «ФФД» is the order of ФНС № ЕД-7-20/662@ with
its changes (ЕД-7-20/236@ of 2025 where named); a letter tells how sure the transcription is: V verified on
real documents, S stated by a source, U usage without a text of law at hand.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chekhov.ffd.checks.finding import Rule

_ORDER = "приказ ФНС ЕД-7-20/662@"
_TABLES = f"{_ORDER}, таблицы реквизитов"
_NOTES = f"{_ORDER}, примечания к таблицам"
_ENUMS = f"{_ORDER}, перечни значений"

_RULES: tuple[Rule, ...] = (
    # --- structure
    Rule("document_unknown", "notice", "форма документа неизвестна", _ORDER),
    Rule("version_legacy", "notice", "формат старше 1.05, проверены только основные реквизиты", _ORDER),
    Rule("version_unknown", "warning", "неизвестная версия ФФД", _ENUMS),
    Rule("identity_missing", "error", "нет реквизита, по которому документ узнают", f"{_TABLES} (V)"),
    Rule("total_missing", "error", "нет признака или суммы расчёта", f"{_TABLES} (V)"),
    Rule("required_missing", "warning", "нет обязательного реквизита", f"{_TABLES} (S)"),
    Rule("tag_unknown", "notice", "реквизит с неизвестным номером", _TABLES),
    Rule("tag_not_in_form", "notice", "реквизит не входит в эту форму документа", f"{_TABLES} (S)"),
    Rule("tag_repeated", "warning", "реквизит повторён, хотя может быть только один", f"{_TABLES} (S)"),
    Rule("document_too_long", "warning", "документ длиннее допустимого", f"{_ORDER}, длины документов (S)"),
    Rule("value_malformed", "error", "значение не соответствует типу реквизита", f"{_TABLES} (V)"),
    Rule("value_length", "warning", "длина значения не та, что задана форматом", f"{_TABLES} (S)"),
    # --- enumerations
    Rule("operation_unknown", "error", "неизвестный признак расчёта", f"{_ENUMS} (V)"),
    Rule("taxation_not_single", "error", "система налогообложения должна быть одна", f"{_ENUMS} (V)"),
    Rule("payment_method_unknown", "error", "неизвестный признак способа расчёта", f"{_ENUMS} (V)"),
    Rule("correction_type_unknown", "error", "неизвестный тип коррекции", f"{_ENUMS} (V)"),
    Rule("vat_code_unknown", "warning", "неизвестная ставка НДС", f"{_ENUMS} (V)"),
    Rule("flag_not_boolean", "warning", "признак должен быть 0 или 1", f"{_TABLES} (S)"),
    Rule("value_unlisted", "notice", "значения нет в перечне", _ENUMS),
    Rule("bits_unlisted", "notice", "установлены биты, которых нет в перечне", _ENUMS),
    Rule(
        "taxation_unregistered", "warning", "ККТ не зарегистрирована с такой системой налогообложения", _NOTES
    ),
    # --- masks and check digits
    Rule("fn_serial_mask", "error", "номер ФН — 16 цифр (15 в старых тестовых)", f"{_TABLES} (V)"),
    Rule("rnm_mask", "error", "регистрационный номер ККТ — 16 цифр", "54-ФЗ, ст. 4.2; ФФД, 1037 (V)"),
    Rule("inn_mask", "error", "ИНН — 10 или 12 цифр", "НК РФ, ст. 84 п. 7; приказ ФНС ММВ-7-6/435@ (V)"),
    Rule("party_inn_mask", "notice", "ИНН стороны расчёта — 10 или 12 цифр", f"{_NOTES} (U)"),
    Rule(
        "inn_check_digits",
        "warning",
        "контрольные цифры ИНН не сходятся",
        "НК РФ, ст. 84 п. 7; приказ ФНС ММВ-7-6/435@ (V)",
    ),
    Rule(
        "rnm_check_digits",
        "warning",
        "контрольные цифры РНМ не сходятся с ИНН и заводским номером ККТ",
        "порядок присвоения РНМ (V)",
    ),
    Rule("phone_mask", "notice", "телефон не похож на телефон", f"{_TABLES} (U)"),
    Rule("email_mask", "notice", "адрес электронной почты не похож на адрес", f"{_TABLES} (U)"),
    Rule("country_mask", "notice", "код страны — 3 цифры по ОКСМ", f"{_TABLES} (S)"),
    Rule("day_mask", "notice", "дата записывается как ДД.ММ.ГГГГ", f"{_TABLES} (U)"),
    # --- dates
    Rule(
        "issued_in_future", "warning", "дата документа позже его получения", "54-ФЗ, ст. 4.7; ФФД, 1012 (S)"
    ),
    Rule("issued_before_law", "notice", "дата документа раньше передачи данных в ОФД", "290-ФЗ, ст. 7 (S)"),
    # --- sums
    Rule("line_sum", "error", "стоимость не равна цене, умноженной на количество", f"{_NOTES}, 1043 (V)"),
    Rule(
        "line_sum_rounding",
        "notice",
        "стоимость отличается от цены × количество на округление",
        f"{_NOTES}, 1043",
    ),
    Rule("quantity_zero", "notice", "количество равно нулю", f"{_NOTES}, 1023 (U)"),
    Rule("total_sum", "error", "сумма расчёта не равна сумме стоимостей", f"{_NOTES}, 1020 (V)"),
    Rule("total_sum_rounding", "notice", "сумма расчёта округлена до рубля", f"{_NOTES}, 1020 (U)"),
    Rule(
        "payments_sum", "warning", "суммы оплат не складываются в сумму расчёта", f"{_NOTES}, 1031…1217 (S)"
    ),
    Rule("vat_line", "warning", "сумма НДС за предмет расчёта не по ставке", "НК РФ, ст. 168; ФФД, 1200 (V)"),
    Rule("vat_unit", "notice", "размер НДС за единицу не по ставке", "НК РФ, ст. 168; ФФД, 1198 (S)"),
    Rule("vat_total", "warning", "сумма НДС чека не сходится с предметами расчёта", "ФФД, 1102…1107 (V)"),
    Rule(
        "vat_total_missing",
        "notice",
        "нет суммы НДС чека по ставке, которая есть в предметах расчёта",
        f"{_NOTES}, 1102…1107 (U)",
    ),
    Rule(
        "vat_total_extra",
        "warning",
        "есть сумма НДС чека по ставке, которой нет в предметах расчёта",
        f"{_NOTES}, 1102…1107 (S)",
    ),
    Rule("vat_not_in_force", "warning", "ставка НДС не действует на дату расчёта", "НК РФ, ст. 164 (V)"),
    Rule("vat_group", "notice", "суммы НДС чека (1115) заполнены не по порядку", "ФФД, 1115, 1119 (S)"),
    # --- corrections
    Rule(
        "correction_order_number",
        "warning",
        "коррекция по предписанию без номера предписания",
        f"{_NOTES}, 1173, 1179 (S)",
    ),
    Rule("correction_date_missing", "notice", "нет даты корректируемого расчёта", f"{_NOTES}, 1178 (S)"),
    Rule(
        "correction_date_late",
        "warning",
        "корректируемый расчёт позже самой коррекции",
        f"{_NOTES}, 1178 (S)",
    ),
    # --- agents, marking, Internet
    Rule(
        "agent_supplier_missing", "notice", "указан агент, но не указан поставщик", f"{_NOTES}, 1222…1226 (U)"
    ),
    Rule("agent_data_missing", "notice", "нет данных платёжного агента", f"{_NOTES}, 1223 (U)"),
    Rule(
        "agent_sign_missing",
        "notice",
        "есть данные агента или поставщика, но нет признака агента",
        f"{_NOTES}, 1222 (U)",
    ),
    Rule(
        "product_kind_version",
        "warning",
        "признаки предмета расчёта 30…33 есть только в ФФД 1.2",
        f"{_ENUMS}, 1212 (S)",
    ),
    Rule(
        "product_code_missing", "notice", "маркированный товар без кода товара", f"{_NOTES}, 1162, 1163 (U)"
    ),
    Rule(
        "product_code_single",
        "warning",
        "код товара (1163) содержит ровно один вложенный код",
        f"{_TABLES}, 1163 (S)",
    ),
    Rule("product_measure_missing", "notice", "у товара с кодом нет меры количества", f"{_NOTES}, 2108 (U)"),
    Rule(
        "fraction_wrong",
        "warning",
        "дробное количество: числитель меньше знаменателя, оба больше нуля",
        f"{_NOTES}, 1291 (S)",
    ),
    Rule(
        "fraction_text",
        "notice",
        "дробная часть записана не как числитель/знаменатель",
        f"{_NOTES}, 1292 (S)",
    ),
    Rule("marking_mode", "notice", "режим обработки кода маркировки должен быть 0", f"{_NOTES}, 2102 (S)"),
    Rule(
        "marking_result",
        "notice",
        "результат проверки маркированных товаров не сходится с предметами расчёта",
        f"{_NOTES}, 2107 (S)",
    ),
    Rule(
        "internet_buyer_missing",
        "warning",
        "расчёт в «Интернет» без адреса или телефона покупателя",
        "приказ ФНС ЕД-7-20/236@, 1125 (S)",
    ),
    # --- registration
    Rule(
        "machine_number_missing", "notice", "автоматический режим без номера автомата", f"{_NOTES}, 1036 (U)"
    ),
    Rule(
        "operator_missing", "notice", "режим передачи данных без сведений об ОФД", f"{_NOTES}, 1017, 1046 (U)"
    ),
    Rule("versions_order", "notice", "версия документа выше версии ККТ или ФН", f"{_NOTES}, 1189, 1190 (S)"),
    Rule("reason_missing", "notice", "не указана причина изменения параметров", f"{_TABLES}, 1101, 1205 (S)"),
    # --- counters inside one report
    Rule("documents_fewer", "error", "документов за смену меньше, чем чеков", "ФФД, 1111, 1118 (V)"),
    Rule(
        "documents_count",
        "notice",
        "в число документов смены не вошли отчёты об открытии и закрытии",
        f"{_NOTES}, 1111 (S)",
    ),
    Rule(
        "unsent_date_missing",
        "notice",
        "есть непереданные документы, но нет даты первого",
        f"{_NOTES}, 1098 (U)",
    ),
    Rule(
        "counter_receipts", "notice", "общее число чеков не равно сумме по признакам расчёта", "ФФД, 1134 (U)"
    ),
    Rule("counter_corrections", "notice", "число коррекций не равно сумме по признакам", "ФФД, 1144 (U)"),
    Rule("counter_total", "notice", "итог не равен сумме видов оплаты", "ФФД, 1201 (U)"),
    Rule("counter_drive", "notice", "итог смены больше итога ФН", "ФФД, 1157, 1194 (U)"),
    # --- a shift told by several documents (checks.shifts)
    Rule("fd_gap", "warning", "пропущены номера документов", "54-ФЗ, ст. 4.1; ФФД, 1040 (V)"),
    Rule("time_back", "warning", "документ датирован раньше предыдущего", "ФФД, 1012 (S)"),
    Rule("shift_not_open", "warning", "документ вне открытой смены", "54-ФЗ, ст. 4.3 п. 2 (V)"),
    Rule(
        "shift_not_closed", "warning", "смена открыта, когда предыдущая не закрыта", "54-ФЗ, ст. 4.3 п. 2 (V)"
    ),
    Rule("shift_number", "warning", "номер смены не продолжает предыдущий", "ФФД, 1038 (S)"),
    Rule("shift_too_long", "warning", "чек позже 24 часов от открытия смены", "54-ФЗ, ст. 4.3 п. 2 (V)"),
    Rule("shift_receipt_number", "notice", "номер чека за смену не продолжает предыдущий", "ФФД, 1042 (S)"),
    Rule(
        "shift_receipt_count",
        "warning",
        "чеков получено не столько, сколько в отчёте о закрытии смены",
        "ФФД, 1118 (S)",
    ),
    Rule(
        "shift_document_count",
        "notice",
        "документов получено не столько, сколько в отчёте о закрытии смены",
        "ФФД, 1111 (S)",
    ),
    Rule("shift_totals", "warning", "итоги чеков не сходятся с отчётом о закрытии смены", "ФФД, 1194 (U)"),
    Rule("drive_closed", "warning", "документ после закрытия архива ФН", "54-ФЗ, ст. 4.1; ФФД, код 6 (V)"),
)

RULES: Final = MappingProxyType({rule.code: rule for rule in _RULES})
"""Code -> rule."""
