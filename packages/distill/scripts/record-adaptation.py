"""Records what the closed form of adaptation gives in numpy, in float64, for the tests of this package.

    python packages/distill/scripts/record-adaptation.py packages/distill/src/fixtures

Needs numpy and safetensors. The formulas are those in the comment of `adapt/ridge-solver.ts`; conjugate gradients are
written out, since the number of their steps is part of the method.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

TEXTS, TOKENS, TEACHER, TABLE, COLUMNS = 2000, 300, 38, 36, 34
LAMBDA, ROUNDS, STEPS = 0.03, 2, 14


def problem():
    random = np.random.default_rng(11)
    dense = np.zeros((TEXTS, TOKENS))
    sequences = []
    # Frequencies fall as Zipf says; the last tokens never occur. The more texts there are for a token, the less do steps
    # that end early depend on rounding, which the tested code does to float32.
    frequencies = 1 / (np.arange(1, TOKENS - 9) + 20)
    for text in range(TEXTS):
        ids = random.choice(TOKENS - 10, size=random.integers(1, 25), p=frequencies / frequencies.sum())
        sequences.append(ids)
        for token in ids:
            dense[text, token] += 1 / len(ids)
    hidden = random.normal(size=(TOKENS, TEACHER)) * np.exp(-np.arange(TEACHER) / 15)
    vectors = np.tanh(dense @ hidden * 2) + 0.1 * random.normal(size=(TEXTS, TEACHER))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    table = (hidden @ random.normal(size=(TEACHER, TABLE)) + random.normal(size=(TOKENS, TABLE))).astype(np.float32)
    weights = np.where(random.random(TEXTS) < 0.2, 3, 1).astype(np.float32)
    return sequences, dense, vectors, table, weights


def conjugate_gradients(a, targets, start, scales, weights, lam):
    squares = weights * scales**2
    diagonal = lam + (a**2).T @ squares
    residual = a.T @ ((weights * scales)[:, None] * targets - squares[:, None] * (a @ start))
    table = start.copy()
    direction = residual / diagonal[:, None]
    old = (residual * direction).sum(0)
    for _ in range(STEPS):
        product = lam * direction + a.T @ (squares[:, None] * (a @ direction))
        alpha = old / np.maximum((direction * product).sum(0), 1e-20)
        table += alpha * direction
        residual -= alpha * product
        new = (residual**2 / diagonal[:, None]).sum(0)
        direction = residual / diagonal[:, None] + new / np.maximum(old, 1e-20) * direction
        old = new
    return table


def fit(a, vectors, table, weights):
    y, x = vectors.astype(np.float64), table.astype(np.float64)
    _, axes = np.linalg.eigh((y * weights[:, None]).T @ y)
    targets = y @ axes[:, ::-1][:, :COLUMNS]
    pooled = a @ x
    gram = (pooled * weights[:, None]).T @ pooled
    gram += 1e-6 * np.trace(gram) / TABLE * np.eye(TABLE)
    start = x @ np.linalg.solve(gram, (pooled * weights[:, None]).T @ targets)
    start *= np.median(1 / np.maximum(np.linalg.norm(a @ start, axis=1), 1e-6))
    result = start
    for _ in range(ROUNDS):
        scales = np.minimum(5, 1 / np.maximum(np.linalg.norm(a @ result, axis=1), 1e-6))
        result = conjugate_gradients(a, targets, start, scales, weights, LAMBDA)
    return start, result


def main():
    sequences, dense, vectors, table, weights = problem()
    files = {
        "ids": np.concatenate(sequences).astype(np.float32),
        "lengths": np.array([len(ids) for ids in sequences], dtype=np.float32),
        "vectors": vectors,
        "table": table,
        "weights": weights,
    }
    for name, used in (("plain", np.ones(TEXTS)), ("weighted", weights.astype(np.float64))):
        start, result = fit(dense, vectors, table, used)
        files[f"{name}.start"] = start.astype(np.float32)
        files[f"{name}.result"] = result.astype(np.float32)
    save_file(files, Path(sys.argv[1]) / "adaptation.safetensors")


main()
