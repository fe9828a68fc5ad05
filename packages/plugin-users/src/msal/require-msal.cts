// CommonJS on purpose, and without types, because not every tool strips types from `.cts`. MSAL's
// CommonJS build is a single file and loads in about a third of the time of its ES build; bundlers
// follow only a `require` with a literal argument.
//
// Two things are changed while MSAL loads. Loading is synchronous, so no other code can observe it:
// - In an ES module bundled by esbuild, MSAL's own `require("crypto")` throws unless there is a
//   global `require`. A temporary one returns Node's built-in modules only.
// - MSAL loads jsonwebtoken, thirty files and half of its loading time, only to sign assertions,
//   which this package signs itself. A placeholder in the module cache loads it when `sign` is
// used.
//   A bundle has no such file, and loads all of it.
const { createRequire } = process.getBuiltinModule("node:module");

function jsonWebTokenFile() {
  try {
    return createRequire(createRequire(__filename).resolve("@azure/msal-node")).resolve("jsonwebtoken");
  } catch {
    return undefined;
  }
}

/** An ES module that rollup has bundled has no `require`, and no module cache. */
function moduleCache() {
  try {
    return require.cache ?? {};
  } catch {
    return {};
  }
}

function load() {
  const cache = moduleCache();
  const file = jsonWebTokenFile();
  const defer = file !== undefined && !(file in cache);
  const addRequire = !("require" in globalThis);
  if (addRequire) Object.assign(globalThis, { require: process.getBuiltinModule });
  if (defer) {
    const placeholder = {
      get sign() {
        return createRequire(__filename)(file).sign;
      },
    };
    Object.assign(cache, { [file]: { exports: placeholder, loaded: true } });
  }
  try {
    return require("@azure/msal-node");
  } finally {
    if (addRequire) Reflect.deleteProperty(globalThis, "require");
    if (defer) delete cache[file];
  }
}

exports.requireMsal = () => {
  exports.msal ??= load();
  return exports.msal;
};
