import { ConfigurationError } from "../contract/errors.ts";
import { check, type Issue } from "../contract/schema.ts";
import type { IdentityConfig } from "./define.ts";
import { configFields } from "./schema.ts";

const codes: Readonly<Record<Issue["code"], string>> = {
  "unknown-key": "unknown-key",
  missing: "invalid-config",
  "wrong-type": "invalid-config",
};

/** Checks the shape of a config. `origin` is the file it came from; `undefined` for one given in code. */
export function parseConfig(value: unknown, origin: string | undefined): IdentityConfig {
  const issues = check({ type: "object", fields: configFields }, value);
  const first = issues[0];
  if (first === undefined) return value as IdentityConfig;
  const where = origin ?? "the config given in code";
  const lines = issues.map((issue) => `  ${issue.path.join(".") || "(root)"}: ${issue.message}`);
  throw new ConfigurationError(codes[first.code], `${where} is not valid:\n${lines.join("\n")}`, {
    file: origin,
    path: first.path.join("."),
  });
}
