import { outcomeError, type TokenRequest, withinTime } from "@azidentity/core/plugin";
import { encodeWindowHandle } from "./native/native-call.ts";
import { runNative } from "./native/run-native.ts";
import { type BrokerApplication, nativeRequest } from "./native-request.ts";
import { type BrokerResult, type RequestedAccount, readResult } from "./read-result.ts";
import { type Caller, requireAccount } from "./readiness.ts";

/** How long the broker may take when it does not show a dialog. */
const silentTimeoutMs = 20_000;

/** Acquires tokens of one application from the broker. */
export interface BrokerSession {
  /** Shows nothing. */
  silent(request: TokenRequest, requested: RequestedAccount): Promise<BrokerResult>;
  /** Shows the broker's dialog above `window`. */
  interactive(
    request: TokenRequest,
    requested: RequestedAccount,
    window: Uint8Array | undefined,
  ): Promise<BrokerResult>;
}

export function createBrokerSession(caller: Caller, application: BrokerApplication): BrokerSession {
  const { label, context, machine } = caller;
  return {
    async silent(request, requested) {
      const isNamed = requested.homeAccountId !== undefined || requested.username !== undefined;
      const call = {
        method: "acquireTokenSilent",
        arguments: [nativeRequest(caller, application, request)],
        account: isNamed ? requested : undefined,
      } as const;
      const late = () =>
        outcomeError("timeout", `${label}: the broker did not answer within ${silentTimeoutMs / 1000} s.`, {
          remedy: "Check whether it is waiting for input, or restart it.",
        });
      const limit = { clock: context.clock, ms: silentTimeoutMs, late };
      const run = async (signal: AbortSignal) => {
        await requireAccount(caller, call.arguments[0], signal);
        return runNative(caller, call, signal, { scopes: request.scopes, claims: request.claims });
      };
      return readResult(label, application, await withinTime(limit, request.signal, run), request, requested);
    },
    async interactive(request, requested, window) {
      const loginHint = requested.username;
      const prompt = loginHint === undefined ? "select_account" : "login";
      const call = {
        method: "acquireTokenInteractive",
        arguments: [{ ...nativeRequest(caller, application, request), prompt, loginHint }],
        windowHandle: encodeWindowHandle(machine.system, window),
      } as const;
      const result = await runNative(caller, call, request.signal);
      return readResult(label, application, result, request, requested);
    },
  };
}
