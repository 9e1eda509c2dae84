import { Client, credentials, Metadata } from '@grpc/grpc-js';

/**
 * The version that a Milvus on this machine gives, as its whole answer's text; `undefined` when nothing that speaks
 * Milvus' gRPC answers in time.
 *
 * @param address - `127.0.0.1:port`
 * @param patience - milliseconds to wait for the answer
 */
export async function callVersion(address: string, patience: number): Promise<string | undefined> {
  const client = new Client(address, credentials.createInsecure(), {
    // A proxy of the environment would be asked even for this machine.
    'grpc.enable_http_proxy': 0,
  });
  const waiting = new Metadata({ waitForReady: true });
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest<Buffer, Buffer>(
        '/milvus.proto.milvus.MilvusService/GetVersion',
        asIs,
        asIs,
        // GetVersionRequest has no fields, so it is no bytes.
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
