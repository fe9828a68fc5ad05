/**
 * Runs Azurite in a child process, which ends when the channel to its parent closes, even if the
 * parent has crashed.
 */
if (!process.connected) process.exit();
process.once("disconnect", () => process.exit());

await import(import.meta.resolve("azurite/dist/src/blob/main.js"));
