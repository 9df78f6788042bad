"""Tag, length, value: the encoding of fiscal documents, without a single tag of theirs.

Source: `docs/law`, format of fiscal documents: tag u16, length u16, value; little-endian; no padding between
elements.
"""

from chekhov.tlv.decode import LIMITS, decode
from chekhov.tlv.encode import Encodable, encode
from chekhov.tlv.errors import MalformedTlv, Structure, Unencodable
from chekhov.tlv.spec import Defect, Field, Kind, Limits, Node, Nodes, Plain, Spec, Value

__all__ = [
    "LIMITS",
    "Defect",
    "Encodable",
    "Field",
    "Kind",
    "Limits",
    "MalformedTlv",
    "Node",
    "Nodes",
    "Plain",
    "Spec",
    "Structure",
    "Unencodable",
    "Value",
    "decode",
    "encode",
]
