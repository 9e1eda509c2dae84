import { MilvusError } from '../milvus-error.js';
import type { MilvusChannel } from './milvus-channel.js';

/**
 * The server's time now, in Milvus' hybrid timestamps: what a read must have reached to see all that is complete. The
 * timestamp in the answer to a write will not do: Milvus 2.3.5 gives one before the deletion itself.
 *
 * @returns `undefined` from servers that do not tell, such as Milvus Lite, whose reads see everything anyway
 */
export async function serverTimestamp(
  channel: MilvusChannel,
  collection: string,
): Promise<bigint | undefined> {
  if (channel.lite) return undefined;
  try {
    const reply = await channel.call<{ timestamp?: string | number }>(
      'AllocTimestamp',
      {},
      { what: `asking the time for reads of ${collection}`, retryFor: 2_000 },
    );
    return BigInt(reply.timestamp ?? 0);
  } catch (error) {
    if (MilvusError.isInstance(error) && (error.code === 'unsupported' || error.code === 'refused'))
      return undefined;
    throw error;
  }
}
