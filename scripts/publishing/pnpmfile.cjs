// Hooks of pnpm while it packs. It writes dependencies in the order in which it has resolved them, so two tarballs of the
// same package would differ. CommonJS, because pnpm loads its hooks with `require`.
const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

module.exports = {
  hooks: {
    beforePacking(manifest) {
      const sorted = { ...manifest };
      for (const field of FIELDS) {
        if (manifest[field] === undefined) continue;
        sorted[field] = Object.fromEntries(
          Object.entries(manifest[field]).sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }
      return sorted;
    },
  },
};
