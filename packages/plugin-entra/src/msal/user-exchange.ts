import { outcomeError, parseJsonObject } from "@azidentity/core/plugin";
import type {
  AuthenticationResult,
  ConfidentialClientApplication,
  Configuration,
  PublicClientApplication,
} from "@azure/msal-node";
import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import { type CommonRequest, type ExchangeContext, exchangeFully } from "./exchange.ts";

type Msal = typeof import("@azure/msal-node");

/** MSAL's application: confidential when there is a secret. */
export function applicationOf(
  msal: Msal,
  { auth, system }: Configuration,
  { clientSecret }: UserApplication,
): PublicClientApplication | ConfidentialClientApplication {
  if (clientSecret === undefined) return new msal.PublicClientApplication({ auth, system });
  return new msal.ConfidentialClientApplication({ auth: { ...auth, clientSecret }, system });
}

/** One exchange for a user, whom MSAL reads from the id_token. `secrets`: what is sent besides the application's own. */
export async function exchangeForUser(
  application: UserApplication,
  secrets: readonly string[],
  request: SignInRequest,
  context: ExchangeContext,
  grant: (msal: Msal, configuration: Configuration, common: CommonRequest) => Promise<AuthenticationResult | null>,
): Promise<SignedIn> {
  const { who, clientId, clientSecret } = application;
  const own = clientSecret === undefined ? [] : [clientSecret];
  const settings = { who, tenantId: request.tenantId, clientId, secrets: [...own, ...secrets], request };
  const { issued, body, result } = await exchangeFully(settings, context, grant);
  const account = result?.account;
  if (!account?.homeAccountId || !account.environment) throw withoutAccount(who);
  const { environment: authority, homeAccountId, username } = account;
  const tenantId = result?.tenantId || account.tenantId;
  const principal = { tenantId, objectId: account.localAccountId, clientId, username };
  const refreshToken = parseJsonObject(body)?.refresh_token;
  return {
    issued: { ...issued, account: homeAccountId, principal },
    record: { authority, homeAccountId, clientId, tenantId, username },
    refreshToken: typeof refreshToken === "string" && refreshToken !== "" ? refreshToken : undefined,
  };
}

function withoutAccount(who: string) {
  return outcomeError(
    "failed",
    `${who}: the answer does not say who has signed in: it has no id_token or client_info.`,
    {
      code: "invalid-token-response",
      remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in its place.",
    },
  );
}
