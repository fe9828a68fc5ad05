import {
  type AuthenticationRecord,
  defineOptions,
  defineSource,
  developerClientId,
  type HomeTenant,
  homeTenantOf,
  type ObjectOf,
} from "@azidentity/core/plugin";
import { createBrokerCredential } from "../broker-credential.ts";
import { detectBroker, type Machine } from "../readiness.ts";

/** `authenticate` waits for the user. */
const deadlineMs = 300_000;

const fields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Directory (tenant) id. Default: the config's `tenantId`, else that of the account that signs in; null: ignore the config's.",
  },
  clientId: {
    type: "string",
    description: "Application (client) id. Default: the application of Microsoft's developer tools.",
  },
  redirectUri: {
    type: "string",
    description: "Redirect URI for brokers. Default: the broker's own; a signed macOS application has another.",
  },
  loginHint: {
    type: "string",
    description: "Account name of the user. Default: the operating system's default account.",
  },
  authenticationRecord: {
    type: "any",
    as: {} as AuthenticationRecord,
    description: "Record that `authenticate` returned: use its account without a prompt.",
  },
  useDefaultBrokerAccount: {
    type: "boolean",
    description: "Whether the operating system's default account is used if no account is named. Default true.",
  },
  parentWindowHandle: {
    type: "any",
    as: {} as Uint8Array,
    description: "Bytes of the handle of the parent window of the dialog. Required on Windows.",
  },
  legacyEnableMsaPassthrough: {
    type: "boolean",
    description:
      "Whether personal accounts may sign in; only for the few Microsoft applications that support it. Default false.",
  },
} as const;

const signInRemedy = 'Sign in: identity.credential("broker", options).authenticate(scopes)';

type BrokerOptions = ObjectOf<typeof fields>;

const homeTenant: HomeTenant<BrokerOptions> = {};

/**
 * Signs in as the user of the operating system without a prompt; `authenticate` shows the broker's
 * dialog.
 */
export function defineBroker(machine: () => Machine) {
  return defineSource({
    name: "broker",
    kind: "developer",
    priority: 500,
    tenantPolicy: "any",
    supports: ["proof-of-possession"],
    options: defineOptions(fields),
    deadlineMs,
    maxConcurrency: 2, // each acquisition runs a process with the native library
    homeTenant,
    detect: (_, context) => detectBroker(context, machine()),
    subject(options, context) {
      const { clientId = developerClientId, loginHint = null, authenticationRecord } = options;
      const tenantId = homeTenantOf(homeTenant, options, context) ?? null;
      return JSON.stringify([clientId, tenantId, loginHint, authenticationRecord?.homeAccountId ?? null]);
    },
    create(options, context) {
      const { clientId = developerClientId, legacyEnableMsaPassthrough } = options;
      const sharedTenant = legacyEnableMsaPassthrough ? "common" : "organizations";
      const tenantId = homeTenantOf(homeTenant, options, context) ?? sharedTenant;
      return createBrokerCredential(
        { ...options, label: "broker", signInRemedy, clientId, tenantId },
        context,
        machine(),
      );
    },
  });
}
