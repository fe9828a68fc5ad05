// CommonJS on purpose, and without types, because not every tool strips them here. MSAL's CommonJS build loads in about a third of the
// time of its ES build, because it is a single file, and a bundler can only follow a `require` that is written out.
//
// Two things are changed while MSAL loads, without a pause in which anybody else could see it:
// - In an ES module that esbuild has bundled, MSAL's own `require("crypto")` throws unless there is a global `require`. So one that knows
//   Node's built-ins and nothing else is lent.
// - MSAL loads jsonwebtoken and its thirty files, half of its time, for one call: to sign assertions, which it gets signed from us. So a
//   stand-in takes its place that loads it when that call is made. A bundle has no files to stand in for, and loads it all.
const { createRequire } = process.getBuiltinModule("node:module");

function jsonWebTokenFile() {
  try {
    return createRequire(createRequire(__filename).resolve("@azure/msal-node")).resolve("jsonwebtoken");
  } catch {
    return undefined;
  }
}

function load() {
  const cache = require.cache ?? {};
  const file = jsonWebTokenFile();
  const defer = file !== undefined && !(file in cache);
  const lend = !("require" in globalThis);
  if (lend) Object.assign(globalThis, { require: process.getBuiltinModule });
  if (defer) {
    const standIn = {
      get sign() {
        return createRequire(__filename)(file).sign;
      },
    };
    Object.assign(cache, { [file]: { exports: standIn, loaded: true } });
  }
  try {
    return require("@azure/msal-node");
  } finally {
    if (lend) Reflect.deleteProperty(globalThis, "require");
    if (defer) delete cache[file];
  }
}

exports.requireMsal = () => {
  exports.msal ??= load();
  return exports.msal;
};
