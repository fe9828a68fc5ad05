import { type ErrorDetails, type IdentityError, type OutcomeCode, outcomeError, redact } from "@azidentity/core/plugin";
import type { Platform } from "../platform.ts";
import type { NativeFailure } from "./native-call.ts";

/** What a person would have to be asked for, handed on to whoever can ask them. */
export type Asked = Pick<ErrorDetails, "scopes" | "claims">;

interface Row {
  readonly outcome: OutcomeCode;
  readonly code?: string;
  readonly remedy: (platform: Platform) => string;
}

const signInAgain = 'Sign in once more: identity.credential("broker").authenticate(scopes)';
const network = "Check the network and the proxy.";
const declined: Row = { outcome: "cancelled", code: "sign-in-declined", remedy: () => "Sign in again, and agree." };
const interaction: Row = { outcome: "interaction-required", remedy: () => signInAgain };
const unreachable: Row = { outcome: "unreachable", remedy: () => network };
const notSignedIn: Row = { outcome: "not-signed-in", remedy: ({ signIn }) => signIn };
const unknown: Row = {
  outcome: "failed",
  code: "broker-failed",
  remedy: ({ broker }) => `Try again; if it stays, the log of ${broker} has more.`,
};

/** Every status of the broker, and what it means. Source: `ErrorStatus` of `@azure/msal-node-runtime` 0.20. */
const rows: Readonly<Record<string, Row>> = {
  UserCanceled: declined,
  ApplicationCanceled: declined,
  InteractionRequired: interaction,
  AccountUnusable: interaction,
  UserDataRemovalRequired: interaction,
  UserSwitched: interaction,
  AccountNotFound: notSignedIn,
  KeyNotFound: notSignedIn,
  NoNetwork: unreachable,
  NetworkTemporarilyUnavailable: unreachable,
  ServerTemporarilyUnavailable: { outcome: "throttled", remedy: () => "Try again in a while." },
  AuthorityUntrusted: {
    outcome: "misconfigured",
    code: "unknown-authority",
    remedy: () => "Correct `tenantId`, `cloud` or `authorityHost`.",
  },
  IncorrectConfiguration: {
    outcome: "misconfigured",
    code: "broker-configuration",
    remedy: () => "Check `clientId`, `redirectUri` and the scope; the broker's redirect URI has to be registered.",
  },
};

/** What the status does not say, and the text does. */
const said: readonly (readonly [RegExp, Row])[] = [
  [
    /PoP is not available/,
    {
      outcome: "misconfigured",
      code: "proof-of-possession-unsupported",
      remedy: ({ broker }) => `This version of ${broker} binds no tokens. Ask for a bearer token.`,
    },
  ],
  [
    /NoLock'/, // of the runtime's own storage
    {
      outcome: "failed",
      code: "broker-keyring",
      remedy: () => "The broker keeps accounts in the keyring: unlock it, or install gnome-keyring.",
    },
  ],
  [
    /DBUS failed/,
    { outcome: "unreachable", code: "broker-left", remedy: ({ broker }) => `Start ${broker} again, and see its log.` },
  ],
];

/** The error for what the broker said. */
export function brokerFailure(
  who: string,
  { status, context, tag }: NativeFailure,
  platform: Platform,
  asked: Asked = {},
): IdentityError {
  const row = rows[status] ?? said.find(([text]) => text.test(context))?.[1] ?? unknown;
  const message = `${who}: ${platform.broker} answered ${status}${tag === undefined ? "" : ` (${tag})`}: ${redact(context, 256)}`;
  return outcomeError(row.outcome, message, { ...asked, code: row.code, remedy: row.remedy(platform) });
}
