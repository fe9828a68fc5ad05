import {
  type AuthenticationRecord,
  defineOptions,
  defineSource,
  type HomeTenant,
  homeTenantOf,
  type ObjectOf,
} from "@azidentity/core/plugin";
import { createBrokerCredential } from "../broker-credential.ts";
import { detectBroker, type Machine } from "../readiness.ts";

/** The application of Microsoft's that developers' tools sign in with; it has the brokers' redirect URIs. */
const developerClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** `authenticate` waits for a person. Milliseconds. */
const deadlineMs = 300_000;

const fields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Directory (tenant) id. Default: the config's `tenantId`, else that of the account that signs in; null ignores the config's.",
  },
  clientId: { type: "string", description: "Application (client) id. Default: the one of developers' tools." },
  redirectUri: { type: "string", description: "Default: the broker's own. A signed macOS application has another." },
  loginHint: {
    type: "string",
    description: "Account name of whom to ask for. Default: the operating system's default account.",
  },
  authenticationRecord: {
    type: "any",
    as: {} as AuthenticationRecord,
    description: "What `authenticate` returned: that account, without asking.",
  },
  useDefaultBrokerAccount: {
    type: "boolean",
    description: "Whether the operating system's default account will do where nobody is named. Default true.",
  },
  parentWindowHandle: {
    type: "any",
    as: {} as Uint8Array,
    description: "Bytes of the handle of the window that `authenticate` shows its dialog above. Windows needs one.",
  },
  legacyEnableMsaPassthrough: {
    type: "boolean",
    description:
      "Whether personal accounts may pass, for the few applications of Microsoft's that are made for it. Default false.",
  },
} as const;

const signIn = 'Sign in: identity.credential("broker", options).authenticate(scopes)';

type BrokerOptions = ObjectOf<typeof fields>;

const homeTenant: HomeTenant<BrokerOptions> = {};

/** Whoever is signed in to the operating system, without a word to them; `authenticate` shows the broker's dialog. */
export function defineBroker(machine: () => Machine) {
  return defineSource({
    name: "broker",
    kind: "developer",
    priority: 500,
    tenantPolicy: "any",
    supports: ["proof-of-possession"],
    options: defineOptions(fields),
    deadlineMs,
    maxConcurrency: 2, // each acquisition is a process with the native part in it
    homeTenant,
    detect: (_, context) => detectBroker(context, machine()),
    subject(options, context) {
      const { clientId = developerClientId, loginHint = null, authenticationRecord } = options;
      const tenantId = homeTenantOf(homeTenant, options, context) ?? null;
      return JSON.stringify([clientId, tenantId, loginHint, authenticationRecord?.homeAccountId ?? null]);
    },
    create(options, context) {
      const { clientId = developerClientId, legacyEnableMsaPassthrough } = options;
      const anybody = legacyEnableMsaPassthrough ? "common" : "organizations";
      const tenantId = homeTenantOf(homeTenant, options, context) ?? anybody;
      return createBrokerCredential({ ...options, who: "broker", signIn, clientId, tenantId }, context, machine());
    },
  });
}
