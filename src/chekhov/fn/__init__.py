"""The emulated fiscal drive («эмулятор ФН»), pure: `drive.apply(state, command, now, signer)`.

`state.new_drive` makes one, `commands` lists what it can be told, `orders` what a receipt is made of.
Documents are stored by the caller; `issue.message_bytes` makes the message that goes to the operator.
"""
