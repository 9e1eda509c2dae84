import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { runProgram } from './program.mjs';

/** A port of the loopback address that nobody uses now. */
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
 * A registry for this scope alone, on the loopback address, which forgets everything: `{ npmrc, scope, address, publish, close }`.
 *
 * `npmrc` is what a project needs to install from it. Packages of others come from wherever the machine gets its own,
 * with its caches and credentials, which stay unknown here. For where no such file is read, `scope` and `address` say the
 * same.
 */
async function startRegistry(folder, scope) {
  // Clients cache by address, and two runs may be given one port.
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
    // Verdaccio writes the prefix into addresses and leaves it to a server in front to take it off.
    request.url = request.url.slice(prefix.length);
    registry.emit('request', request, response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${server.address().port}${prefix}/`;
  // npm publishes only with a token, whatever the registry thinks of it.
  const npmrc = `${scope}:registry=http://${host}\n//${host}:_authToken=nobody\n`;
  const userconfig = join(folder, 'npmrc');
  writeFileSync(userconfig, npmrc);
  return {
    npmrc,
    scope,
    address: `http://${host}`,
    async publish(tarball) {
      // Provenance is for what a workflow has built.
      return runProgram(
        'npm',
        ['publish', tarball, '--provenance=false', '--access=public', '--loglevel=error'],
        {
          cwd: folder,
          // Not the folder's own file, as npm reads that of a folder above where one has a package.json or node_modules.
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

/** Publishes the packed packages to a registry that is forgotten when `use` has used it. */
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
