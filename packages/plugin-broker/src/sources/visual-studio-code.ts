import {
  checkRecordOfApplication,
  defineOptions,
  defineSource,
  type HomeTenant,
  homeTenantOf,
  type ObjectOf,
  outcomeError,
  parseJsonObject,
  type SourceContext,
} from "@azidentity/core/plugin";
import { detectBroker, type Machine, requirePlatform } from "../readiness.ts";

/** Microsoft's application as which the editor signs in. */
const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

/**
 * Below the home folder; versions of the editor write one or the other. Source:
 * `@azure/identity-vscode`.
 */
const files = [".azure", ".Azure"].map(
  (folder) => `${folder}/ms-azuretools.vscode-azureresourcegroups/authRecord.json`,
);

/** A valid record has a few hundred characters. */
const maxRecordLength = 16_384;

const fields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Directory (tenant) id. Default: the config's `tenantId`, else that of the account that is signed in; null: ignore the config's.",
  },
} as const;
type VisualStudioCodeOptions = ObjectOf<typeof fields>;

const homeTenant: HomeTenant<VisualStudioCodeOptions> = {};

const signInRemedy = "In Visual Studio Code, install the extension Azure Resources, and run: Azure: Sign In";
const notSignedIn = "No user is signed in to Visual Studio Code.";

/** `undefined` if the file or folder does not exist or cannot be read. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The file with the record, and its state, which changes with the account. */
function findRecord({
  env,
}: Pick<SourceContext, "env">): { readonly file: string; readonly state: string } | undefined {
  const { statSync } = process.getBuiltinModule("node:fs");
  const home =
    (process.platform === "win32" ? env.USERPROFILE : env.HOME) ??
    tryRead(() => process.getBuiltinModule("node:os").userInfo().homedir); // throws for a user without an entry in the system's list
  if (home === undefined) return undefined;
  for (const name of files) {
    const file = `${home}/${name}`;
    const stat = tryRead(() => statSync(file));
    if (stat?.isFile()) return { file, state: `${stat.ino}.${stat.size}.${stat.mtimeMs}` };
  }
  return undefined;
}

/** Reads the record for each acquisition, so that a sign-in to the editor takes effect at once. */
function readRecord(label: string, context: SourceContext) {
  const found = findRecord(context);
  if (found === undefined) throw outcomeError("not-signed-in", `${label}: ${notSignedIn}`, { remedy: signInRemedy });
  const text = tryRead(() => process.getBuiltinModule("node:fs").readFileSync(found.file, "utf8"));
  if (text === undefined)
    throw outcomeError("not-signed-in", `${label}: ${found.file} cannot be read.`, { remedy: signInRemedy });
  return checkRecordOfApplication(label, clientId, text.length > maxRecordLength ? undefined : parseJsonObject(text));
}

/** Signs in as the user of Visual Studio Code, through the broker, without a prompt. */
export function defineVisualStudioCode(machine: () => Machine) {
  const label = "visual-studio-code";
  return defineSource({
    name: label,
    kind: "developer",
    priority: 100,
    tenantPolicy: "any",
    options: defineOptions(fields),
    maxConcurrency: 2, // each acquisition runs a process with the native library
    homeTenant,
    detect(_, context) {
      const broker = detectBroker(context, machine());
      if (broker.state === "absent") return broker;
      if (findRecord(context) === undefined)
        return { state: "absent", code: "not-signed-in", reason: notSignedIn, remedy: signInRemedy };
      return { state: "possible", reason: "A user is signed in to Visual Studio Code." };
    },
    subject: (options, context) => JSON.stringify([homeTenantOf(homeTenant, options, context) ?? null]),
    accountState: (_, context) => findRecord(context)?.state ?? "",
    create: (options, context) => ({
      async getToken(request) {
        const caller = { label, signInRemedy, context, machine: machine() };
        requirePlatform(caller);
        const record = readRecord(label, context);
        const tenantId = homeTenantOf(homeTenant, options, context) ?? "common";
        const { createBrokerSession } = await import("../broker-session.ts"); // not needed to find the broker
        const session = createBrokerSession(caller, { clientId, tenantId });
        return (await session.silent(request, { homeAccountId: record.homeAccountId })).issued;
      },
    }),
  });
}
