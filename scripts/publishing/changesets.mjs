import { spawnSync } from 'node:child_process';
import getReleasePlan from '@changesets/get-release-plan';
import { root } from '../project-install.mjs';

/** Files of a package whose change its users can notice. */
const NOTICEABLE = /^(?:src\/(?!.*(?:\.test\.ts$|(?:^|\/)fixtures\/)).*|model\/.*|package\.json|README\.md)$/;

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Whether each package that has changed since its release is named in a changeset: `{ name, problems }`, or
 * `{ name, unknown }` where the clone does not reach back that far.
 */
export async function changesetProblems(packages) {
  // CommonJS that was compiled from ESM.
  const { changesets } = await (getReleasePlan.default ?? getReleasePlan)(root);
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
  // Never released: all of it is new.
  if (version === '0.0.0') return [folder];
  const tag = `refs/tags/${name}@${version}`;
  if (git('rev-parse', '--verify', '--quiet', tag) === undefined) return undefined;
  const files = git('diff', '--name-only', tag, '--', folder);
  return files?.split('\n').filter((file) => NOTICEABLE.test(file.slice(folder.length + 1)));
}
