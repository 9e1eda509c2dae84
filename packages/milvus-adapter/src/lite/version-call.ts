import { Client, credentials, Metadata } from '@grpc/grpc-js';

/**
 * Asks a Milvus on this machine for its version. Returns the bytes of the reply as text; `undefined` if nothing answers
 * Milvus' gRPC in time.
 *
 * @param address - `127.0.0.1:port`
 * @param patience - milliseconds to wait for the answer
 */
export async function callVersion(address: string, patience: number): Promise<string | undefined> {
  const client = new Client(address, credentials.createInsecure(), {
    // grpc-js would use a proxy of the environment even for this machine.
    'grpc.enable_http_proxy': 0,
  });
  const waiting = new Metadata({ waitForReady: true });
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest<Buffer, Buffer>(
        '/milvus.proto.milvus.MilvusService/GetVersion',
        asIs,
        asIs,
        // GetVersionRequest has no fields, so it has no bytes.
        Buffer.alloc(0),
        waiting,
        { deadline: Date.now() + patience },
        (error, reply) => resolve(error === null ? reply?.toString('latin1') : undefined),
      );
    });
  } finally {
    client.close();
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
