#!/usr/bin/env node
// Checks what must hold before the packages are published: well-formed packages, an unchanged public surface, sizes below
// their ceilings, a changeset per change, and consumers of every kind that install from a registry.
//   node scripts/check-publishing.mjs [--update] [packages] [api] [sizes] [changesets] [readmes] [consumers] [container]
// --update rewrites the API reports and the ceilings; --only NAME runs the consumers whose name contains NAME; --large
// also runs those that install hundreds of megabytes. Prints 'N passed, N failed'.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTurbo } from './project-install.mjs';
import { apiReports } from './publishing/api-report.mjs';
import { changesetProblems } from './publishing/changesets.mjs';
import { checkConsumers } from './publishing/consumers.mjs';
import { checkContainer } from './publishing/container.mjs';
import { publintProblems, typeResolutionProblems } from './publishing/package-linters.mjs';
import { packedFileProblems } from './publishing/packed-files.mjs';
import { checkReadmes } from './publishing/readme-trials.mjs';
import { withRegistry } from './publishing/registry.mjs';
import { Report } from './publishing/report.mjs';
import { sideBySide } from './publishing/side-by-side.mjs';
import { sizeProblems } from './publishing/size-table.mjs';
import { packPackage } from './publishing/tarball.mjs';
import { entryPoints, publicPackages } from './publishing/workspace.mjs';
import { finish } from './suite.mjs';

const { values, positionals } = parseArgs({
  options: {
    update: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    large: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const wanted = (...sections) =>
  positionals.length === 0 || sections.some((section) => positionals.includes(section));

const packages = publicPackages();
if (wanted('packages', 'sizes', 'api', 'consumers', 'readmes', 'container'))
  await runTurbo(
    'Building',
    ['run', 'build', '--output-logs=errors-only', ...packages.map(({ name }) => `--filter=${name}`)],
    'the build failed, see above',
  );

const scratch = mkdtempSync(join(tmpdir(), 'publishing-'));
const report = new Report();
try {
  const packed = [];
  if (wanted('packages', 'sizes', 'consumers', 'readmes', 'container')) {
    await sideBySide(packages.entries(), 2, async ([i, each]) => {
      packed[i] = await packPackage(each, join(scratch, 'packed'));
    });
    report.section('packing');
  }

  if (wanted('packages')) {
    await sideBySide(packed, 2, async (each) => {
      report.check(`${each.name}: files and package.json`, packedFileProblems(each));
      report.check(`${each.name}: publint --strict`, await publintProblems(each));
      // A program exports nothing, so it has no types.
      if (entryPoints(each).length > 0)
        report.check(`${each.name}: attw --profile esm-only`, await typeResolutionProblems(each));
    });
    report.section('packages');
  }

  if (wanted('sizes')) {
    sizeProblems(packed, values).forEach((problems, i) => {
      report.check(`${packed[i].name}: size`, problems);
    });
    report.section('sizes');
  }

  if (wanted('api')) {
    for (const each of packages)
      for (const { specifier, problems } of apiReports(each, { ...values, scratch: join(scratch, 'api') }))
        report.check(`${specifier}: API report`, problems);
    report.section('API reports');
  }

  if (wanted('changesets')) {
    for (const { name, problems, unknown } of await changesetProblems(packages))
      if (unknown) report.skip(`whether ${name} has changed since its release`, unknown);
      else report.check(`${name}: changes are noted`, problems);
    report.section('changesets');
  }

  if (wanted('consumers', 'readmes', 'container')) {
    const context = { scratch: realpathSync(scratch), report, only: values.only, large: values.large };
    await withRegistry(packed, context, async (registry) => {
      report.section('registry');
      if (wanted('readmes')) await checkReadmes(packages, registry, context);
      if (wanted('consumers')) await checkConsumers(packed, registry, context);
      if (wanted('container')) await checkContainer(registry, context);
    });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
finish(report.results);
