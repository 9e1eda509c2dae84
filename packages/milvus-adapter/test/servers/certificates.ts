import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotRunnable } from './test-server.js';

const run = promisify(execFile);

/**
 * Files of a private certificate authority and of a server certificate for localhost and 127.0.0.1, valid for a day.
 */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Made with `openssl`, because Node can create keys but not sign certificates.
 *
 * @throws NotRunnable without openssl
 */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  await writeFile(file('san.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n');
  const openssl = async (...args: string[]): Promise<void> => {
    await run('openssl', args).catch((error: Error) => {
      throw new NotRunnable(`openssl cannot make certificates: ${error.message.split('\n').at(-1)}`);
    });
  };
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const authority = ['-subj', '/CN=Test authority', '-keyout', file('ca.key'), '-out', file('ca.pem')];
  await openssl('req', '-x509', ...newKey, ...authority, '-days', '1');
  const request = ['-subj', '/CN=localhost', '-keyout', file('server.key'), '-out', file('server.csr')];
  await openssl('req', ...newKey, ...request);
  await openssl(
    ...['x509', '-req', '-in', file('server.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-CAcreateserial', '-out', file('server.pem'), '-days', '1', '-extfile', file('san.cnf')],
  );
  return { authority: file('ca.pem'), certificate: file('server.pem'), key: file('server.key') };
}
