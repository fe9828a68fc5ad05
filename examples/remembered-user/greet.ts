/** Greets the user by name: a command-line tool that prompts on its first run only. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "@azidentity/plugin-users";

const scope = "https://graph.microsoft.com/.default";
const file = join(process.env.GREETER_FOLDER ?? ".", "user.json");

const identity = createIdentity();
try {
  if (!existsSync(file)) {
    const record = await identity.credential("device-code").authenticate(scope);
    writeFileSync(file, serializeAuthenticationRecord(record));
  }
  const authenticationRecord = deserializeAuthenticationRecord(readFileSync(file, "utf8"));
  const credential = identity.credential("device-code", { authenticationRecord });
  await credential.getToken(scope);
  console.log(`Hello, ${credential.explain.last?.principal?.username}.`);
} finally {
  await identity.close();
}
