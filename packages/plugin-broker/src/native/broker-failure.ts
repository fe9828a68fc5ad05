import {
  type AuthenticationErrorCode,
  type ErrorDetails,
  type IdentityError,
  type OutcomeCode,
  outcomeError,
  quoteInMessage,
  redact,
} from "@azidentity/core/plugin";
import type { Platform } from "../platform.ts";
import type { NativeFailure } from "./native-call.ts";

/** What an interactive sign-in has to request, for the error that asks for one. */
export type InteractiveRequest = Pick<ErrorDetails, "scopes" | "claims">;

/** What remedies depend on. */
interface RemedyContext {
  readonly platform: Platform;
  /** How to sign in again. */
  readonly signInRemedy: string;
}

interface Row {
  readonly outcome: OutcomeCode;
  readonly code?: AuthenticationErrorCode;
  readonly remedy: (context: RemedyContext) => string;
}

const network = "Check the network and the proxy.";
const declined: Row = { outcome: "cancelled", code: "sign-in-declined", remedy: () => "Sign in again, and accept." };
const interaction: Row = { outcome: "interaction-required", remedy: ({ signInRemedy }) => signInRemedy };
const unreachable: Row = { outcome: "unreachable", remedy: () => network };
const notSignedIn: Row = { outcome: "not-signed-in", remedy: ({ platform }) => platform.signIn };
const unknown: Row = {
  outcome: "failed",
  code: "broker-failed",
  remedy: ({ platform }) => `Try again. If it fails again, see the log of ${platform.broker}.`,
};

/** Status of the broker → outcome. Source: `ErrorStatus` of `@azure/msal-node-runtime` 0.20. */
const byStatus: Readonly<Record<string, Row>> = {
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
  ServerTemporarilyUnavailable: { outcome: "throttled", remedy: () => "Try again later." },
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

/** Text of the broker → outcome, for failures without a status of their own. */
const byText: readonly (readonly [RegExp, Row])[] = [
  [
    /PoP is not available/,
    {
      outcome: "misconfigured",
      code: "proof-of-possession-unsupported",
      remedy: ({ platform }) =>
        `This version of ${platform.broker} cannot bind tokens to requests. Request a bearer token instead.`,
    },
  ],
  [
    /NoLock'/, // the storage of the runtime
    {
      outcome: "failed",
      code: "broker-keyring",
      remedy: () => "The broker stores accounts in the keyring: unlock it, or install gnome-keyring.",
    },
  ],
  [
    /DBUS failed/,
    {
      outcome: "unreachable",
      code: "broker-left",
      remedy: ({ platform }) => `Restart ${platform.broker}, and see its log.`,
    },
  ],
];

/** The error for a failure that the broker reported. */
export function brokerFailure(
  label: string,
  { status, context, tag }: NativeFailure,
  remedyContext: RemedyContext,
  interactive: InteractiveRequest = {},
): IdentityError {
  const row = byStatus[status] ?? byText.find(([text]) => text.test(context))?.[1] ?? unknown;
  const remedy = row.remedy(remedyContext);
  const start = `${label}: ${remedyContext.platform.broker} answered ${status}${tag === undefined ? "" : ` (${tag})`}`;
  const message = context.trim() === "" ? `${start}.` : quoteInMessage(`${start}: `, redact(context), remedy);
  return outcomeError(row.outcome, message, { ...interactive, code: row.code, remedy });
}
