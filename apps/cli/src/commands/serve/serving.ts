import { setTimeout as delay } from 'node:timers/promises';
import { createEmbeddingServer } from '@model2vec-ts/server';
import { listen, type RunningServer } from '@model2vec-ts/server/node';
import { onInterruption } from '../../terminal/interruption.js';
import { programVersion } from '../../terminal/program-version.js';
import { readApiKeys } from './api-key-file.js';
import { RequestLog } from './request-log.js';
import type { ServeFlags } from './serve-flags.js';
import { aliasFlags, loadModels, modelFlags } from './served-models.js';

/** Serves until a signal ends the program. */
export async function serve(flags: ServeFlags): Promise<void> {
  const named = modelFlags(flags.model);
  const aliases = aliasFlags(
    flags.alias,
    named.map(({ name }) => name),
  );
  const apiKeys = flags.apiKeyFile === undefined ? [] : await readApiKeys(flags.apiKeyFile);
  const models = await loadModels(named, aliases);
  const log = new RequestLog((lines) => process.stderr.write(lines), flags.verbose === true);
  const server = createEmbeddingServer({
    models,
    apiKeys,
    corsOrigins: flags.corsOrigin,
    limits: {
      bodyBytes: flags.maxBody,
      texts: flags.maxBatch,
      queuedTexts: flags.maxQueue,
      activeRequests: flags.maxRequests,
      timeoutMs: flags.timeout,
    },
    version: programVersion(),
    ...(flags.quiet !== true && { onRequest: (record) => log.add(record) }),
  });
  const running = await listen(server, { host: flags.host, port: flags.port });
  if (flags.quiet !== true) {
    const names = models.map(({ name }) => name).join(', ');
    process.stderr.write(`m2v: serving ${names} at ${running.url} (Ctrl+C stops it)\n`);
  }
  await stopSignal();
  server.startShutdown();
  await delay(flags.shutdownDelay);
  await stop(running);
  log.flush();
  for (const { embedder } of models) await embedder.close();
}

/** Resolves at the first signal; a second one ends the program at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let seen = false;
    onInterruption(() => {
      if (seen) return 'end now';
      seen = true;
      resolve();
      return 'finishing';
    });
  });
}

async function stop(running: RunningServer): Promise<void> {
  await running.close();
  onInterruption(undefined);
}
