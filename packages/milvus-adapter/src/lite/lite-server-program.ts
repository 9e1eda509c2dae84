import { LITE_WRITE_SAFETY } from './lite-write-safety.js';

/** Number of the control protocol below and of the state file; a server of another number is never used. */
export const LITE_PROTOCOL = 1;

/** Name of the state file in a folder's state folder. */
export const STATE_FILE = 'server.json';

/** Name of the log in a folder's state folder. */
export const LOG_FILE = 'server.log';

/**
 * The Python program that runs Milvus Lite, passed to Python with `-c` and a JSON argument.
 *
 * Who keeps the server alive: every process that uses it holds one TCP connection to the program's control port, a
 * *lease*; the process that starts it holds the program's standard input besides, until it has its lease. The system
 * closes both when a process ends, also by kill -9, so no heartbeat, process id or timeout decides who is still
 * there. The program ends with its last lease, in its own time: it is detached, so that neither Ctrl-C in a terminal
 * nor the end of the process that happened to start it takes the server away from the others.
 *
 * Who may start it: the program takes a lock of the kernel on a file in the state folder before it does anything
 * slow. Node has no such locks, and only such a lock is gone exactly when its holder is gone. Of many programs
 * started at once one stays; the others say `busy` within some 50 ms, and their starters wait for the state file.
 *
 * The state file is readable by its user only and holds a token, without which the control port says nothing, and a
 * proof, by which a client knows that it is not talking to another program on a port that was given away meanwhile.
 *
 * The first part must be understood by every Python since 2.7, so that an old one can say that it is old.
 */
export const LITE_SERVER_PROGRAM: string = `
import sys
# With -c the working folder comes first on the path, and any numpy.py in it would be imported.
sys.path[:] = [entry for entry in sys.path if entry not in ('', '.')]
import errno, json, os

events = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)

def tell(**event):
    try:
        events.write(json.dumps(event) + '\\n')
        events.flush()
    except (IOError, OSError, ValueError):
        pass

def fail(reason, **detail):
    tell(event='failed', reason=reason, **detail)
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
        tell(event='busy')
        os._exit(0)
    fail('system', name=errno.errorcode.get(error.errno, ''), message=str(error), state=True)
os.ftruncate(2, 0)

import faulthandler, re, secrets, selectors, signal, socket, threading, time, traceback
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

${LITE_WRITE_SAFETY}
def try_port(port):
    # gRPC shares ports among its servers without a word, so a port is tried before it gets it.
    probe = socket.socket()
    if os.name != 'nt':
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with probe:
        probe.bind(('127.0.0.1', port))

def earlier_port():
    # Only a server that crashed leaves its state file; its clients still look for it where it was.
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

make_safe(MilvusServicer, MilvusLite, Collection, WAL)
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
    'protocol': options['protocol'], 'folder': options['folder'], 'pid': os.getpid(), 'port': port,
    'started': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()), 'milvusLite': version,
    'python': sys.executable, 'proof': proof,
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

def answer(connection, **more):
    try:
        reply = dict(about, users=len(leases), keep=keep, **more)
        connection.sendall((json.dumps(reply) + '\\n').encode())
    except OSError:
        pass

def forget(connection):
    selector.unregister(connection)
    unread.pop(connection, None)
    leases.discard(connection)
    connection.close()

def obey(connection, line):
    global keep, ending, reason
    try:
        message = json.loads(line)
        operation = message['operation'] if secrets.compare_digest(message['token'], token) else None
    except (ValueError, KeyError, TypeError):
        operation = None
    if operation == 'join':
        leases.add(connection)
        keep = keep or message.get('keep') is True
    elif operation == 'leave':
        leases.discard(connection)
    elif operation == 'stop':
        ending, reason = True, 'asked'
    elif operation != 'status':
        return forget(connection)
    answer(connection)

def hear(connection):
    try:
        data = connection.recv(4096)
    except OSError:
        data = b''
    if not data:
        return forget(connection)
    unread[connection] += data
    while connection in unread and b'\\n' in unread[connection]:
        line, unread[connection] = unread[connection].split(b'\\n', 1)
        obey(connection, line)
    if len(unread.get(connection, b'')) > 65536:
        forget(connection)

tell(event='ready')
try:
    events.close()
except OSError:
    pass

while not ending and (starting or leases or keep):
    for key, _ in selector.select():
        if key.fileobj is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                continue
            unread[connection] = b''
            selector.register(connection, selectors.EVENT_READ)
        elif key.fileobj is waker:
            for wish in waker.recv(64):
                if wish == ord('s'):
                    starting = False
                else:
                    ending = True
                    reason = 'failed' if wish == ord('f') else 'asked'
        else:
            hear(key.fileobj)

# In this order nobody finds a server that is going, and the connections of those who wait for its end close last.
listener.close()
for connection in leases:
    try:
        connection.sendall((json.dumps({'ending': reason, 'message': failure}) + '\\n').encode())
    except OSError:
        pass
if failure is None:
    try:
        os.remove(state_file)
    except OSError:
        pass
server.stop(5).wait()
# After a failed write the end must write no more; and another may have failed just now.
if failure is None:
    db.close()
if failure is not None:
    sys.stderr.write('Milvus Lite ends, since it could not write: %s\\n' % failure)
sys.stderr.flush()
os._exit(0)
`;
