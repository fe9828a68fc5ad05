import {
  type AuthenticationRecord,
  type Credential,
  defineOptions,
  defineSource,
  type ObjectOf,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { checkRecord } from "../authentication-record.ts";
import { createBrokerSession } from "../broker-session.ts";
import type { WantedAccount } from "../read-result.ts";
import { detectBroker, type Machine } from "../readiness.ts";
import { checkWindowHandle } from "../window-handle.ts";

/** The application of Microsoft's that developers' tools sign in with; it has the brokers' redirect URIs. */
const developerClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** `authenticate` waits for a person. Milliseconds. */
const deadlineMs = 300_000;

const fields = {
  tenantId: { type: "string", description: "Directory (tenant) id. Default: that of whoever signs in." },
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

function createCredential(options: BrokerOptions, context: SourceContext, machine: Machine): Credential {
  const who = "broker";
  const window = checkWindowHandle(who, options.parentWindowHandle);
  const { clientId = developerClientId, loginHint, useDefaultBrokerAccount = true } = options;
  const msaPassthrough = options.legacyEnableMsaPassthrough;
  const tenantId = options.tenantId ?? context.defaults.tenantId ?? (msaPassthrough ? "common" : "organizations");
  const session = createBrokerSession(
    { who, signIn, context, machine },
    { clientId, tenantId, redirectUri: options.redirectUri, msaPassthrough },
  );
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
  return {
    getToken: async (request) => (await session.silent(request, wanted())).issued,
    account: async () => signedIn?.homeAccountId,
    async authenticate(request) {
      if (machine.system === "win32" && window === undefined) {
        throw outcomeError("misconfigured", `${who}: the dialog needs a window to be shown above.`, {
          code: "invalid-window-handle",
          remedy: "Give `parentWindowHandle`, such as Electron's win.getNativeWindowHandle().",
        });
      }
      signedIn = (await session.interactive(request, { username: loginHint }, window)).record;
      return signedIn;
    },
  };
}

/** Whoever is signed in to the operating system, without a word to them; `authenticate` shows the broker's dialog. */
export function defineBroker(machine: () => Machine) {
  return defineSource({
    name: "broker",
    kind: "developer",
    priority: 500,
    tenants: "any",
    supports: ["proof-of-possession"],
    options: defineOptions(fields),
    deadlineMs,
    atOnce: 2, // each acquisition is a process with the native part in it
    homeTenant: ({ tenantId }: BrokerOptions, { defaults }) => tenantId ?? defaults.tenantId,
    detect: (_, context) => detectBroker(context, machine()),
    subject: ({ clientId = developerClientId, tenantId, loginHint, authenticationRecord }, { defaults }) =>
      JSON.stringify([
        clientId,
        tenantId ?? defaults.tenantId ?? null,
        loginHint ?? authenticationRecord?.homeAccountId ?? null,
      ]),
    create: (options, context) => createCredential(options, context, machine()),
  });
}
