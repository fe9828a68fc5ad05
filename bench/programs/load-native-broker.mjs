// Prints the milliseconds for which the native part of the broker holds a program up that loads it
// into itself.
const { createRequire } = process.getBuiltinModule("node:module");
const near = createRequire(import.meta.resolve("@azure/msal-node-extensions"));
const started = performance.now();
near("@azure/msal-node-runtime");
console.log(performance.now() - started);
process.exit();
