import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

/**
 * Standard input and output. Stays open after the end of the input until every request is answered: a program that pipes
 * its requests closes the input at once, and the base class would drop the pending ones.
 */
export class AnsweringTransport extends StdioServerTransport {
  /** Resolves when the transport is closed. The end of a file as standard input does not close `process.stdin`. */
  readonly closed: Promise<void>;
  #resolveClosed!: () => void;
  /** Ids of pending requests. A careless client repeats ids, so this is not a set. */
  readonly #pending: RequestId[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor() {
    super();
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  override async start(): Promise<void> {
    const receive = this.onmessage;
    this.onmessage = (message) => {
      if (isJSONRPCRequest(message)) this.#pending.push(message.id);
      receive?.(message);
      // Cancelled requests get no response.
      if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
        this.#settle(message.params?.requestId);
      }
    };
    await super.start();
  }

  override send(message: JSONRPCMessage): Promise<void> {
    const sent = super.send(message);
    // Not after `sent`, which stays pending if the client no longer reads.
    if (isJSONRPCResponse(message)) this.#settle(message.id);
    return sent;
  }

  override async close(): Promise<void> {
    if (process.stdin.readableEnded && this.#pending.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    await super.close();
    this.#resolveClosed();
  }

  #settle(id: unknown): void {
    const at = (this.#pending as readonly unknown[]).indexOf(id);
    if (at < 0) return;
    this.#pending.splice(at, 1);
    if (this.#pending.length === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
