import type { NativeBroker, SourceContext } from "@azidentity/core/plugin";
import { createBrokerCredential } from "../broker-credential.ts";
import { detectBroker, type Machine } from "../readiness.ts";
import { checkWindowHandle, encodeWindowHandle } from "../window-handle.ts";
import type { NativeCall } from "./native-call.ts";
import { runNative } from "./run-native.ts";

/** JSON has no dates. */
const revive = (result: unknown) => {
  const { expiresOn } = Object(result);
  return typeof expiresOn === "string" ? { ...(result as object), expiresOn: new Date(expiresOn) } : result;
};

/** The broker for other sources: as a credential, and for MSAL as an `INativeBrokerPlugin` whose calls run in processes of their own. */
export function createNativeBroker(context: SourceContext, machine: Machine): NativeBroker {
  const detect = () => detectBroker(context, machine);
  const isAvailable = () => detect().state !== "absent";
  return {
    get available() {
      return isAvailable();
    },
    get reason() {
      return detect().reason;
    },
    credential: (options) => createBrokerCredential(options, context, machine),
    plugin(signal) {
      const who = "native-broker";
      const run = async (method: NativeCall["method"], values: readonly unknown[], window?: Uint8Array) =>
        revive(
          await runNative(
            { who, signIn: "Call acquireTokenInteractive.", context, machine },
            {
              method,
              arguments: values,
              windowHandle: encodeWindowHandle(machine.system, checkWindowHandle(who, window)),
            },
            signal,
          ),
        );
      return {
        isBrokerAvailable: isAvailable(),
        setLogger: () => undefined, // the core has the log
        getAccountById: (...values: unknown[]) => run("getAccountById", values),
        getAllAccounts: (...values: unknown[]) => run("getAllAccounts", values),
        acquireTokenSilent: (request: unknown) => run("acquireTokenSilent", [request]),
        acquireTokenInteractive: (request: unknown, window?: Uint8Array) =>
          run("acquireTokenInteractive", [request], window),
        signOut: (request: unknown) => run("signOut", [request]),
      };
    },
  };
}
