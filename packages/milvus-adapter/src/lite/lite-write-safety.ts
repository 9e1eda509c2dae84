/**
 * What the server's program changes in Milvus Lite 3.2 so that it loses no row that it has acknowledged; the part of
 * the program in lite-server-program.ts that knows Milvus Lite from inside, and uses that one's names. Milvus Lite's
 * own note on its server says that concurrent writes are not safe. Four things go wrong:
 *
 * - Two writes at once garble the log, and what follows there is not read after a crash. So changes take turns.
 * - While the table in memory becomes a file, its rows are in neither and reads miss them. So that waits for the
 *   reads that run, and new reads wait for it; likewise what makes, drops or renames a collection.
 * - Two calls that are the first to use a collection after a start open it twice, with one log for both. So one does.
 * - After a failed write to a file, as on a full disk, Milvus Lite goes on: it appends behind half a batch, and
 *   forgets the table that was to be written and deletes its log with the next one. So the first such failure ends
 *   the server without another write, and the next server reads the log up to its last whole batch: exactly what was
 *   acknowledged.
 */
export const LITE_WRITE_SAFETY: string = `
import functools
from contextlib import contextmanager
import grpc

# Taken in turns.
CHANGES = (
    'Insert', 'Upsert', 'Delete', 'Flush', 'CreatePartition', 'DropPartition', 'AlterCollection',
    'CreateAlias', 'AlterAlias', 'DropAlias', 'CreateDatabase', 'AlterDatabase',
)
# Taken in turns, and while nothing is read.
ALONE = ('CreateCollection', 'DropCollection', 'RenameCollection', 'TruncateCollection', 'DropDatabase')
READS = ('Query', 'Search', 'HybridSearch', 'GetCollectionStatistics', 'GetPartitionStatistics')

failure = None
turn = threading.Lock()
opening = threading.RLock()
gate = threading.Condition()
readers, gate_shut = 0, False
# What this thread is in: it must not wait for itself.
here = threading.local()

def inside(what):
    return getattr(here, what, False)

@contextmanager
def being(what):
    before = inside(what)
    setattr(here, what, True)
    try:
        yield
    finally:
        setattr(here, what, before)

@contextmanager
def among_readers():
    global readers
    if inside('gate'):
        yield
        return
    with gate:
        while gate_shut:
            gate.wait()
        readers += 1
    try:
        with being('gate'):
            yield
    finally:
        with gate:
            readers -= 1
            gate.notify_all()

@contextmanager
def without_readers():
    global gate_shut
    if inside('gate'):
        yield
        return
    with gate:
        while gate_shut:
            gate.wait()
        gate_shut = True
        while readers:
            gate.wait()
    try:
        with being('gate'):
            yield
    finally:
        with gate:
            gate_shut = False
            gate.notify_all()

def as_read(method):
    @functools.wraps(method)
    def call(*args):
        with among_readers():
            return method(*args)
    return call

def as_change(method, alone):
    @functools.wraps(method)
    def call(self, request, context):
        with turn:
            if failure is not None:
                context.abort(grpc.StatusCode.UNAVAILABLE, 'Milvus Lite ends: ' + failure)
            if not alone:
                return method(self, request, context)
            with without_readers():
                return method(self, request, context)
    return call

def as_flush(method):
    @functools.wraps(method)
    def call(*args):
        with without_readers():
            return method(*args)
    return call

def as_opening(method):
    @functools.wraps(method)
    def call(*args, **options):
        with among_readers(), opening, being('opening'):
            return method(*args, **options)
    return call

def or_end(method):
    @functools.wraps(method)
    def call(*args):
        global failure
        try:
            return method(*args)
        except Exception as error:
            # A collection that cannot be opened is not there yet, and its log is as it was.
            if not inside('opening') and failure is None:
                failure = ' '.join(('%s: %s' % (type(error).__name__, error)).split())
                wake.send(b'f')
            raise
    return call

def make_safe(servicer, database, collection, log):
    own = vars(servicer)
    for name in READS:
        if name in own:
            setattr(servicer, name, as_read(own[name]))
    for name in CHANGES + ALONE:
        if name in own:
            setattr(servicer, name, as_change(own[name], name in ALONE))
    collection._trigger_flush = as_flush(or_end(collection._trigger_flush))
    log.write_insert = or_end(log.write_insert)
    log.write_delete = or_end(log.write_delete)
    database.get_collection = as_opening(database.get_collection)
`;
