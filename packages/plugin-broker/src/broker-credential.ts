import {
  type AuthenticationRecord,
  type BrokerCredential,
  checkRecordOfApplication,
  type NativeBrokerOptions,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { checkWindowHandle } from "./native/native-call.ts";
import type { RequestedAccount } from "./read-result.ts";
import type { Machine } from "./readiness.ts";

/** The account of a request without a dialog; throws where there is none. */
function requestedAccount(options: NativeBrokerOptions, signedIn: AuthenticationRecord | undefined): RequestedAccount {
  const { label, signInRemedy, loginHint, useDefaultBrokerAccount = true } = options;
  if (signedIn !== undefined) return { homeAccountId: signedIn.homeAccountId };
  if (loginHint !== undefined) return { username: loginHint };
  if (useDefaultBrokerAccount) return {};
  throw outcomeError("not-signed-in", `${label}: no account is named, and \`useDefaultBrokerAccount\` is false.`, {
    remedy: signInRemedy,
  });
}

/** Throws where a dialog cannot be shown without a window. */
function requireWindow(label: string, { system }: Machine, window: Uint8Array | undefined): void {
  if (system !== "win32" || window !== undefined) return;
  throw outcomeError("misconfigured", `${label}: the dialog needs a parent window.`, {
    code: "invalid-window-handle",
    remedy: "Set `parentWindowHandle`, such as Electron's win.getNativeWindowHandle().",
  });
}

/**
 * Acquires tokens of the account that signed in here, else of the account that the options name,
 * else of the operating system's default account.
 */
export function createBrokerCredential(
  options: NativeBrokerOptions,
  context: SourceContext,
  machine: Machine,
): BrokerCredential {
  const { label, signInRemedy, clientId, tenantId, redirectUri, loginHint } = options;
  const window = checkWindowHandle(label, options.parentWindowHandle);
  const application = { clientId, tenantId, redirectUri, msaPassthrough: options.legacyEnableMsaPassthrough };
  const openSession = async () => {
    const { createBrokerSession } = await import("./broker-session.ts"); // not needed to find the broker
    return createBrokerSession({ label, signInRemedy, context, machine }, application);
  };
  let signedIn =
    options.authenticationRecord === undefined
      ? undefined
      : checkRecordOfApplication(label, clientId, options.authenticationRecord);

  const showDialog = async (request: TokenRequest, expected: RequestedAccount) => {
    requireWindow(label, machine, window);
    const result = await (await openSession()).interactive(request, expected, window);
    signedIn = result.record;
    return result;
  };
  return {
    async getToken(request) {
      const account = requestedAccount(options, signedIn);
      return (await (await openSession()).silent(request, account)).issued;
    },
    account: async () => signedIn?.homeAccountId,
    authenticate: async (request) => (await showDialog(request, { username: loginHint })).record,
    signIn: async (request) => (await showDialog(request, signedIn ?? { username: loginHint })).issued,
  };
}
