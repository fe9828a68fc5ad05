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

/** What the broker knows of the accounts that a request could be for. */
async function knownAccounts(plugin: NativeBrokerPlugin, request: unknown) {
  const { clientId, correlationId } = request as { clientId: string; correlationId: string };
  return plugin.getAllAccounts(clientId, correlationId).catch(() => []);
}

async function makeCall(plugin: NativeBrokerPlugin, call: NativeCall): Promise<HostReply> {
  const [request, ...others] = call.arguments;
  const { homeAccountId, username } = call.account ?? {};
  const isWanted = (one: { homeAccountId?: string; username?: string }) =>
    homeAccountId === undefined
      ? one.username?.toLowerCase() === username?.toLowerCase()
      : one.homeAccountId === homeAccountId;
  const accounts = call.account === undefined ? undefined : await knownAccounts(plugin, request);
  const accountId = accounts?.find(isWanted)?.nativeAccountId;
  const window = call.windowHandle === undefined ? [] : [Buffer.from(call.windowHandle, "base64")];
  const method = plugin[call.method] as (...values: unknown[]) => Promise<unknown>;
  try {
    const first = accountId === undefined ? request : { ...(request as object), accountId };
    return { result: (await method.call(plugin, first, ...others, ...window)) ?? null };
  } catch (error) {
    const nobody =
      call.method === "acquireTokenSilent" && (accounts ?? (await knownAccounts(plugin, request))).length === 0;
    return { ...describe(error), nobody };
  }
}

let plugin: NativeBrokerPlugin | undefined;
process.on("uncaughtException", (error) => finish(describe(error)));
try {
  plugin = loadPlugin();
} catch (error) {
  finish({ unavailable: String(Object(error).message) });
}
if (plugin !== undefined) {
  print({ ready: true });
  makeCall(plugin, JSON.parse(process.env.AZIDENTITY_BROKER_CALL ?? "{}")).then(finish, (error) =>
    finish(describe(error)),
  );
}
