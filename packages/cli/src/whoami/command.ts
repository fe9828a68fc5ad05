import { inspectIdentity } from "@azidentity/core/inspect";
import type { CommandInput } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { scopeOrManagement } from "../scope/management-scope.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf } from "../terminal/width.ts";
import { write, writeJson } from "../terminal/write.ts";
import { describedLines, describeToken } from "./describe-token.ts";

/** Says whose token a program would get, without showing it. */
export async function run(input: CommandInput, host: Host): Promise<undefined> {
  const settings = identitySettingsOf(input);
  const scopeOf = scopeOrManagement(input.options.scope);
  const { identity, credential, close } = await openIdentity(host, settings);
  try {
    const scope = scopeOf((await inspectIdentity(identity)).context);
    const { tenantId } = settings;
    const token = await credential.getToken(scope, { tenantId, abortSignal: host.signal });
    const described = describeToken(token, { source: credential.explain.last?.winner, scopes: [scope] });
    if (input.options.json === true) {
      await writeJson(host.output, described);
      return undefined;
    }
    const look = { width: columnsOf(host.output), style: styleOf(host.output, host), now: host.now() };
    await write(host.output, `${describedLines(described, look).join("\n")}\n`);
    return undefined;
  } finally {
    await close();
  }
}
