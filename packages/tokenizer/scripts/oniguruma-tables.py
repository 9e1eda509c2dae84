"""Writes src/oniguruma/character-tables.generated.ts from the tokenizers library itself.

Usage: python scripts/oniguruma-tables.py   (needs tokenizers==0.23.3)

The library compiles patterns with its own Oniguruma, whose Unicode version is not the one of Python or of
a JavaScript engine. So every set is asked from the library, for all code points, and never taken from either.
"""

import pathlib
import zlib

import tokenizers
from tokenizers import Regex, pre_tokenizers

assert tokenizers.__version__ == "0.23.3", tokenizers.__version__

SURROGATES = range(0xD800, 0xE000)
CODE_POINTS = [c for c in range(0x110000) if c not in SURROGATES]
EVERY_CHARACTER = "".join(map(chr, CODE_POINTS))
OUTPUT = pathlib.Path(__file__).parent.parent / "src/oniguruma/character-tables.generated.ts"

CATEGORIES = (
    "Cc Cf Cn Co Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs".split()
)
SCRIPTS = (
    "Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han "
    "Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Oriya Sinhala "
    "Tamil Telugu Thai Tibetan"
).split()


def matches(pattern, text):
    """The [start, end) of every match, in code points."""
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return [offsets for _, offsets in split.pre_tokenize_str(text)]


def members(pattern):
    """The code points that a pattern of one character matches."""
    found = set()
    for start, end in matches(f"(?:{pattern})+", EVERY_CHARACTER):
        found.update(CODE_POINTS[start:end])
    return found


# --- the encoding of src/unicode/code-point-set.ts ---

ALPHABET = " !\"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
FINAL = 72
CARRY = len(ALPHABET) - FINAL


def encode_number(number):
    letters = ""
    while number >= FINAL:
        value = FINAL + (number - FINAL) % CARRY
        letters += ALPHABET[value]
        number = (number - value) // CARRY
    return letters + ALPHABET[number]


def encode_numbers(numbers):
    return "".join(map(encode_number, numbers))


def encode_set(code_points):
    borders = []
    for code_point in sorted(code_points):
        if borders and borders[-1] == code_point:
            borders[-1] += 1
        else:
            borders += [code_point, code_point + 1]
    return encode_numbers(border - before - 1 for before, border in zip([-1, *borders], borders))


def zigzag(number):
    return 2 * number if number >= 0 else -2 * number - 1


# --- general categories ---


def category_runs(category_of):
    """[length, category] runs; pairs of an upper- and a lower-case letter in turn are one run of category '*'."""
    runs = []
    for code_point in range(0x110000):
        category = category_of[code_point]
        if runs and runs[-1][1] == category:
            runs[-1][0] += 1
        else:
            runs.append([1, category])
    merged = []
    i = 0
    while i < len(runs):
        j = i
        while j < len(runs) and runs[j] == [1, "Lu" if (j - i) % 2 == 0 else "Ll"]:
            j += 1
        length = (j - i) // 2 * 2
        if length > 0:
            merged.append([length, "*"])
            i += length
        else:
            merged.append(runs[i])
            i += 1
    return merged


category_of = ["Cn"] * 0x110000
categories = {name: members(rf"\p{{{name}}}") for name in CATEGORIES}
for name, code_points in categories.items():
    for code_point in code_points:
        category_of[code_point] = name
runs = category_runs(category_of)
symbols = [*CATEGORIES, "*"]


def union(*prefixes):
    return set().union(*(categories[name] for name in CATEGORIES if name.startswith(prefixes)))


alphabetic = members(r"\p{Alpha}")
lower = members(r"\p{Lower}")
upper = members(r"\p{Upper}")
decimal = union("Nd")
word = members(r"[\w]")
# What the reading side derives, held against the library.
derived = {
    r"\d": decimal,
    r"\p{Digit}": decimal,
    r"\s": union("Z") | {9, 10, 11, 12, 13, 0x85},
    r"[\s]": union("Z") | {9, 10, 11, 12, 13, 0x85},
    r"\p{Space}": union("Z") | {9, 10, 11, 12, 13, 0x85},
    r"\h": {ord(c) for c in "0123456789abcdefABCDEF"},
    r"[\w]": alphabetic | union("M", "Nd", "Pc"),
    r"[[:word:]]": alphabetic | union("M", "Nd", "Pc"),
    r"[\p{Word}]": alphabetic | union("M", "Nd", "Pc"),
    r"\w": word | {0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE},
    r"\p{Word}": word | {0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE},
    r"\p{Alnum}": alphabetic | decimal,
    r"\p{Blank}": union("Zs") | {9},
    r"\p{Cntrl}": union("Cc"),
    r"\p{Punct}": union("P"),
    r"[[:punct:]]": union("P", "S"),
    r"\p{PosixPunct}": union("P", "S"),
    r"\p{Graph}": union("L", "M", "N", "P", "S", "Cf", "Co"),
    r"\p{Print}": union("L", "M", "N", "P", "S", "Cf", "Co", "Zs"),
    r"\p{LC}": union("Lu", "Ll", "Lt"),
    r"\p{C}": union("C"),
    r"\p{Assigned}": set(CODE_POINTS) - union("Cn"),
    r"\p{Any}": set(CODE_POINTS),
    r"\p{ASCII}": set(range(128)),
}
for pattern, expected in derived.items():
    assert members(pattern) == expected, pattern

# --- case folding ---

cased = sorted(members(r"[\p{Cased}\p{Changes_When_Casefolded}\p{Changes_When_Casemapped}]"))
spaced = "\n".join(map(chr, cased))
group_of = {}
for code_point in cased:
    group_of[code_point] = sorted(ord(spaced[start]) for start, _ in matches(rf"(?i:[\x{{{code_point:X}}}])", spaced))
for code_point, group in group_of.items():
    assert code_point in group and all(group_of[other] == group for other in group), hex(code_point)
fold_of = {}
sequences = {}
for group in {tuple(g) for g in group_of.values()}:
    expansions = {chr(c).casefold() for c in group if len(chr(c).casefold()) > 1}
    if expansions:
        (expansion,) = expansions
        for c in group:
            assert matches(rf"\A(?i:\x{{{c:X}}})\z", expansion), hex(c)
        sequences[tuple(map(ord, expansion))] = list(group)
        continue
    if len(group) > 1:
        lower_ones = [c for c in group if chr(c).casefold() == chr(c) and c in lower] or [max(group)]
        for c in group:
            if c != lower_ones[0]:
                fold_of[c] = lower_ones[0]
canonical = {tuple(fold_of.get(c, c) for c in s): g for s, g in sequences.items()}

# Runs [distance from the last, count − 1, step − 1, zigzag of how far the fold is].
fold_numbers = []
pending = sorted(fold_of)
last = 0
while pending:
    start = pending[0]
    shift = fold_of[start] - start
    best = None
    for step in (1, 2):
        count = 1
        while fold_of.get(start + step * count) == start + step * count + shift:
            count += 1
        if best is None or count > best[0]:
            best = (count, step)
    count, step = best
    fold_numbers += [start - last, count - 1, step - 1, zigzag(shift)]
    taken = set(range(start, start + step * count, step))
    pending = [c for c in pending if c not in taken]
    last = start
sequence_numbers = []
for sequence in sorted(canonical, key=lambda s: (len(s), canonical[s])):
    sequence_numbers += [len(sequence), len(canonical[sequence]), *canonical[sequence], *sequence]

# --- output ---

tables = {
    "CATEGORY_LENGTHS": encode_numbers(length - 1 for length, _ in runs),
    "CATEGORY_NAMES": " ".join(CATEGORIES),
    "CATEGORY_OF_RUN": "".join(ALPHABET[symbols.index(category)] for _, category in runs),
    "ALPHABETIC": encode_set(alphabetic ^ union("L", "Nl")),
    "LOWERCASE": encode_set(lower ^ union("Ll")),
    "UPPERCASE": encode_set(upper ^ union("Lu")),
    "FOLDS": encode_numbers(fold_numbers),
    "FOLD_SEQUENCES": encode_numbers(sequence_numbers),
}
comments = {
    "CATEGORY_LENGTHS": "Length less one of each run of code points of one general category.",
    "CATEGORY_NAMES": "The general categories in the order of their letters.",
    "CATEGORY_OF_RUN": "One letter a run; the letter after the last name stands for Lu and Ll in turn.",
    "ALPHABETIC": "Ranges in exactly one of Alphabetic and L ∪ Nl.",
    "LOWERCASE": "Ranges in exactly one of Lowercase and Ll.",
    "UPPERCASE": "Ranges in exactly one of Uppercase and Lu.",
    "FOLDS": "Runs of code points with a fold: distance, count less one, step less one, zigzag of the shift.",
    "FOLD_SEQUENCES": "Sequences that single characters fold to: its length, their number, they, the sequence.",
}
lines = [
    "// Written by scripts/oniguruma-tables.py with tokenizers 0.23.3; do not edit.",
    "",
]
for name, value in tables.items():
    lines += [f"/** {comments[name]} */", f"export const {name}: string = '{value}';", ""]
lines += ["/** Ranges of the scripts that this package knows. */", "export const SCRIPTS: Readonly<Record<string, string>> = {"]
for name in SCRIPTS:
    script = encode_set(members(rf"\p{{{name}}}"))
    lines.append(f"  {name.lower()}: '{script}',")
lines += ["};", ""]
OUTPUT.write_text("\n".join(lines), encoding="utf-8")
for name, value in [*tables.items(), ("SCRIPTS", "\n".join(line for line in lines if line.startswith("  ")))]:
    print(f"{name}: {len(value)} bytes, {len(zlib.compress(value.encode(), 9))} compressed")
print(f"in all {len(zlib.compress(OUTPUT.read_bytes(), 9))} compressed")
