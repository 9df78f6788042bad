"""Pages of registers: the list, connecting one or a thousand, the card of one."""
