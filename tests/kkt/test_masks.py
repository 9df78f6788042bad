import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.kkt.masks import mask_matches


@pytest.mark.parametrize(
    ("mask", "text", "fits"),
    [
        ("*пермь*", "г. Пермь, 1", True), ("Касса ?", "касса 7", True), ("Касса ?", "касса 77", False),
        ("касса", "Моя касса 5", True), ("касса*", "Моя касса 5", False), ("*", "", True), ("?", "", False),
        ("a*b*c", "a-b-b-c", True), ("a*b*c", "a-b-b", False), ("[a]", "a", False), (".*", "x", False),
    ],
)  # fmt: skip
def test_masks(mask, text, fits):
    assert mask_matches(mask, text) is fits


@given(st.text("ab*?", max_size=8), st.text("abАБ", max_size=10))
def test_as_names_of_files_are_matched(mask, text):
    if set("*?") & set(mask):
        expected = re.fullmatch(fnmatch.translate(mask.casefold()), text.casefold()) is not None
    else:
        expected = mask in text.casefold()
    assert mask_matches(mask, text) is expected


def test_no_mask_takes_long():
    began_at = time.process_time()
    assert not mask_matches("*a" * 64 + "b", "a" * 512)
    assert time.process_time() - began_at < 0.5
