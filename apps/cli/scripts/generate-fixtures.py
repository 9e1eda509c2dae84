"""Writes fixtures/: what numpy and model2vec make of values and texts that the tests give to m2v as well.

    python scripts/generate-fixtures.py     (needs model2vec==0.10.0; run in apps/cli)
"""

import json
from pathlib import Path

import model2vec
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
MODEL = ROOT.parent.parent / "packages" / "model-minilm-l6" / "model"

TEXTS = [
    "Artificial intelligence was founded as an academic discipline in 1956.",
    "Where was Alan Turing born?",
    "",
    "   ",
    "line\u2028separator, next\u0085line, carriage\rreturn, nul\u0000byte",
    "\ufeffa byte order mark, and \ufffd a replacement character",
    "\u65e5\u672c\u8a9e \U0002000b \u0e20\u0e32\u0e29\u0e32 \U0001f600",
    "\"quotes\", \\backslashes\\, \ttabs and <html>&amp;</html>",
    "Na\u00efve caf\u00e9, \u0130STANBUL, \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
    "word " * 700,
]


def main() -> None:
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / "texts.json").write_text(json.dumps(TEXTS, indent=1) + "\n")
    model = model2vec.StaticModel.from_pretrained(str(MODEL))
    embeddings = model.encode(TEXTS).astype(np.float32)
    np.save(FIXTURES / "embeddings.npy", embeddings)
    np.save(FIXTURES / "embeddings-empty.npy", embeddings[:0])
    ids = [model.tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS[:-1]]
    lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in ids)
    (FIXTURES / "ids.jsonl").write_text(lines)


main()
