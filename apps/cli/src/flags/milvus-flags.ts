import type { MilvusOptions, TlsOptions } from '@model2vec-ts/milvus-adapter';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../terminal/cli-error.js';
import { underHeading } from './help-heading.js';
import { addHiddenAliases } from './hidden-alias.js';

/** Flags that name a Milvus and say how to connect to it. */
export interface ConnectionFlags {
  readonly milvus?: string;
  readonly database?: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly serverName?: string;
  readonly insecure?: boolean;
  readonly wait?: number;
  readonly python?: string;
  readonly keepAlive?: number;
}

/** Adds the flags of {@link ConnectionFlags}. */
export function addConnectionFlags(command: Command): Command {
  command.addOption(
    new Option(
      '--milvus <address>',
      'http(s)://host:port[/database], or a folder for Milvus Lite, such as ./milvus.db',
    ).env('MILVUS_URI'),
  );
  return underHeading(
    addHiddenAliases(command, '--milvus', '--to <address>', '--in <address>'),
    'Connection:',
    () =>
      command
        .addOption(new Option('--database <name>', "database (default: the server's)").env('MILVUS_DATABASE'))
        .addOption(
          new Option('--token <token>', 'API key, or user:password; prefer the environment').env(
            'MILVUS_TOKEN',
          ),
        )
        .addOption(new Option('--user <name>', 'user, with a password').env('MILVUS_USER'))
        .addOption(
          new Option('--password <password>', 'password; prefer the environment').env('MILVUS_PASSWORD'),
        )
        .addOption(
          new Option('--ca <file>', 'PEM file of trusted certificate authorities, for https').env(
            'MILVUS_CA_FILE',
          ),
        )
        .option('--client-certificate <file>', 'PEM file of the client certificate, with --client-key')
        .option('--client-key <file>', "PEM file of the client certificate's key")
        .option('--server-name <name>', "name in the server's certificate, if it differs from the host")
        .option('--insecure', 'skip TLS certificate verification (testing only)')
        .option('--wait <seconds>', 'wait for the server to start', seconds)
        .option(
          '--python <path>',
          'Python with milvus-lite (default: M2V_PYTHON, else the one from m2v milvus setup)',
        )
        .addOption(
          new Option(
            '--keep-alive <seconds>',
            'leave Milvus Lite running for this long after its last use (default: 0)',
          )
            .argParser(seconds)
            .env('M2V_KEEP_ALIVE'),
        ),
  );
}

/**
 * Converts the flags to options of the adapter.
 *
 * @param onLiteStart - called before a Milvus Lite is started
 */
export function connectionOptions(flags: ConnectionFlags, onLiteStart?: () => void): MilvusOptions {
  const { milvus: address, database, token, user, password, wait, python, keepAlive } = flags;
  if (address === undefined || address === '') {
    throw new UsageError('--milvus is missing', {
      remedy: { code: 'name-milvus' },
    });
  }
  const tls = tlsOptions(flags);
  return {
    address,
    ...(database !== undefined && { database }),
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(tls !== undefined && { tls }),
    ...(wait !== undefined && { waitFor: wait * 1000 }),
    lite: {
      ...(python !== undefined && { python }),
      ...(keepAlive !== undefined && { keepAlive: keepAlive * 1000 }),
      ...(onLiteStart !== undefined && { onStart: onLiteStart }),
    },
  };
}

function tlsOptions(flags: ConnectionFlags): TlsOptions | undefined {
  const { ca, clientCertificate, clientKey, serverName, insecure } = flags;
  const tls: TlsOptions = {
    ...(ca !== undefined && { rootCertificate: ca }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
    ...(serverName !== undefined && { serverName }),
    ...(insecure === true && { verify: false }),
  };
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('Give a number of seconds.');
  return number;
}
