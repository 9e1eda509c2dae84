"""Random texts: every kind that tokenizers have been seen to disagree on."""

from random import Random

from corpus import BLOCKS, LETTERS, SENTENCES, code_point, pseudo_word, sentence

SPACES = "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
CONTROLS = "".join(map(chr, range(32))) + "\x7f\x80\x85\x9f\xad\u0600\u061c\u06dd\u070f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2064\u2066\ufeff\ufff9\ufffb\ufffc\ufffd\ufffe\U000110bd\U000e0001\U000e0041\U0001d173"
MARKS = "\u0300\u0301\u0302\u0303\u0307\u0308\u030a\u031b\u0323\u0327\u0328\u0334\u0338\u0345\u034f\u035c\u0361\u0363\u0483\u0488\u05b0\u05bc\u05c1\u064b\u0651\u0670\u093c\u094d\u0e38\u0e4b\u0f71\u0f72\u0f74\u102b\u1ab0\u1dc0\u20d0\u20dd\u20e3\u302a\u3099\u309a\ufe0e\ufe0f\ufe20\U0001d165\U0001d16d\U0001e8d0\U0001f3fd"
CASING = "İIıiǅǆǄßẞﬀﬃﬆΣσςΑΣ ͅᾳᾼᾈἈΐŉǰẖⅧⓐꭰᏰᲐაᵹꞋꞮꟂＡＺ𐐀𐐨𞤀𞤢Ωω KkÅåÅȺⱥẛϐϑϕϖϰϱϵ"
HANGUL = [(0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2), (0xAC00, 0xD7A3), (0x1113, 0x115F), (0xA960, 0xA97C)]
EMOJI = ["👩", "👨", "👧", "👦", "❤", "🏳", "🌈", "🏴", "\u200d", "\u200d", "\ufe0f", "🏽", "🏿", "🇮", "🇳", "🇫", "#\ufe0f\u20e3", "☠", "⚕", "🦰", "©", "‼", "\U000e0067", "\U000e007f", "a", " "]
COMPOSED = ["é", "e\u0301", "ñ", "n\u0303", "Å", "A\u030a", "Å", "ậ", "ẫ", "ạ\u0302", "a\u0323\u0302", "a\u0302\u0323", "ﷺ", "ﬃ", "①", "㌀", "㍿", "ｶﾞ", "ガ", "か\u3099", "각", "\u1100\u1161\u11a8", "가\u11a8", "\u0958", "\u0915\u093c", "\u0f43", "\u2126", "\u0340", "\u0344", "\u0374", "\u037e", "\u1f71", "\u2000", "\ufb1d", "\U0001d15e", "\U0002f800", "\u0e33", "\u0eb3", "\ufdfa", "\u1e9b\u0323", "\u03d3", "\u0149", "ĳ", "ŀ", "½", "…", "™", "²", "ª", "\u2011", "\u212b", "\u3392"]
SPECIALS = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "<|endoftext|>", "<|im_start|>", "<0x0A>", "<0xFF>", "<0x4", "##", "##ing", "@@", "</w>", "▁", "▁▁", "_", "Ġ", "Ċ", "Ā", "[unk]", "[ UNK ]", "<S>", "<|", "|>"]
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¢£¤¥¦§¨©«¬®¯°±´¶·¸»¿×÷–—‘’“”•…‰′⁂⁄₠€™→∀∑≤─█☃✂❤⟦⦅⸀、。〈】〰゠・﴾︰﹐！＂～｡�𐄀𐩐𑁇𝛁🀀"
DIGITS = "0123456789²³¹¼٠١٥٩۵०९๐᠐⁰₉⅓Ⅷↈ①⒈⓿〇〡一二㉈㊿０９𐄇𐒠𐡘𑁦𝟎𝟿🄀🯰"


def _join(rng: Random, alphabet: str | list[str], most: int) -> str:
    return "".join(rng.choices(alphabet, k=rng.randint(1, most)))


def _noise(rng: Random) -> str:
    """Words over two or three blocks, with marks and punctuation between the letters."""
    blocks = rng.sample(BLOCKS, rng.randint(1, 3))
    out = []
    for _ in range(rng.randint(1, 30)):
        draw = rng.random()
        if draw < 0.7:
            out.append(chr(rng.randint(*rng.choice(blocks))))
        elif draw < 0.8:
            out.append(rng.choice(MARKS))
        elif draw < 0.9:
            out.append(" ")
        else:
            out.append(rng.choice(PUNCTUATION + "\n,. "))
    return "".join(out)


def _hangul(rng: Random) -> str:
    return "".join(chr(rng.randint(*rng.choice(HANGUL))) for _ in range(rng.randint(1, 12)))


def _mixture(rng: Random) -> str:
    """Short runs of several kinds, so that their borders meet."""
    pools: list[str | list[str]] = [SPACES, CONTROLS, MARKS, CASING, EMOJI, COMPOSED, SPECIALS, PUNCTUATION, DIGITS, rng.choice(LETTERS)]
    return "".join(_join(rng, rng.choice(pools), 4) for _ in range(rng.randint(1, 10)))


def _long_word(rng: Random) -> str:
    piece = rng.choice(["x", "ab", "é", "漢", "a\u0301", "1", "#", "[", "\u0301", "🙂", pseudo_word(rng), code_point(rng)])
    return (piece * (rng.choice([49, 50, 51, 99, 100, 101, 200, 513, 1500]) // len(piece) + rng.randint(0, 1)))[:2000]


def _pieces(rng: Random, pieces: list[str]) -> str:
    """Strings near the vocabulary: tokens glued, cut, case changed, with spaces or other characters between."""
    out = []
    for _ in range(rng.randint(1, 12)):
        piece = rng.choice(pieces)
        draw = rng.random()
        if draw < 0.15 and piece:
            piece = piece[: rng.randint(1, len(piece))]
        elif draw < 0.3 and piece:
            piece = piece[rng.randrange(len(piece)) :]
        elif draw < 0.4:
            piece = rng.choice([str.upper, str.lower, str.title, str.swapcase])(piece)
        out.append(piece)
        if rng.random() < 0.3:
            out.append(rng.choice([" ", "  ", "\n", "-", "'", "a", "1", code_point(rng), rng.choice(SPACES)]))
    return "".join(out)


def _around(rng: Random, contents: list[str]) -> str:
    """Added tokens in every neighbourhood that their flags look at: letters, marks, spaces, the borders of the text."""
    out = []
    for _ in range(rng.randint(1, 6)):
        out.append(rng.choice(["", " ", "  ", "\t", "\u00a0", "\u3000", "a", "Z", "_", "9", "é", "\u0301", ".", "-", "漢", "\u200d", "\n", "²", sentence(rng), code_point(rng)]))
        content = rng.choice(contents)
        draw = rng.random()
        if draw < 0.15:
            content = rng.choice([str.upper, str.lower, str.title])(content)
        elif draw < 0.25:
            content = content[: rng.randint(1, len(content))] if content else content
        elif draw < 0.3:
            content = content.replace(" ", "  ")
        elif draw < 0.4:
            content += content
        out.append(content)
    out.append(rng.choice(["", " ", "a", ".", "\u0301", "  "]))
    return "".join(out)


def random_text(rng: Random, pieces: list[str], contents: list[str]) -> str:
    """One text; `pieces` are tokens of the vocabulary and `contents` those of the added tokens."""
    draw = rng.random()
    if draw < 0.14:
        return " ".join(sentence(rng) for _ in range(rng.randint(1, 3)))
    if draw < 0.30 and pieces:
        return _pieces(rng, pieces)
    if draw < 0.42 and contents:
        return _around(rng, contents)
    if draw < 0.52:
        return _noise(rng)
    if draw < 0.60:
        return "".join(code_point(rng) for _ in range(rng.randint(1, 12)))
    if draw < 0.72:
        return _mixture(rng)
    if draw < 0.76:
        return _hangul(rng)
    if draw < 0.80:
        return rng.choice(["", " ", "a"]) + _join(rng, MARKS, 30) + rng.choice(["", "a", " b"])
    if draw < 0.84:
        return _join(rng, EMOJI, 10)
    if draw < 0.88:
        return "".join(rng.choice(COMPOSED + list(CASING) + [" "]) for _ in range(rng.randint(1, 10)))
    if draw < 0.90:
        return rng.choice(SENTENCES)
    if draw < 0.93:
        return _join(rng, SPACES, 6) if rng.random() < 0.5 else _join(rng, SPACES, 3) + sentence(rng) + _join(rng, SPACES, 3)
    if draw < 0.95:
        return _long_word(rng)
    if draw < 0.97:
        return rng.choice(["", " ", "\n", "\ufffd", "a", "▁", "\u0301", "\x00", code_point(rng)])
    if draw < 0.98:
        return rng.choice(["", "\u200f", "\u202e"]) + pseudo_word(rng, LETTERS[7]) + rng.choice([" ", "\u200f", "\u05be"]) + pseudo_word(rng, LETTERS[8]) + _join(rng, MARKS, 3)
    if draw < 0.996:
        return rng.choice(["", "Ab "]) + _join(rng, DIGITS + PUNCTUATION, 12)
    return " ".join(sentence(rng) for _ in range(rng.randint(20, 80)))
