import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { runProgram } from './program.mjs';

/** Finds a free loopback port. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a temporary registry for this scope on the loopback address: `{ npmrc, scope, address, publish, close }`.
 *
 * A project with this `npmrc` installs from it. Other packages come from the machine's usual registry, with its caches and
 * credentials, which this script never reads. Use `scope` and `address` with tools that ignore `npmrc`.
 */
async function startRegistry(folder, scope) {
  // Clients cache by address, and two runs may get the same port, so the path differs.
  const prefix = `/${randomUUID()}`;
  const registry = await runServer({
    self_path: folder,
    storage: join(folder, 'storage'),
    url_prefix: `${prefix}/`,
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: {},
    packages: { '**': { access: '$all', publish: '$all' } },
    web: { enable: false },
    middlewares: {},
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  });
  const server = createHttpServer((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end();
      return;
    }
    // Verdaccio adds the prefix to addresses but expects a proxy to strip it from requests.
    request.url = request.url.slice(prefix.length);
    registry.emit('request', request, response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${server.address().port}${prefix}/`;
  // npm refuses to publish without a token, even if the registry accepts any.
  const npmrc = `${scope}:registry=http://${host}\n//${host}:_authToken=nobody\n`;
  const userconfig = join(folder, 'npmrc');
  writeFileSync(userconfig, npmrc);
  return {
    npmrc,
    scope,
    address: `http://${host}`,
    async publish(tarball) {
      // Provenance works only in a release workflow.
      return runProgram(
        'npm',
        ['publish', tarball, '--provenance=false', '--access=public', '--loglevel=error'],
        {
          cwd: folder,
          // Names the file explicitly, because npm prefers a parent folder's file if that folder has a package.json or node_modules.
          env: { npm_config_provenance: 'false', npm_config_userconfig: userconfig },
        },
      );
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Publishes the packed packages to a temporary registry and calls `use` with it. */
export async function withRegistry(packed, { scratch, report }, use) {
  const registry = await startRegistry(scratch, '@model2vec-ts');
  try {
    const published = await Promise.all(packed.map(({ file }) => registry.publish(file)));
    report.check(
      'published to a registry',
      published.filter(({ ok }) => !ok).map(({ output }) => output),
    );
    await use(registry);
  } finally {
    await registry.close();
  }
}
