import { isError } from "../util/is-error.ts";
import { parseJsonObject } from "../util/json.ts";
import { blankOut } from "./blank-out.ts";
import { cleanCause } from "./clean-cause.ts";
import { deniedPermission } from "./denied-permission.ts";
import { ConfigurationError, isIdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";
import { quote } from "./quote.ts";
import { redact } from "./redact.ts";

/** Depth to which nested errors are looked through. */
const depth = 8;
/** Letters of the longest text of an error that is kept. */
const longest = 65_536;

/** Characters of another error's message that a message quotes. */
const maxQuoteLength = 300;

/** Members of our errors that hold other errors and texts. */
const nestedMembers: readonly PropertyKey[] = ["cause", "errors", "errorResponse", "walk", "attempts"];

type Texts = Record<PropertyKey, unknown>;

/** Changes the texts of an error, or of what is said in it, where they stand. */
function conceal(holder: Texts, secrets: readonly string[], left: number): void {
  for (const key of Reflect.ownKeys(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property === undefined || !("value" in property)) continue;
    const { value } = property;
    const looksOn = nestedMembers.includes(key) || Array.isArray(holder);
    if (looksOn && typeof value === "object" && value !== null && left > 0) conceal(value as Texts, secrets, left - 1);
    if (typeof value !== "string") continue;
    const clean = blankOut(value, secrets, longest);
    // claims that are no JSON any more would be refused where they are passed on to
    if (clean !== value) replace(holder, key, key === "claims" && !parseJsonObject(clean) ? undefined : clean);
  }
}

function replace(holder: Texts, key: PropertyKey, value: unknown): void {
  try {
    Object.defineProperty(holder, key, { value });
  } catch {
    // frozen; errors of ours are not, unless a plugin freezes its own
  }
}

/**
 * Makes an error of ours of whatever a source threw. Foreign text is redacted and cut; `secrets`
 * are blanked out in every text of it, also of an error that is ours already, because it was made
 * of what a server said.
 */
export function wrapError(source: string, error: unknown, secrets: readonly string[] = []): unknown {
  if (isIdentityError(error)) {
    if (secrets.length > 0) conceal(error as unknown as Texts, secrets, depth);
    return error;
  }
  const text = isError(error)
    ? quote(redact(`${error.name}: ${error.message}`, 512, secrets), maxQuoteLength)
    : "it threw something that is not an error";
  const cause = cleanCause(error, secrets);
  const denied = deniedPermission(error);
  if (denied !== undefined) return new ConfigurationError(denied.code, `${source}: ${text}.`, { ...denied, cause });
  const remedy = "Look at the `cause`, or report it to the author of the source.";
  return outcomeError("failed", `${source} failed: ${text}.`, { remedy, cause });
}
