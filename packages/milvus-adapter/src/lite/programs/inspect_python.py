"""Prints the version of this Python, and whether it can make virtual environments, as JSON.

Runs on every Python since 2.7, so that an old one can be named in the error.
"""

import json
import sys

try:
    import ensurepip
    import venv

    able = bool(ensurepip) and bool(venv)
except ImportError:
    able = False
print(json.dumps({'version': '.'.join(str(part) for part in sys.version_info[:3]), 'able': able}))
