import {
  type BrokerCredential,
  type NativeBrokerOptions,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { checkRecord } from "./authentication-record.ts";
import { createBrokerSession } from "./broker-session.ts";
import type { WantedAccount } from "./read-result.ts";
import type { Machine } from "./readiness.ts";
import { checkWindowHandle } from "./window-handle.ts";

/** Tokens of the account that is named, else of whoever signed in last, else of the operating system's default account. */
export function createBrokerCredential(
  options: NativeBrokerOptions,
  context: SourceContext,
  machine: Machine,
): BrokerCredential {
  const { who, signIn, clientId, tenantId, redirectUri, loginHint, useDefaultBrokerAccount = true } = options;
  const window = checkWindowHandle(who, options.parentWindowHandle);
  const application = { clientId, tenantId, redirectUri, msaPassthrough: options.legacyEnableMsaPassthrough };
  const session = createBrokerSession({ who, signIn, context, machine }, application);
  let signedIn =
    options.authenticationRecord === undefined ? undefined : checkRecord(who, options.authenticationRecord, clientId);

  const wanted = (): WantedAccount => {
    if (signedIn !== undefined) return { homeAccountId: signedIn.homeAccountId };
    if (loginHint !== undefined) return { username: loginHint };
    if (useDefaultBrokerAccount) return {};
    throw outcomeError("not-signed-in", `${who}: nobody is named, and \`useDefaultBrokerAccount\` is false.`, {
      remedy: signIn,
    });
  };
  const showDialog = async (request: TokenRequest, expected: WantedAccount) => {
    if (machine.system === "win32" && window === undefined) {
      throw outcomeError("misconfigured", `${who}: the dialog needs a window to be shown above.`, {
        code: "invalid-window-handle",
        remedy: "Give `parentWindowHandle`, such as Electron's win.getNativeWindowHandle().",
      });
    }
    const result = await session.interactive(request, expected, window);
    signedIn = result.record;
    return result;
  };
  return {
    getToken: async (request) => (await session.silent(request, wanted())).issued,
    account: async () => signedIn?.homeAccountId,
    authenticate: async (request) => (await showDialog(request, { username: loginHint })).record,
    signIn: async (request) => (await showDialog(request, signedIn ?? { username: loginHint })).issued,
  };
}
