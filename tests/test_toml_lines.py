"""The scanner that remembers on which line each key stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.toml_lines import dotted, line_numbers, line_of

STORY = """# a comment = 1
title = "x"  # [not.a.table]

[alert]
level = "a # b = c"
months = [
  9, # ]
  10,
]
   policy = 'it'
[ alert . levels . "elevated" ]
sorties = 1.5
[patrols]
description = '''
[fake]
size = 9
'''
emphasis = { panj = 2.0, farkhor = 1.0 }
range_factor.gorge = 0.5
'quoted' = 1
text = '''
] size = 3 '''
size=3
"""


def test_each_construct_of_the_language_is_placed():
    """Comments, texts, lists over lines, headers, dotted and quoted keys keep their lines."""
    tomllib.loads(STORY)
    assert line_numbers(STORY) == {
        "title": 2, "alert": 4, "alert.level": 5, "alert.months": 6, "alert.policy": 10,
        "alert.levels": 11, "alert.levels.elevated": 11, "alert.levels.elevated.sorties": 12,
        "patrols": 13, "patrols.description": 14, "patrols.emphasis": 18,
        "patrols.range_factor": 19, "patrols.range_factor.gorge": 19, "patrols.quoted": 20,
        "patrols.text": 21, "patrols.size": 23,
    }  # fmt: skip


def test_a_key_of_an_inline_table_stands_where_the_table_stands():
    """The nearest table above a key lends its line; a key of no table has none."""
    lines = line_numbers("\n[patrols]\nemphasis = { panj = 2.0 }\n")
    assert line_of(lines, "patrols.emphasis.panj") == 3
    assert line_of(lines, "patrols.size") == 2
    assert line_of(lines, "posts.size") is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", {}),
        ("# only a comment", {}),
        ("a=1", {"a": 1}),
        ("\r\na = 1\r\nb = 2", {"a": 2, "b": 3}),
        ('a = """x"""""\nb = 1', {"a": 1, "b": 2}),
        ('a = """\n\\""" \n"""\nb = 1', {"a": 1, "b": 4}),
        ("a = '''x'''''\nb = 1", {"a": 1, "b": 2}),
        ('a = ""\nb = \'\'\nc = """"""\nd = 1', {"a": 1, "b": 2, "c": 3, "d": 4}),
        ("[[a]]\nx = 1\n[[a]]\ny = 1", {"a": 1, "a.x": 2, "a.y": 4}),
        ('"a b".c = 1', {'"a b"': 1, '"a b".c': 1}),
        ('"\\u0061" = 1', {"a": 1}),
        ("a = [[1, 2], ['[', \"]\"]]\nb = 2025-01-01T00:00:00", {"a": 1, "b": 2}),
    ],
)
def test_corners_of_the_language(text, lines):
    """Quotes at the end of a text, escapes, CR LF, arrays of tables and odd keys are understood."""
    tomllib.loads(text)
    assert line_numbers(text) == lines


def test_a_quoted_part_stays_one_part():
    """A dot inside quotes does not divide a key."""
    assert dotted(("a", "b.c")) == 'a."b.c"'
    assert line_numbers('[a]\n"b.c" = 1') == {"a": 1, 'a."b.c"': 2}


KEYS = st.sampled_from(["a", "b-1", "c_2", "3", "d e", "é", "f.g"])
VALUES = st.sampled_from(
    ["1", "true", '"x = 1"', "'#'", "[1,\n 2]", '"""\nz = 1\n"""', "{ k = 1 }", "1 # c", "[\n]"]
)


@given(st.lists(st.tuples(KEYS, VALUES, st.integers(0, 2)), max_size=7, unique_by=lambda x: x[0]))
def test_every_key_the_language_knows_is_placed_on_its_line(entries):
    """For any file of keys and values the scanner and tomllib find the same keys."""
    text, expected = "", {}
    for key, value, blank in entries:
        text += "\n" * blank
        expected[dotted((key,))] = text.count("\n") + 1
        text += f"{dotted((key,))} = {value}\n"
    assert line_numbers(text) == expected
    assert {dotted((key,)) for key in tomllib.loads(text)} == set(expected)


@given(st.text(alphabet="ab.=[]{}\"'#\n\\ ,1", max_size=60))
def test_text_that_is_no_toml_ends_the_scan_and_raises_nothing(text):
    """The scanner is safe with anything; it is only asked about valid files."""
    assert all(1 <= line <= text.count("\n") + 1 for line in line_numbers(text).values())


def test_a_monstrous_key_costs_no_monstrous_memory():
    """Only the first levels of a dotted key are kept apart."""
    assert len(line_numbers(".".join(["a"] * 3000) + " = 1")) == 8
