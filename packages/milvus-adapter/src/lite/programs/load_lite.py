"""Imports what the server imports, and prints the version of Milvus Lite: an environment that fails here is incomplete."""

from importlib import metadata

from milvus_lite.adapter.grpc.server import start_server_in_thread

assert start_server_in_thread
print('version ' + metadata.version('milvus-lite'))
