/**
 * `node:crypto`, loaded on first use. An `import` of it would be at the top of a bundle, where a
 * Worker without `nodejs_compat` fails before core can say which settings it lacks.
 */
export const crypto = () => process.getBuiltinModule("node:crypto");
