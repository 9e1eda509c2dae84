"""Starts the server of the `milvus` package.

    milvus-launcher.py WEB-PORT FLAG...

Beyond the launcher of the package it sets the port of the web server, which has no flag, and fails where a port is taken:
while connections of an earlier server linger, the package would silently choose the next port.
"""

import socket
import sys

import milvus


def try_bind_port(self, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(('127.0.0.1', port))
    except OSError as error:
        sys.exit('port %d is taken: %s' % (port, error))
    return sock


milvus.default_server.webservice_port = int(sys.argv.pop(1))
milvus.MilvusServerConfig.try_bind_port = try_bind_port
milvus.main()
