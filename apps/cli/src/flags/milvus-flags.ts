import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { type MilvusOptions, parseAddress, type TlsOptions } from '@model2vec-ts/milvus-adapter';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FailureError, UsageError } from '../terminal/cli-error.js';

/** Flags that say how a Milvus is reached, beside its address. */
export interface ConnectionFlags {
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
}

/** Adds the address, under the name that reads best in the command, and the flags of {@link ConnectionFlags}. */
export function addConnectionFlags(command: Command, addressFlag: 'to' | 'in'): Command {
  return command
    .addOption(
      new Option(
        `--${addressFlag} <uri>`,
        'http(s)://host:port[/database], or a folder for Milvus Lite, such as ./milvus.db',
      ).env('MILVUS_URI'),
    )
    .addOption(new Option('--database <name>', "database (default: the server's)").env('MILVUS_DATABASE'))
    .addOption(
      new Option('--token <token>', 'API key, or user:password; better given by the environment').env(
        'MILVUS_TOKEN',
      ),
    )
    .addOption(new Option('--user <name>', 'user, with a password').env('MILVUS_USER'))
    .addOption(
      new Option('--password <password>', 'password; better given by the environment').env('MILVUS_PASSWORD'),
    )
    .addOption(
      new Option('--ca <file>', 'PEM file of the authorities to trust, for https').env('MILVUS_CA_FILE'),
    )
    .option('--client-certificate <file>', 'PEM file of the certificate to show, with --client-key')
    .option('--client-key <file>', 'PEM file of its key')
    .option('--server-name <name>', "name in the server's certificate, where it is not the host")
    .option('--insecure', 'take any certificate: for tests')
    .option('--wait <seconds>', 'wait for a server that is starting', seconds)
    .option('--python <path>', 'Python that has milvus-lite (default: M2V_PYTHON, else what setup made)');
}

/** The flags as options of the adapter. */
export function connectionOptions(
  address: string | undefined,
  addressFlag: 'to' | 'in',
  flags: ConnectionFlags,
): MilvusOptions {
  if (address === undefined || address === '') {
    throw new UsageError(
      `--${addressFlag} is missing; name a Milvus such as http://localhost:19530, or a folder such as ./milvus.db`,
    );
  }
  const tls = tlsOptions(flags);
  const { database, token, user, password, wait, python } = flags;
  return {
    address,
    ...(database !== undefined && { database }),
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(tls !== undefined && { tls }),
    ...(wait !== undefined && { waitFor: wait * 1000 }),
    ...(python !== undefined && { lite: { python } }),
  };
}

/**
 * Refuses a folder that is not there where nothing is to be stored: Milvus Lite would make an empty one out of a typing
 * error.
 */
export function requireThere({ address }: MilvusOptions): void {
  const parsed = parseAddress(address);
  if (parsed.kind === 'server' || existsSync(parsed.folder.replace(/^~(?=\/|$)/, homedir()))) return;
  throw new FailureError(`there is no folder ${parsed.folder}; m2v index makes one, with what is in it`);
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
