import {
  defineOptions,
  defineSource,
  type HomeTenant,
  homeTenantOf,
  type ObjectOf,
  outcomeError,
  parseJsonObject,
  type SourceContext,
} from "@azidentity/core/plugin";
import { checkRecord } from "../authentication-record.ts";
import { createBrokerSession } from "../broker-session.ts";
import { detectBroker, type Machine } from "../readiness.ts";

/** The application of Microsoft's as which the editor signs in. */
const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

/** Below the home folder. The editor has written both. Source: `@azure/identity-vscode`. */
const files = [".azure", ".Azure"].map(
  (folder) => `${folder}/ms-azuretools.vscode-azureresourcegroups/authRecord.json`,
);

/** A record is a few hundred characters; more is something else. */
const longest = 16_384;

const fields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Directory (tenant) id. Default: the config's `tenantId`, else that of the account that is signed in; null ignores the config's.",
  },
} as const;
type VisualStudioCodeOptions = ObjectOf<typeof fields>;

const homeTenant: HomeTenant<VisualStudioCodeOptions> = {};

const signIn = "In Visual Studio Code, install the extension Azure Resources, and run: Azure: Sign In";
const notSignedIn = `Nobody is signed in to the editor. ${signIn}`;

/** `undefined` for what is not there, or may not be looked at. */
function look<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The record's file and its state, which changes with the account. */
function findRecord({
  env,
}: Pick<SourceContext, "env">): { readonly file: string; readonly state: string } | undefined {
  const { statSync } = process.getBuiltinModule("node:fs");
  const home =
    (process.platform === "win32" ? env.USERPROFILE : env.HOME) ??
    look(() => process.getBuiltinModule("node:os").userInfo().homedir); // throws for a user whom the system does not list
  if (home === undefined) return undefined;
  for (const name of files) {
    const file = `${home}/${name}`;
    const stat = look(() => statSync(file));
    if (stat?.isFile()) return { file, state: `${stat.ino}.${stat.size}.${stat.mtimeMs}` };
  }
  return undefined;
}

/** Read for each acquisition, so that signing in to the editor later helps. */
function readRecord(who: string, context: SourceContext) {
  const found = findRecord(context);
  if (found === undefined) throw outcomeError("not-signed-in", `${who}: ${notSignedIn}`);
  const text = look(() => process.getBuiltinModule("node:fs").readFileSync(found.file, "utf8"));
  if (text === undefined) throw outcomeError("not-signed-in", `${who}: ${found.file} cannot be read. ${signIn}`);
  return checkRecord(who, text.length > longest ? undefined : parseJsonObject(text), clientId);
}

/** Whoever is signed in to Visual Studio Code, through the broker, without a word to them. */
export function defineVisualStudioCode(machine: () => Machine) {
  const who = "visual-studio-code";
  return defineSource({
    name: who,
    kind: "developer",
    priority: 100,
    tenantPolicy: "any",
    options: defineOptions(fields),
    maxConcurrency: 2, // each acquisition is a process with the native part in it
    homeTenant,
    detect(_, context) {
      const broker = detectBroker(context, machine());
      if (broker.state === "absent") return broker;
      if (findRecord(context) === undefined) return { state: "absent", code: "not-signed-in", reason: notSignedIn };
      return { state: "possible", reason: "Somebody is signed in to Visual Studio Code." };
    },
    subject: (options, context) => JSON.stringify([homeTenantOf(homeTenant, options, context) ?? null]),
    accountState: (_, context) => findRecord(context)?.state ?? "",
    create: (options, context) => ({
      async getToken(request) {
        const record = readRecord(who, context);
        const tenantId = homeTenantOf(homeTenant, options, context) ?? "common";
        const session = createBrokerSession({ who, signIn, context, machine: machine() }, { clientId, tenantId });
        return (await session.silent(request, { homeAccountId: record.homeAccountId })).issued;
      },
    }),
  });
}
