"""Writes src/unicode/*.generated.ts from what the reference library does with every code point.

Usage: python scripts/unicode-tables.py      (needs Python 3 with tokenizers==0.23.3)

The library's Rust crates carry Unicode tables of several versions, and a JavaScript engine carries yet another, so
nothing here is read from Unicode files: every set is the answer of the component that uses it. The output is the
same, byte for byte, on every run.
"""

import gzip
import json
import pathlib
import struct
import unicodedata

import tokenizers
from tokenizers import NormalizedString, normalizers, pre_tokenizers

LIBRARY = "0.23.3"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
TARGET = pathlib.Path(__file__).resolve().parent.parent / "src" / "unicode"

# The alphabet and the split are those of src/unicode/code-point-set.ts.
ALPHABET = "".join(chr(c) for c in range(0x20, 0x7F) if chr(c) not in "'\\")
FINAL_LETTERS = 72
CARRY_LETTERS = len(ALPHABET) - FINAL_LETTERS


def encode_numbers(numbers):
    letters = []
    for number in numbers:
        while number >= FINAL_LETTERS:
            number -= FINAL_LETTERS
            letters.append(ALPHABET[FINAL_LETTERS + number % CARRY_LETTERS])
            number //= CARRY_LETTERS
        letters.append(ALPHABET[number])
    return "".join(letters)


def ranges_of(members, optional=frozenset(range(0xD800, 0xE000))):
    """Borders of the fewest ranges that hold all members and nothing that is neither member nor optional."""
    borders = []
    for member in sorted(members):
        if borders and all(c in optional for c in range(borders[-1], member)):
            borders[-1] = member + 1
        else:
            borders += [member, member + 1]
    return borders


def encode_borders(borders):
    return encode_numbers(b - a - 1 for a, b in zip([-1, *borders], borders))


def encode_set(members, optional=frozenset(range(0xD800, 0xE000))):
    return encode_borders(ranges_of(members, optional))


# --- asking the library -------------------------------------------------------------------------------------------


def where(test):
    return {c for c in CODE_POINTS if test(chr(c))}


def pieces(pre_tokenizer, text):
    return len(pre_tokenizer.pre_tokenize_str(text))


def normal_form(form, text):
    normalized = NormalizedString(text)
    getattr(normalized, form)()
    return normalized.normalized


def charsmap(lead_bytes):
    """A SentencePiece charsmap that turns whatever begins with one of these bytes into X."""
    units = [0] * 1024
    units[0] = 256 << 10
    for byte in lead_bytes:
        units[256 ^ byte] = 768 << 10 | 1 << 8 | byte
    return normalizers.Precompiled(struct.pack("<I", 4 * len(units)) + struct.pack("<1024I", *units) + b"X\0")


def bert(**options):
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return normalizers.BertNormalizer(**{**off, **options})


WHITE_SPACE = where(lambda c: normalizers.Strip().normalize_str(c) == "")
WORD = where(lambda c: [p for p, _ in pre_tokenizers.Whitespace().pre_tokenize_str("a" + c)] == ["a" + c])
SPACE_OF_REGEX = where(lambda c: [p for p, _ in pre_tokenizers.Whitespace().pre_tokenize_str("a" + c)] == ["a"])
NUMERIC = where(lambda c: pieces(pre_tokenizers.Digits(individual_digits=True), "a" + c) > 1)
PUNCTUATION = where(lambda c: pieces(pre_tokenizers.Punctuation(), "a" + c) > 1)
CLEANED = where(lambda c: bert(clean_text=True).normalize_str(c) == "")
COMBINING_MARK = where(lambda c: normalizers.StripAccents().normalize_str(c) == "")
CHINESE = where(lambda c: bert(handle_chinese_chars=True).normalize_str(c) != c)
LOWERCASE = {c: low for c in CODE_POINTS for low in [normalizers.Lowercase().normalize_str(chr(c))] if low != chr(c)}
FORMS = {
    form: {c: text for c in CODE_POINTS for text in [normal_form(form, chr(c))] if text != chr(c)}
    for form in ("nfd", "nfkd", "nfc", "nfkc")
}
# What decomposes never reaches this test in the library, so it may be on either side.
NONSPACING_MARK = where(lambda c: ord(c) not in FORMS["nfd"] and bert(strip_accents=True).normalize_str(c) == "")

# src/normalizers/bert-normalizer.ts knows these by heart.
CHINESE_RANGES = [
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F),
]

assert SPACE_OF_REGEX == WHITE_SPACE
assert PUNCTUATION == where(lambda c: pieces(pre_tokenizers.BertPreTokenizer(), "a" + c) > 1)
assert {0, 0xFFFD} <= CLEANED


# --- normal forms -------------------------------------------------------------------------------------------------


def combines(text):
    """Whether a character that does not decompose has a combining class other than 0."""
    # U+0334 has the lowest class, 1, and U+0345 the highest, 240: only class 0 stands still next to both.
    return normal_form("nfd", text + "\u0334")[0] == "\u0334" or normal_form("nfd", "\u0345" + text)[0] == text


MARKS = {c for c in CODE_POINTS if c not in FORMS["nfd"] and combines(chr(c))}


def composing():
    """Every character that takes part in a canonical composition."""
    members = set(range(0x1100, 0x1113)) | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    for c, decomposed in FORMS["nfd"].items():
        if c not in FORMS["nfc"]:
            first = normal_form("nfc", decomposed[:-1])
            assert len(first) == 1, hex(c)
            assert normal_form("nfc", first + decomposed[-1]) == chr(c), hex(c)
            members |= {c, ord(first), ord(decomposed[-1])}
    return members


# Code points that an engine may normalise. It must be given those that the library does something with; it may be
# given those that were assigned in Unicode 3.2, which no later version may change; nothing else, because a newer
# engine could know more about it than the library.
NORMALIZED = MARKS.union(composing(), *FORMS.values())
HARMLESS = {c for c in CODE_POINTS if unicodedata.ucd_3_2_0.category(chr(c)) != "Cn"} | set(range(0xD800, 0xE000))


# --- grapheme clusters --------------------------------------------------------------------------------------------

# A cluster of fewer than six bytes is looked up as a whole, so X swallows what follows its first character there.
KEY_A, KEY_CC, KEY_E0, KEY_E1, KEY_E2 = (charsmap([b]) for b in (0x61, 0xCC, 0xE0, 0xE1, 0xE2))
KEY_ALL = charsmap(range(0xC2, 0xF5))


def joined(key, before, after):
    """Whether no cluster begins at `after`, a character of three bytes that `key` matches."""
    return key.normalize_str(before + after + "\u0300").endswith("\u0300")


JOINING = where(lambda c: KEY_A.normalize_str("a" + c) == "X")
PREPEND = where(lambda c: KEY_ALL.normalize_str(c + "a") == "X")
CONTROL = where(lambda c: KEY_CC.normalize_str(c + "\u0300\u0301").count("X") == 1)
PICTOGRAPHIC = where(lambda c: joined(KEY_E2, c + "\u200d", "\u263a"))
EXTEND = where(lambda c: joined(KEY_E2, "\u263a" + c + "\u200d", "\u263a")) - PICTOGRAPHIC
CONSONANT = where(lambda c: joined(KEY_E0, c + "\u094d", "\u0915"))
LINKER = where(lambda c: joined(KEY_E0, "\u0915" + c, "\u0915")) - PREPEND
CONJUNCT_EXTEND = where(lambda c: joined(KEY_E0, "\u0915" + c + "\u094d", "\u0915")) - CONSONANT - LINKER
BEFORE_L = where(lambda c: joined(KEY_E1, c, "\u1100")) - PREPEND
BEFORE_V = where(lambda c: joined(KEY_E1, c, "\u1161")) - PREPEND
BEFORE_T = where(lambda c: joined(KEY_E1, c, "\u11a8")) - PREPEND
SYLLABLES = set(range(0xAC00, 0xD7A4))
LV = set(range(0xAC00, 0xD7A4, 28))
HANGUL_L, HANGUL_V, HANGUL_T = BEFORE_L, BEFORE_V - BEFORE_L - LV, BEFORE_T - BEFORE_V - SYLLABLES

assert BEFORE_V == HANGUL_L | HANGUL_V | LV
assert BEFORE_T == HANGUL_V | HANGUL_T | SYLLABLES
assert EXTEND | {0x200D} <= JOINING and not LINKER & CONSONANT
assert LINKER <= EXTEND and CONJUNCT_EXTEND <= EXTEND | {0x200D}, [hex(c) for c in LINKER - EXTEND]

# --- scripts ------------------------------------------------------------------------------------------------------


def scripts():
    """Runs of one script: `[start, end, script]`. Script 0 goes with every other; it has no piece of its own."""
    pre_tokenizer = pre_tokenizers.UnicodeScripts()
    runs, first_of, previous = [], [], (None, 0)
    for c in CODE_POINTS:
        text = chr(c)
        if pieces(pre_tokenizer, text) == 0:
            script = 0
        elif previous[1] and pieces(pre_tokenizer, previous[0] + text) == 1:
            script = previous[1]
        else:
            script = next((i for i, f in enumerate(first_of, 1) if pieces(pre_tokenizer, f + text) == 1), 0)
            if script == 0:
                first_of.append(text)
                script = len(first_of)
        previous = (text, script)
        if runs and runs[-1][2] == script:
            runs[-1][1] = c + 1
        else:
            runs.append([c, c + 1, script])
    return runs


# --- writing ------------------------------------------------------------------------------------------------------

SIZES = {}


def write(name, text):
    header = (
        f"// Written by scripts/unicode-tables.py from the answers of tokenizers {LIBRARY}; do not edit.\n"
    )
    content = header + text
    (TARGET / f"{name}.generated.ts").write_text(content, encoding="utf-8", newline="\n")
    SIZES[name] = len(gzip.compress(text.encode(), 9, mtime=0))


def constants_module(name, exports):
    """`exports`: (name, encoded text, comment)."""
    write(name, "\n".join(f"/** {comment} */\nexport const {symbol}: string =\n  '{text}';\n" for symbol, text, comment in exports))


def write_lowercase():
    special = {c: low for c, low in LOWERCASE.items() if len(low) > 1}
    assert special == {0x130: "i\u0307"}, special
    pairs = [(c, ord(low) - c) for c, low in sorted(LOWERCASE.items()) if c not in special]
    runs, i = [], 0
    while i < len(pairs):
        start, shift = pairs[i]
        length, stride = 1, 1
        for candidate in (1, 2):
            n = 1
            while i + n < len(pairs) and pairs[i + n] == (start + n * candidate, shift):
                n += 1
            if n > length:
                length, stride = n, candidate
        runs.append((start, length, stride, shift))
        i += length
    gaps, shapes, shifts, end = [], [], [], 0
    for start, length, stride, shift in runs:
        gaps.append(start - end)
        shapes.append(2 * (length - 1) + stride - 1)
        shifts.append(2 * shift if shift >= 0 else -2 * shift - 1)
        end = start + (length - 1) * stride
    comment = (
        "Runs of characters that have a lowercase, in three parts of equal length: distance from the end of the run\n"
        " * before; twice the length less one, plus 1 where every other character is meant; shift, its sign last."
    )
    constants_module("lowercase", [("LOWERCASE_RUNS", encode_numbers(gaps + shapes + shifts), comment)])


def write_scripts():
    runs = scripts()
    numbers = [b - a - 1 for a, b, _ in runs] + [script for _, _, script in runs]
    comment = "Runs that follow one another from U+0000: all their lengths less one, then all their scripts."
    constants_module("scripts", [("SCRIPT_RUNS", encode_numbers(numbers), comment)])


def main():
    assert tokenizers.__version__ == LIBRARY, f"needs tokenizers=={LIBRARY}, found {tokenizers.__version__}"
    constants_module("white-space", [("WHITE_SPACE_RANGES", encode_set(WHITE_SPACE), "Rust's `char::is_whitespace`.")])
    constants_module("word", [("WORD_RANGES", encode_set(WORD), "`\\w` of Rust's regex crate.")])
    constants_module("numeric", [("NUMERIC_RANGES", encode_set(NUMERIC), "Rust's `char::is_numeric`.")])
    constants_module("punctuation", [("PUNCTUATION_RANGES", encode_set(PUNCTUATION), "ASCII punctuation, and category P of the unicode_categories crate.")])
    constants_module("control", [("CONTROL_RANGES", encode_set(CLEANED), "What BertNormalizer's `clean_text` removes.")])
    constants_module("combining-mark", [("COMBINING_MARK_RANGES", encode_set(COMBINING_MARK), "Category M of Unicode 9, which StripAccents removes.")])
    # Either answer does for what decomposes, so take the one that needs fewer ranges.
    either = set(FORMS["nfd"]) | set(range(0xD800, 0xE000))
    constants_module("nonspacing-mark", [("NONSPACING_MARK_RANGES", encode_set(NONSPACING_MARK - either, either), "Category Mn of the unicode_categories crate, as far as NFD leaves it to be asked for.")])
    write_lowercase()
    write_scripts()
    constants_module("grapheme", [
        ("EXTEND_DIFFERENCE", encode_set(EXTEND ^ COMBINING_MARK), "Extend: what is only there or only in the combining marks."),
        ("SPACING_MARK_RANGES", encode_set(JOINING - EXTEND - {0x200D}), "SpacingMark."),
        ("PREPEND_RANGES", encode_set(PREPEND), "Prepend."),
        ("CONTROL_RANGES", encode_set(CONTROL), "Control, CR and LF."),
        ("PICTOGRAPHIC_RANGES", encode_set(PICTOGRAPHIC), "Extended_Pictographic."),
        ("CONSONANT_RANGES", encode_set(CONSONANT), "InCB=Consonant."),
        ("LINKER_RANGES", encode_set(LINKER), "InCB=Linker."),
        ("LEADING_JAMO_RANGES", encode_set(HANGUL_L), "Hangul_Syllable_Type=L."),
        ("VOWEL_JAMO_RANGES", encode_set(HANGUL_V), "Hangul_Syllable_Type=V."),
        ("TRAILING_JAMO_RANGES", encode_set(HANGUL_T), "Hangul_Syllable_Type=T."),
    ])
    # src/unicode/grapheme.ts knows these two by heart.
    assert 0x200D in CONJUNCT_EXTEND and EXTEND - LINKER - CONJUNCT_EXTEND == {0x200C}
    decomposed = encode_set(MARKS.union(FORMS["nfd"]), HARMLESS)
    constants_module("decomposition", [("DECOMPOSED_RANGES", decomposed, "What NFD of the reference's crate decomposes or reorders, and what no engine does between.")])
    constants_module("normal-form", [("NORMALIZED_RANGES", encode_set(NORMALIZED, HARMLESS), "What the reference's crate normalizes, and what no engine does between.")])
    assert CHINESE == {c for a, b in CHINESE_RANGES for c in range(a, b + 1)}
    print(json.dumps(SIZES, indent=2), sum(SIZES.values()))


main()
