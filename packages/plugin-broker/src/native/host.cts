// A program of its own: it makes one call of the broker and prints what came of it. The native part blocks, may crash, and what is thrown in its
// callbacks nobody can catch; so whatever it does, it does to this process. CommonJS, because that build of the plugin is a single file.
import type { NativeBrokerPlugin } from "@azure/msal-node-extensions";
import type { HostReply, NativeCall } from "./native-call.ts";

const print = (reply: HostReply, done?: () => void) => process.stdout.write(`\n${JSON.stringify(reply)}\n`, done);
const finish = (reply: HostReply) => print(reply, () => process.exit(0));

function describe(error: unknown): HostReply {
  const { errorCode, message, platformBrokerError } = Object(error);
  const { errorCode: status, errorMessage: context, tag } = Object(platformBrokerError);
  return { failure: { status: status || String(errorCode ?? "Unexpected"), context: context ?? String(message), tag } };
}

/** The plugin, without `keytar`: that is for caches, has to be compiled, and is missing wherever build scripts are not run. */
function loadPlugin(): NativeBrokerPlugin {
  const { createRequire, registerHooks } = process.getBuiltinModule("node:module");
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "keytar" ? { url: "node:path", shortCircuit: true } : next(specifier, context),
  });
  const { NativeBrokerPlugin: Plugin } = require("@azure/msal-node-extensions");
  const plugin = new Plugin();
  if (plugin.isBrokerAvailable) return plugin;
  const runtime = createRequire(require.resolve("@azure/msal-node-extensions"))("@azure/msal-node-runtime");
  throw new Error(runtime.msalNodeRuntime.StartupError?.errorContext);
}

/** The broker's own id of an account that is known by another one, or by name. */
async function findAccount(plugin: NativeBrokerPlugin, { account, arguments: [request] }: NativeCall) {
  if (account === undefined) return undefined;
  const { clientId, correlationId } = request as { clientId: string; correlationId: string };
  const { homeAccountId, username } = account;
  const isWanted = (one: { homeAccountId?: string; username?: string }) =>
    homeAccountId === undefined
      ? one.username?.toLowerCase() === username?.toLowerCase()
      : one.homeAccountId === homeAccountId;
  const known = await plugin.getAllAccounts(clientId, correlationId).catch(() => []);
  return known.find(isWanted)?.nativeAccountId;
}

async function makeCall(plugin: NativeBrokerPlugin, call: NativeCall): Promise<HostReply> {
  const [request, ...others] = call.arguments;
  const accountId = await findAccount(plugin, call);
  const first = accountId === undefined ? request : { ...(request as object), accountId };
  const window = call.windowHandle === undefined ? [] : [Buffer.from(call.windowHandle, "base64")];
  const method = plugin[call.method] as (...values: unknown[]) => Promise<unknown>;
  return { result: (await method.call(plugin, first, ...others, ...window)) ?? null };
}

const given = process.env.AZIDENTITY_BROKER_CALL ?? "{}";
delete process.env.AZIDENTITY_BROKER_CALL; // what the native part starts has no use for it
let plugin: NativeBrokerPlugin | undefined;
process.on("uncaughtException", (error) => finish(describe(error)));
try {
  plugin = loadPlugin();
} catch (error) {
  const { code, message } = Object(error);
  finish(code === "MODULE_NOT_FOUND" ? { missing: true } : { unavailable: String(message) });
}
if (plugin !== undefined) {
  print({ ready: true });
  makeCall(plugin, JSON.parse(given)).then(finish, (error) => finish(describe(error)));
}
