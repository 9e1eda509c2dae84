"""Does one thing with Python's own client of the Hub and prints what came of it as a line of JSON.

    hub-client.py '{"do": "snapshot", "id": "org/name", "patterns": ["config.json"]}'

An error that the client raises is an answer too: {"error": "LocalEntryNotFoundError"}.
"""

import json
import sys

import huggingface_hub
from huggingface_hub import constants

request = json.loads(sys.argv[1])
identity = request.get("id")
revision = request.get("revision")


def snapshot():
    path = huggingface_hub.snapshot_download(
        identity,
        revision=revision,
        allow_patterns=request.get("patterns"),
        force_download=request.get("forceDownload", False),
        max_workers=request.get("threads", 8),
    )
    return {"path": path}


def file():
    return {"path": huggingface_hub.hf_hub_download(identity, request["file"], revision=revision)}


def cached_file():
    found = huggingface_hub.try_to_load_from_cache(identity, request["file"], revision=revision)
    if isinstance(found, str):
        return {"path": found}
    return {"path": None, "absent": found is not None}


def scan():
    cache = huggingface_hub.scan_cache_dir()
    return {
        "warnings": [str(warning) for warning in cache.warnings],
        "incomplete": len(cache.incomplete_files),
        "repos": {
            repo.repo_id: {
                "size": repo.size_on_disk,
                "revisions": {
                    revision.commit_hash: {
                        "refs": sorted(revision.refs),
                        "size": revision.size_on_disk,
                        "files": sorted(
                            str(file.file_path.relative_to(revision.snapshot_path)) for file in revision.files
                        ),
                    }
                    for revision in repo.revisions
                },
            }
            for repo in cache.repos
        },
    }


def model():
    from model2vec import StaticModel

    loaded = StaticModel.from_pretrained(identity)
    return {"shape": list(loaded.embedding.shape), "vectors": loaded.encode(request["texts"]).tolist()}


def verify():
    result = huggingface_hub.HfApi().verify_repo_checksums(identity, revision=revision)
    return {"checked": result.checked_count, "mismatches": len(result.mismatches)}


def shown_constants():
    return {
        "cache": constants.HF_HUB_CACHE,
        "token": huggingface_hub.get_token(),
        "offline": constants.HF_HUB_OFFLINE,
        "endpoint": constants.ENDPOINT,
    }


actions = {
    "snapshot": snapshot,
    "file": file,
    "cached-file": cached_file,
    "scan": scan,
    "model": model,
    "verify": verify,
    "constants": shown_constants,
}
try:
    answer = actions[request["do"]]()
except Exception as error:
    answer = {"error": type(error).__name__, "message": str(error)}
print(json.dumps(answer))
