import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { textFault } from "../util/text.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Passwords, which people choose: they may contain blanks and quotes. */
const passwords = ["AZURE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"];

/** The error for the first of `names` whose value was damaged; `undefined`: none was. */
export function malformedVariable(source: string, env: Env, names: readonly string[]): IdentityError | undefined {
  for (const name of names) {
    const fault = textFault(env[name] ?? "", passwords.includes(name));
    if (fault === undefined) continue;
    const { problem, remedy } = fault;
    return outcomeError("misconfigured", `${source}: ${name} ${problem}.`, { code: "malformed-variable", remedy });
  }
  return undefined;
}

/**
 * Refuses values that were damaged on their way into the environment: by the line break of `echo`,
 * by the quotes of a .env file. Entra would say that they are unknown. Messages have no value.
 *
 * @param source prefix of error messages
 * @param names the variables that the source is about to use
 * @throws {AuthenticationError} `malformed-variable`
 */
export function requireWellFormed(source: string, env: Env, names: readonly string[]): void {
  const error = malformedVariable(source, env, names);
  if (error !== undefined) throw error;
}
