"""Runs a command in a process group of its own, and ends all of it with whoever holds this program's standard input.

    guarded-process.py FOLDER COMMAND...

Lines on the standard input: "stop" asks the command to end (SIGINT, then SIGKILL), "kill" ends the group at once. The
end of the input, which also comes when the holder is killed, does the same and removes FOLDER. The exit code is the
command's.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

folder, command = sys.argv[1], sys.argv[2:]
child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
# Set when the holder is gone: then the folder goes as well, and this program ends only after that.
abandoned = threading.Event()


def kill_group() -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def obey() -> None:
    for line in sys.stdin:
        if line.strip() == 'stop':
            child.send_signal(signal.SIGINT)
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                pass
        kill_group()
    abandoned.set()
    kill_group()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.SIG_IGN)
obedience = threading.Thread(target=obey, daemon=True)
obedience.start()
code = child.wait()
# What the command started must not outlive it.
kill_group()
if abandoned.is_set():
    obedience.join()
os._exit(code if code >= 0 else 128 - code)
