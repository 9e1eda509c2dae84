"""Writes fixtures/expected.json: what Python model2vec 0.10.0 makes of a few texts with the bundled model.

Run it in the reference's environment (docs/contributing/recorded-values.md); it takes nothing.
"""

import json
from importlib.metadata import version
from pathlib import Path

from model2vec import StaticModel

here = Path(__file__).parent
root = here.parent.parent
TEXTS = [
    "Alan Turing was born in Maida Vale, London.",
    "naïve café, Straße, 人工知能",
    "",
]

model = StaticModel.from_pretrained(root / "packages/model-minilm-l6/model")
# Each text alone, so that none depends on the others of its batch.
embeddings = [model.encode([text])[0].tolist() for text in TEXTS]
expected = {
    "reference": f"model2vec {version('model2vec')}, tokenizers {version('tokenizers')}",
    "texts": TEXTS,
    "embeddings": embeddings,
}
(here / "fixtures/expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n", encoding="utf-8")
