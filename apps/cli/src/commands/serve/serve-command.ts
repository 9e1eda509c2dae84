import { type Command, InvalidArgumentError, Option } from 'commander';
import { underHeading } from '../../flags/help-heading.js';
import { addCommonFlags, positiveInteger } from '../../flags/model-flags.js';
import type { ServeFlags } from './serve-flags.js';

/** Adds `m2v serve`. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .summary('serve embeddings over HTTP')
    .description(
      `Serves embeddings with the APIs of OpenAI (/v1/embeddings), text-embeddings-inference (/embed), Ollama (/api/embed)
and Weaviate (/vectors), for any client with a configurable address. GET / is a page to try it, /openapi.json lists all
paths, /health and /metrics are for monitoring.

Logs each request as a line of JSON on standard error, without texts and keys. SIGTERM and SIGINT stop the server after
it has answered the accepted requests.`,
    )
    .addOption(
      list(
        '--model <name=source>',
        'model to serve: folder, URL or Hub id org/name[@revision]; repeat for several',
        'the bundled one',
      ),
    )
    .addOption(list('--alias <alias=name>', 'another name of a model, such as text-embedding-3-small=minilm'))
    .option(
      '--host <address>',
      "address to listen on; '0.0.0.0' for all addresses of this machine",
      '127.0.0.1',
    )
    .option('--port <n>', 'port to listen on; 0 for a free one', port, 8080)
    .option(
      '--api-key-file <file>',
      'file of API keys, one per line; requests must carry one of them (default: none)',
    )
    .addOption(
      list('--cors-origin <origin>', "origin whose pages may call the server, or '*'; repeat for several"),
    );
  underHeading(command, 'Advanced:', (advanced) =>
    advanced
      .option('--max-batch <n>', 'most texts per request', positiveInteger, 2048)
      .option('--max-body <bytes>', 'most bytes per request', positiveInteger, 16 * 1024 * 1024)
      .option('--max-queue <n>', 'most waiting texts; then requests get status 429', positiveInteger, 8192)
      .option(
        '--max-requests <n>',
        'most simultaneous requests; then others get status 429',
        positiveInteger,
        512,
      )
      .option('--timeout <ms>', 'longest wait of a request', positiveInteger, 30_000)
      .option(
        '--shutdown-delay <ms>',
        'time to keep serving after SIGTERM, while health checks fail',
        wholeNumber,
        0,
      ),
  );
  addCommonFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ m2v serve
  $ m2v serve --model potion=minishlab/potion-base-8M --alias text-embedding-3-small=potion
  $ m2v serve --host 0.0.0.0 --port 80 --api-key-file keys.txt
  $ curl -s localhost:8080/v1/embeddings -d '{"input": "a text"}'`,
    )
    .action(async (flags: ServeFlags) => (await import('./serving.js')).serve(flags));
}

/** An option that can be repeated. */
function list(flag: string, description: string, shownDefault = 'none'): Option {
  return new Option(flag, description)
    .default([], shownDefault)
    .argParser((value: string, earlier: readonly string[]) => [...earlier, value]);
}

function wholeNumber(value: string): number {
  return value === '0' ? 0 : positiveInteger(value);
}

function port(value: string): number {
  const number = wholeNumber(value);
  if (number > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return number;
}
