import { outcomeError, type TokenRequest, withinTime } from "@azidentity/core/plugin";
import { runNative } from "./native/run-native.ts";
import { type BrokerApplication, nativeRequest } from "./native-request.ts";
import { type BrokerResult, readResult, type WantedAccount } from "./read-result.ts";
import { type Caller, requireAccount } from "./readiness.ts";
import { encodeWindowHandle } from "./window-handle.ts";

/** How long the broker may take without a person, milliseconds. */
const silentPatience = 20_000;

/** The two ways to a token. */
export interface BrokerSession {
  /** Without a word to anybody. */
  silent(request: TokenRequest, wanted: WantedAccount): Promise<BrokerResult>;
  /** The broker's own dialog, above that window. */
  interactive(request: TokenRequest, wanted: WantedAccount, window: Uint8Array | undefined): Promise<BrokerResult>;
}

export function createBrokerSession(caller: Caller, application: BrokerApplication): BrokerSession {
  const { who, context, machine } = caller;
  return {
    async silent(request, wanted) {
      const named = wanted.homeAccountId !== undefined || wanted.username !== undefined;
      const call = {
        method: "acquireTokenSilent",
        arguments: [nativeRequest(caller, application, request)],
        account: named ? wanted : undefined,
      } as const;
      const late = () =>
        outcomeError("timeout", `${who}: the broker had no answer within ${silentPatience / 1000} s.`, {
          remedy: "See whether it waits for a person, or start it again.",
        });
      const limit = { clock: context.clock, ms: silentPatience, late };
      const run = async (signal: AbortSignal) => {
        await requireAccount(caller, call.arguments[0], signal);
        return runNative(caller, call, signal, { scopes: request.scopes, claims: request.claims });
      };
      return readResult(who, application, await withinTime(limit, request.signal, run), request, wanted);
    },
    async interactive(request, wanted, window) {
      const loginHint = wanted.username;
      const prompt = loginHint === undefined ? "select_account" : "login";
      const call = {
        method: "acquireTokenInteractive",
        arguments: [{ ...nativeRequest(caller, application, request), prompt, loginHint }],
        windowHandle: encodeWindowHandle(machine.system, window),
      } as const;
      const result = await runNative(caller, call, request.signal);
      return readResult(who, application, result, request, wanted);
    },
  };
}
