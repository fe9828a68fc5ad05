/** The child process that Azurite runs in. It ends when the channel to its parent closes, even if the parent has crashed. */
if (!process.connected) process.exit();
process.once("disconnect", () => process.exit());

await import("azurite/dist/src/blob/main.js" as string);
