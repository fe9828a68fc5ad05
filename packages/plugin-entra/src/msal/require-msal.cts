// CommonJS on purpose. MSAL's CommonJS build loads in about a third of the time of its ES build, because it is a single file, and a
// bundler can only follow a `require` that is written out.
//
// In an ES module that esbuild has bundled, MSAL's own `require("crypto")` throws unless there is a global `require` when it runs.
// So one that knows Node's built-ins and nothing else is lent. Nobody else gets to see it: this file runs without a pause.
const lend = !("require" in globalThis);
if (lend) Object.assign(globalThis, { require: process.getBuiltinModule });
try {
  exports.msal = require("@azure/msal-node");
} finally {
  if (lend) Reflect.deleteProperty(globalThis, "require");
}
