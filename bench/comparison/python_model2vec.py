"""Python's model2vec, measured like the programs beside this file."""

import json
import resource
import sys
import time

from model2vec import StaticModel

model = StaticModel.from_pretrained(sys.argv[1])
model.encode(["a first text"])
print("ready", flush=True)
with open(sys.argv[2], encoding="utf-8") as file:
    texts = file.read().split("\n")
began = time.perf_counter()
model.encode(texts)
seconds = time.perf_counter() - began
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump({"rate": len(texts) / seconds, "megabytes": megabytes}, sys.stdout)
