import {
  type AuthenticationErrorCode,
  type ErrorDetails,
  type IdentityError,
  type OutcomeCode,
  outcomeError,
  redact,
} from "@azidentity/core/plugin";
import type { Platform } from "../platform.ts";
import type { NativeFailure } from "./native-call.ts";

/** What a person would have to be asked for, handed on to whoever can ask them. */
export type Asked = Pick<ErrorDetails, "scopes" | "claims">;

/** What remedies are made of. */
interface Help {
  readonly platform: Platform;
  /** What a person has to do to sign in again. */
  readonly signIn: string;
}

interface Row {
  readonly outcome: OutcomeCode;
  readonly code?: AuthenticationErrorCode;
  readonly remedy: (help: Help) => string;
}

const network = "Check the network and the proxy.";
const declined: Row = { outcome: "cancelled", code: "sign-in-declined", remedy: () => "Sign in again, and agree." };
const interaction: Row = { outcome: "interaction-required", remedy: ({ signIn }) => signIn };
const unreachable: Row = { outcome: "unreachable", remedy: () => network };
const notSignedIn: Row = { outcome: "not-signed-in", remedy: ({ platform }) => platform.signIn };
const unknown: Row = {
  outcome: "failed",
  code: "broker-failed",
  remedy: ({ platform }) => `Try again; if it stays, the log of ${platform.broker} has more.`,
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
      remedy: ({ platform }) => `This version of ${platform.broker} binds no tokens. Ask for a bearer token.`,
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
    {
      outcome: "unreachable",
      code: "broker-left",
      remedy: ({ platform }) => `Start ${platform.broker} again, and see its log.`,
    },
  ],
];

/** The error for what the broker said. */
export function brokerFailure(
  who: string,
  { status, context, tag }: NativeFailure,
  help: Help,
  asked: Asked = {},
): IdentityError {
  const row = rows[status] ?? said.find(([text]) => text.test(context))?.[1] ?? unknown;
  const message = `${who}: ${help.platform.broker} answered ${status}${tag === undefined ? "" : ` (${tag})`}: ${redact(context, 256)}`;
  return outcomeError(row.outcome, message, { ...asked, code: row.code, remedy: row.remedy(help) });
}
