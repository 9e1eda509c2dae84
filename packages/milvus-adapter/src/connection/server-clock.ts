import { MilvusError } from '../milvus-error.js';
import type { MilvusChannel } from './milvus-channel.js';

/**
 * The current time of the server as one of Milvus' hybrid timestamps. A read that has reached it sees every completed
 * write. The timestamp in the reply to a write is not enough: Milvus 2.3.5 returns one before the deletion itself.
 *
 * @returns `undefined` if the server has no such call, such as Milvus Lite, whose reads see everything anyway
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
