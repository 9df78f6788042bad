import pytest

from chekhov.notify.errors import SealBroken
from chekhov.notify.sealing import seal, unseal

CONTENT = {"link": "https://ofd.example/entry/токен/", "password": "k7mp-x2vh", "n": [1, None]}


def test_what_was_sealed_opens_and_is_not_seen():
    sealed = seal(CONTENT, name="a")
    assert unseal(sealed, name="a") == CONTENT
    assert b"k7mp" not in sealed
    assert b"link" not in sealed


def test_two_seals_of_one_thing_differ_everywhere():
    one, other = seal(CONTENT, name="a"), seal(CONTENT, name="a")
    assert one[1:17] != other[1:17]
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) / 4


def test_any_changed_byte_is_noticed():
    sealed = seal(CONTENT, name="a")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(bytes(changed), name="a")


@pytest.mark.parametrize("cut", [0, 1, 17, 48, 49, -1])
def test_a_cut_seal_is_noticed(cut):
    with pytest.raises(SealBroken):
        unseal(seal(CONTENT, name="a")[:cut], name="a")


def test_a_seal_of_another_row_does_not_open():
    with pytest.raises(SealBroken):
        unseal(seal(CONTENT, name="a"), name="b")


def test_an_old_key_still_opens_while_it_is_named(settings):
    settings.SECRET_KEY = "old" * 20
    sealed = seal(CONTENT, name="a")
    settings.SECRET_KEY = "new" * 20
    with pytest.raises(SealBroken):
        unseal(sealed, name="a")
    settings.SECRET_KEY_FALLBACKS = ["old" * 20]
    assert unseal(sealed, name="a") == CONTENT
