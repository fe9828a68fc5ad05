/**
 * A tool that uses azidentity. It needs no authentication record, but writes one for the other
 * tool.
 */
import { existsSync, writeFileSync } from "node:fs";
import { createIdentity } from "@azidentity/core";
import { serializeAuthenticationRecord } from "@azidentity/plugin-users";
import { describe } from "./describe.ts";

const scope = "https://vault.azure.net/.default";
const { RECORD_FILE: file = "record.json" } = process.env;

const identity = createIdentity();
try {
  if (!existsSync(file)) {
    const record = await identity.credential("device-code").authenticate(scope);
    writeFileSync(file, serializeAuthenticationRecord(record));
  }
  console.log(describe(await identity.getToken(scope)));
} finally {
  await identity.close();
}
