import { spawnSync } from 'node:child_process';
import getReleasePlan from '@changesets/get-release-plan';
import { root } from '../project-install.mjs';

/** Files of a package whose changes users can notice. */
const NOTICEABLE = /^(?:src\/(?!.*(?:\.test\.ts$|(?:^|\/)fixtures\/)).*|model\/.*|package\.json|README\.md)$/;

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? stdout.trim() : undefined;
}

/** Returns the changesets of the next release, `{ id, summary, releases }`. */
export async function readChangesets() {
  // The default export of CommonJS compiled from ESM.
  const { changesets } = await (getReleasePlan.default ?? getReleasePlan)(root);
  return changesets;
}

/**
 * Checks that a changeset names each package that changed since its release. Returns `{ name, problems }`, or
 * `{ name, unknown }` if the clone's history is too short.
 */
export async function changesetProblems(packages) {
  const changesets = await readChangesets();
  const named = new Set(changesets.flatMap(({ releases }) => releases.map(({ name }) => name)));
  const checked = packages.map(({ name, folder, manifest }) => {
    const changed = changedSinceRelease(name, folder, manifest.version);
    if (changed === undefined)
      return { name, unknown: `there is no tag ${name}@${manifest.version}; git fetch --tags --unshallow` };
    if (changed.length === 0 || named.has(name)) return { name, problems: [] };
    const files = changed.slice(0, 5).join(', ');
    return { name, problems: [`no changeset names it, and it has changed: ${files}; npx pnpm changeset`] };
  });
  const empty = changesets.filter(({ summary }) => summary.trim() === '');
  return [
    ...checked,
    {
      name: 'changesets',
      problems: empty.map(({ id }) => `.changeset/${id}.md says nothing to users`),
    },
  ];
}

function changedSinceRelease(name, folder, version) {
  // Unreleased packages have changed entirely.
  if (version === '0.0.0') return [folder];
  const tag = `refs/tags/${name}@${version}`;
  if (git('rev-parse', '--verify', '--quiet', tag) === undefined) return undefined;
  const files = git('diff', '--name-only', tag, '--', folder);
  return files?.split('\n').filter((file) => NOTICEABLE.test(file.slice(folder.length + 1)));
}
