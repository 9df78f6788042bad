import copy
import pickle

from chekhov.tlv import Node, Nodes, decode
from tlv.specs import BYTE, GROUP, SPEC, TEXT, tlv

DATA = tlv(BYTE, b"\x01") + tlv(TEXT, b"A") + tlv(GROUP, tlv(TEXT, b"B")) + tlv(TEXT, b"C")
NODES = decode(DATA, SPEC)[0]
AS_NODES = (
    Node(BYTE, 0, b"\x01", 1),
    Node(TEXT, 5, b"A", "A"),
    Node(GROUP, 10, tlv(TEXT, b"B"), (Node(TEXT, 14, b"B", "B"),)),
    Node(TEXT, 19, b"C", "C"),
)


def test_nodes_are_a_sequence_of_nodes_however_one_looks():
    assert NODES == AS_NODES
    assert len(NODES) == 4
    looks = [
        list(NODES),
        [*NODES],
        [NODES[index] for index in range(4)],
        list(iter(tuple(NODES))),
        list(reversed(NODES))[::-1],
    ]
    looks += [list(NODES[:]), [NODES[0], *NODES[1:]], list(NODES.__add__(()))]
    for look in looks:
        assert look == list(AS_NODES)
        assert {type(one) for one in look} == {Node}
    assert NODES[-1].value == "C"
    assert AS_NODES[2] in NODES
    assert isinstance(NODES[2].value, Nodes)
    assert isinstance(NODES[2].value, tuple)


def test_columns_plain_and_first():
    tags, offsets, raws, values = NODES.columns()
    assert tags == (BYTE, TEXT, GROUP, TEXT)
    assert offsets == (0, 5, 10, 19)
    assert raws[1:2] == (b"A",)
    assert values[3] == "C"
    assert [type(one) for one in NODES.plain()] == [tuple] * 4
    assert NODES.first() == {BYTE: 1, TEXT: "A", GROUP: AS_NODES[2].value}
    assert Nodes().columns() == ((), (), (), ())
    assert Nodes().first() == {}


def test_nodes_survive_copying_and_show_what_they_hold():
    assert copy.deepcopy(NODES) == NODES
    assert pickle.loads(pickle.dumps(NODES)) == NODES
    assert type(copy.deepcopy(NODES)[2].value[0]) is Node
    assert repr(NODES) == repr(AS_NODES)
    assert hash(NODES) == hash(AS_NODES)


def test_a_spec_is_a_mapping():
    assert set(SPEC) == set(range(1, 16))
    assert len(SPEC) == 15
    assert SPEC[BYTE].tag == BYTE
    assert SPEC.child(TEXT) is SPEC
    assert SPEC.child(GROUP) is not SPEC
    assert SPEC.child(GROUP).child(GROUP) is SPEC.child(GROUP)
