import type { NativeBroker, SourceContext } from "@azidentity/core/plugin";
import { createBrokerCredential } from "../broker-credential.ts";
import { detectBroker, type Machine } from "../readiness.ts";
import { checkWindowHandle, encodeWindowHandle, type NativeCall } from "./native-call.ts";

/** Restores the date, which JSON has as a string. */
const revive = (result: unknown) => {
  const { expiresOn } = Object(result);
  return typeof expiresOn === "string" ? { ...(result as object), expiresOn: new Date(expiresOn) } : result;
};

/** Starts the messages of errors. */
const label = "native-broker";

/** The methods of an `INativeBrokerPlugin`. */
function createMsalPlugin(context: SourceContext, machine: Machine, signal: AbortSignal) {
  const run = async (method: NativeCall["method"], values: readonly unknown[], window?: Uint8Array) => {
    const { runNative } = await import("./run-native.ts");
    return revive(
      await runNative(
        { label, signInRemedy: "Call acquireTokenInteractive.", context, machine },
        {
          method,
          arguments: values,
          windowHandle: encodeWindowHandle(machine.system, checkWindowHandle(label, window)),
        },
        signal,
      ),
    );
  };
  return {
    isBrokerAvailable: detectBroker(context, machine).state !== "absent",
    setLogger: () => undefined, // core does the logging
    getAccountById: (...values: unknown[]) => run("getAccountById", values),
    getAllAccounts: (...values: unknown[]) => run("getAllAccounts", values),
    acquireTokenSilent: (request: unknown) => run("acquireTokenSilent", [request]),
    acquireTokenInteractive: (request: unknown, window?: Uint8Array) =>
      run("acquireTokenInteractive", [request], window),
    signOut: (request: unknown) => run("signOut", [request]),
  };
}

/**
 * The broker as a service for other sources: as a credential, and as an `INativeBrokerPlugin` of
 * MSAL. Each call runs in a process of its own.
 */
export function createNativeBroker(context: SourceContext, machine: Machine): NativeBroker {
  const detect = () => detectBroker(context, machine);
  return {
    get available() {
      return detect().state !== "absent";
    },
    get reason() {
      return detect().reason;
    },
    get remedy() {
      return detect().remedy;
    },
    credential: (options) => createBrokerCredential(options, context, machine),
    plugin: (signal) => createMsalPlugin(context, machine, signal),
  };
}
