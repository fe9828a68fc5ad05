// A program that makes one call of the broker and prints the result. The native library blocks, may
// crash, and throws in callbacks where no code can catch it, so it gets a process of its own.
// CommonJS, because that build of the MSAL plugin is a single file.
import type { NativeBrokerPlugin } from "@azure/msal-node-extensions";
import type { HostReply, NativeCall } from "./native-call.ts";

const print = (reply: HostReply, done?: () => void) => process.stdout.write(`\n${JSON.stringify(reply)}\n`, done);
const finish = (reply: HostReply) => print(reply, () => process.exit(0));

function describe(error: unknown): HostReply {
  const { errorCode, message, platformBrokerError } = Object(error);
  const { errorCode: status, errorMessage: context, tag } = Object(platformBrokerError);
  return { failure: { status: status || String(errorCode ?? "Unexpected"), context: context ?? String(message), tag } };
}

/**
 * Loads the MSAL plugin without `keytar`, which only its caches need: it has to be compiled, and is
 * missing where build scripts do not run.
 */
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

/** The broker's own id of an account that the caller names by home account id or user name. */
async function findAccount(plugin: NativeBrokerPlugin, { account, arguments: [request] }: NativeCall) {
  if (account === undefined) return undefined;
  const { clientId, correlationId } = request as { clientId: string; correlationId: string };
  const { homeAccountId, username } = account;
  const isRequested = (one: { homeAccountId?: string; username?: string }) =>
    homeAccountId === undefined
      ? one.username?.toLowerCase() === username?.toLowerCase()
      : one.homeAccountId === homeAccountId;
  const known = await plugin.getAllAccounts(clientId, correlationId).catch(() => []);
  return known.find(isRequested)?.nativeAccountId;
}

async function makeCall(plugin: NativeBrokerPlugin, call: NativeCall): Promise<HostReply> {
  const [request, ...others] = call.arguments;
  const accountId = await findAccount(plugin, call);
  const first = accountId === undefined ? request : { ...(request as object), accountId };
  const window = call.windowHandle === undefined ? [] : [Buffer.from(call.windowHandle, "base64")];
  const method = plugin[call.method] as (...values: unknown[]) => Promise<unknown>;
  return { result: (await method.call(plugin, first, ...others, ...window)) ?? null };
}

const callJson = process.env.AZIDENTITY_BROKER_CALL ?? "{}";
delete process.env.AZIDENTITY_BROKER_CALL; // child processes of the native library do not need it
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
  makeCall(plugin, JSON.parse(callJson)).then(finish, (error) => finish(describe(error)));
}
