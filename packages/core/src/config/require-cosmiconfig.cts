// CommonJS on purpose: cosmiconfig is, and a bundler can only follow a `require` that is written
// out. In an ES module that esbuild has bundled, cosmiconfig's own `require("fs")` throws unless
// there is a global `require` when it runs, so one that knows Node's built-ins and nothing else is
// added. No other code sees it, because this file runs synchronously.
const isMissing = !("require" in globalThis);
if (isMissing) Object.assign(globalThis, { require: process.getBuiltinModule });
try {
  exports.defaultLoaders = require("cosmiconfig").defaultLoaders;
} finally {
  if (isMissing) Reflect.deleteProperty(globalThis, "require");
}
