"""Runs Milvus Lite for every process of a user that opens the same folder.

    python -c PROGRAM OPTIONS-AS-JSON

What keeps the server alive: each process that uses it holds one TCP connection to the control port, a *lease*. The
process that starts the server also holds its standard input until it has a lease. The system closes both when a process
ends, also by kill -9, so no heartbeat or process id is needed. The program ends after its last lease, or as many
milliseconds later as a user has asked for, so that the next user need not wait for a start. It is
detached, so neither Ctrl-C in a terminal nor the end of the process that started it takes the server away from others.

What makes it the only server of a folder: it takes a kernel lock on a file in the state folder before anything slow.
Node has no such locks, and only such a lock is released exactly when its holder is gone. Of many programs started at
once one stays. The others report `busy` within some 50 ms, and their starters wait for the state file.

The state file is readable by its user only. It holds a token, which the control port asks for, and a proof, by which a
client recognises the server, because the port may belong to another program by then.

Everything up to the version check runs on every Python since 2.7, so that an old one can be named in the error.
"""
# The lock and the version come before slow imports, so imports are not at the top.
# ruff: noqa: E402

import sys

# With -c the working folder comes first on the path, and a numpy.py in it would be imported.
sys.path[:] = [entry for entry in sys.path if entry not in ('', '.')]
import errno
import json
import os

events = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)


def emit(**event):
    try:
        events.write(json.dumps(event) + '\n')
        events.flush()
    except (IOError, OSError, ValueError):
        pass


def fail(reason, **detail):
    emit(event='failed', reason=reason, **detail)
    sys.stderr.flush()
    os._exit(3)


if sys.version_info < (3, 10):
    fail('old-python', found='.'.join(str(part) for part in sys.version_info[:3]))

options = json.loads(sys.argv[1])
state_folder = options['stateFolder']
try:
    lock = os.open(os.path.join(state_folder, 'lock'), os.O_RDWR | os.O_CREAT, 0o600)
except OSError as error:
    fail('system', name=errno.errorcode.get(error.errno, ''), message=str(error), state=True)
try:
    if os.name == 'nt':
        import msvcrt

        msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError as error:
    if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
        emit(event='busy')
        os._exit(0)
    fail('system', name=errno.errorcode.get(error.errno, ''), message=str(error), state=True)
os.ftruncate(2, 0)

import faulthandler
import re
import secrets
import selectors
import signal
import socket
import threading
import time
import traceback
import types

faulthandler.enable()

opened = False
waker, wake = socket.socketpair()
wake.setblocking(False)


def watch_starter():
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    if not opened:
        os._exit(0)
    wake.send(b's')


threading.Thread(target=watch_starter, daemon=True).start()

from importlib import metadata

try:
    version = metadata.version('milvus-lite')
except metadata.PackageNotFoundError:
    fail('not-installed', missing='milvus-lite')
if not (3, 2) <= tuple(int(part) for part in re.findall('[0-9]+', version)[:2]) < (4, 0):
    fail('wrong-version', found=version)
try:
    from milvus_lite.adapter.grpc.server import start_server_in_thread
    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from milvus_lite.engine.collection import Collection
    from milvus_lite.exceptions import DataDirLockedError
    from milvus_lite.storage.wal import WAL
except ImportError as error:
    traceback.print_exc()
    if isinstance(error, ModuleNotFoundError):
        fail('not-installed', missing=error.name)
    fail('broken', message=str(error))


def load_module(name, source):
    module = types.ModuleType(name)
    exec(compile(source, name + '.py', 'exec'), module.__dict__)
    return module


safety = load_module('write_safety', options['writeSafety']).WriteSafety(lambda: wake.send(b'f'))


def try_port(port):
    # gRPC servers silently share a port, so the port is tested first.
    probe = socket.socket()
    if os.name != 'nt':
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with probe:
        probe.bind(('127.0.0.1', port))


def earlier_port():
    # Only a crashed server leaves its state file, and its clients reconnect to that port.
    try:
        with open(state_file) as file:
            port = int(json.load(file)['port'])
        try_port(port)
        return port
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return 0


state_file = os.path.join(state_folder, options['stateFile'])
port = options['port']
if port:
    try:
        try_port(port)
    except OSError as error:
        fail('port-taken', message=str(error))
else:
    port = earlier_port()

safety.install(MilvusServicer, MilvusLite, Collection, WAL)
opened = True
try:
    server, db, port = start_server_in_thread(options['folder'], host='127.0.0.1', port=port)
except DataDirLockedError:
    fail('locked')
except OSError as error:
    traceback.print_exc()
    fail('system', name=errno.errorcode.get(error.errno, ''), message=str(error))
except Exception as error:
    traceback.print_exc()
    fail('crashed', message='%s: %s' % (type(error).__name__, error))

listener = socket.create_server(('127.0.0.1', 0))
token, proof = secrets.token_hex(16), secrets.token_hex(16)
about = {
    'protocol': options['protocol'],
    'folder': options['folder'],
    'pid': os.getpid(),
    'port': port,
    'started': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()),
    'milvusLite': version,
    'python': sys.executable,
    'proof': proof,
}
try:
    draft = os.open(state_file + '.new', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(draft, 'w') as file:
        json.dump(dict(about, control=listener.getsockname()[1], token=token), file)
    os.replace(state_file + '.new', state_file)
except OSError as error:
    fail('system', name=errno.errorcode.get(error.errno, ''), message=str(error), state=True)

for name in ('SIGTERM', 'SIGINT', 'SIGHUP'):
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), lambda *_: wake.send(b't'))

selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
selector.register(waker, selectors.EVENT_READ)
unread, leases = {}, set()
keep, starting, ending, reason = False, True, False, None
# Milliseconds that the server stays after its last lease, and when it became idle.
keep_alive, idle_since = 0, None


def reply_to(connection, **more):
    try:
        reply = dict(about, users=len(leases), keep=keep, keepAlive=keep_alive, **more)
        connection.sendall((json.dumps(reply) + '\n').encode())
    except OSError:
        pass


def forget(connection):
    selector.unregister(connection)
    unread.pop(connection, None)
    leases.discard(connection)
    connection.close()


def handle(connection, line):
    global keep, keep_alive, ending, reason
    try:
        message = json.loads(line)
        operation = message['operation'] if secrets.compare_digest(message['token'], token) else None
    except (ValueError, KeyError, TypeError):
        operation = None
    if operation == 'join':
        leases.add(connection)
        keep = keep or message.get('keep') is True
        wanted = message.get('keepAlive')
        if isinstance(wanted, (int, float)):
            keep_alive = max(keep_alive, wanted)
    elif operation == 'leave':
        leases.discard(connection)
    elif operation == 'stop':
        ending, reason = True, 'asked'
    elif operation != 'status':
        return forget(connection)
    reply_to(connection)


def receive(connection):
    try:
        data = connection.recv(4096)
    except OSError:
        data = b''
    if not data:
        return forget(connection)
    unread[connection] += data
    while connection in unread and b'\n' in unread[connection]:
        line, unread[connection] = unread[connection].split(b'\n', 1)
        handle(connection, line)
    if len(unread.get(connection, b'')) > 65536:
        forget(connection)


emit(event='ready')
try:
    events.close()
except OSError:
    pass


def time_left():
    # None while the server is in use, else seconds until it ends.
    global idle_since
    if starting or leases or keep:
        idle_since = None
        return None
    if idle_since is None:
        idle_since = time.monotonic()
    return max(0, idle_since + keep_alive / 1000 - time.monotonic())


while not ending:
    left = time_left()
    if left == 0:
        break
    for key, _ in selector.select(left):
        if key.fileobj is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                continue
            unread[connection] = b''
            selector.register(connection, selectors.EVENT_READ)
        elif key.fileobj is waker:
            for request in waker.recv(64):
                if request == ord('s'):
                    starting = False
                else:
                    ending = True
                    reason = 'failed' if request == ord('f') else 'asked'
        else:
            receive(key.fileobj)

# In this order no client finds a server that is ending, and those that wait for its end are disconnected last.
listener.close()
failure = safety.failure
for connection in leases:
    try:
        connection.sendall((json.dumps({'ending': reason, 'message': failure}) + '\n').encode())
    except OSError:
        pass
if failure is None:
    try:
        os.remove(state_file)
    except OSError:
        pass
server.stop(5).wait()
# Nothing may be written after a failed write, and one may have failed just now.
failure = safety.failure
if failure is None:
    db.close()
if failure is not None:
    sys.stderr.write('Milvus Lite ends because it could not write: %s\n' % failure)
sys.stderr.flush()
os._exit(0)
