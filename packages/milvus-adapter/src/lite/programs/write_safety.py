"""Keeps Milvus Lite 3.2 from losing rows that it has acknowledged.

Milvus Lite's own note on its server says that concurrent writes are not safe. Four things go wrong:

- Two concurrent writes garble the write-ahead log, and after a crash everything behind the garbled part is lost. So
  changes take turns.
- While the in-memory table is flushed to a file, its rows are in neither, so reads miss them. So a flush waits for the
  running reads, and new reads wait for the flush. The same holds for creating, dropping and renaming a collection.
- Two first calls to a collection after a start open it twice, with one log for both. So one thread opens it.
- After a failed write to a file, as on a full disk, Milvus Lite carries on: it appends behind half a batch, forgets the
  table that it was flushing and deletes its log with the next one. So the first failed write ends the server without
  another write. The next server reads the log up to its last whole batch, which is exactly what was acknowledged.

lite_server.py loads this module by its text, which it gets as an argument.
"""

import functools
import threading
from contextlib import contextmanager

import grpc

# Run one at a time.
CHANGES = (
    'Insert',
    'Upsert',
    'Delete',
    'Flush',
    'CreatePartition',
    'DropPartition',
    'AlterCollection',
    'CreateAlias',
    'AlterAlias',
    'DropAlias',
    'CreateDatabase',
    'AlterDatabase',
)
# Run one at a time, and while nothing is read.
EXCLUSIVE_CHANGES = (
    'CreateCollection',
    'DropCollection',
    'RenameCollection',
    'TruncateCollection',
    'DropDatabase',
)
READS = ('Query', 'Search', 'HybridSearch', 'GetCollectionStatistics', 'GetPartitionStatistics')


class WriteSafety:
    """The locks of one server, and its first failed write."""

    def __init__(self, on_failure):
        """on_failure: called without arguments after the first failed write."""
        self.failure = None
        self._on_failure = on_failure
        self._turn = threading.Lock()
        self._opening = threading.RLock()
        self._gate = threading.Condition()
        self._readers = 0
        self._gate_shut = False
        # What the current thread holds, so that it does not wait for itself.
        self._held = threading.local()

    def install(self, servicer, database, collection, log):
        """Wraps the methods of Milvus Lite's classes."""
        own = vars(servicer)
        for name in READS:
            if name in own:
                setattr(servicer, name, self._read(own[name]))
        for name in CHANGES + EXCLUSIVE_CHANGES:
            if name in own:
                setattr(servicer, name, self._change(own[name], name in EXCLUSIVE_CHANGES))
        collection._trigger_flush = self._flush(self._or_end(collection._trigger_flush))
        log.write_insert = self._or_end(log.write_insert)
        log.write_delete = self._or_end(log.write_delete)
        database.get_collection = self._open(database.get_collection)

    def _holds(self, what):
        return getattr(self._held, what, False)

    @contextmanager
    def _holding(self, what):
        before = self._holds(what)
        setattr(self._held, what, True)
        try:
            yield
        finally:
            setattr(self._held, what, before)

    @contextmanager
    def _shared_access(self):
        if self._holds('gate'):
            yield
            return
        with self._gate:
            while self._gate_shut:
                self._gate.wait()
            self._readers += 1
        try:
            with self._holding('gate'):
                yield
        finally:
            with self._gate:
                self._readers -= 1
                self._gate.notify_all()

    @contextmanager
    def _exclusive_access(self):
        if self._holds('gate'):
            yield
            return
        with self._gate:
            while self._gate_shut:
                self._gate.wait()
            self._gate_shut = True
            while self._readers:
                self._gate.wait()
        try:
            with self._holding('gate'):
                yield
        finally:
            with self._gate:
                self._gate_shut = False
                self._gate.notify_all()

    def _read(self, method):
        @functools.wraps(method)
        def call(*args):
            with self._shared_access():
                return method(*args)

        return call

    def _change(self, method, exclusive):
        @functools.wraps(method)
        def call(service, request, context):
            with self._turn:
                if self.failure is not None:
                    context.abort(grpc.StatusCode.UNAVAILABLE, 'Milvus Lite ends: ' + self.failure)
                if not exclusive:
                    return method(service, request, context)
                with self._exclusive_access():
                    return method(service, request, context)

        return call

    def _flush(self, method):
        @functools.wraps(method)
        def call(*args):
            with self._exclusive_access():
                return method(*args)

        return call

    def _open(self, method):
        @functools.wraps(method)
        def call(*args, **options):
            with self._shared_access(), self._opening, self._holding('opening'):
                return method(*args, **options)

        return call

    def _or_end(self, method):
        @functools.wraps(method)
        def call(*args):
            try:
                return method(*args)
            except Exception as error:
                # A collection that fails to open has written nothing, so its log is unchanged.
                if not self._holds('opening') and self.failure is None:
                    self.failure = ' '.join(f'{type(error).__name__}: {error}'.split())
                    self._on_failure()
                raise

        return call
