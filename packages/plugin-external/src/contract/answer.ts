import type { IssuedToken, Principal } from "@azidentity/core/plugin";
import { contractVersion, type Failure, outcomeOfFailure } from "./failure.ts";

/** What a document says: a token, why there is none, or what is wrong with the document. */
export type Answer =
  | { readonly token: IssuedToken }
  | { readonly failure: Failure }
  /** Follows "the answer", e.g. `is empty`. Contains nothing of the document. */
  | { readonly problem: string };

type Members = Readonly<Record<string, unknown>>;

const principalFields = ["tenantId", "objectId", "clientId", "username"] as const;
/** What a header can carry. */
const visible = /^[\x21-\x7e]+$/;
/** Seconds since 1970 beyond which a number is one of milliseconds: the year 5138. */
export const maxSeconds = 1e11;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A principal of which something is known. */
function known(principal: Principal = {}): Principal | undefined {
  return Object.values(principal).some((value) => value !== undefined) ? principal : undefined;
}

/** The document of a token, for standard output or as the body of a response. */
export function tokenDocument(
  token: Pick<IssuedToken, "token" | "expiresOnTimestamp" | "refreshAfterTimestamp">,
  principal?: Principal,
): string {
  const { expiresOnTimestamp, refreshAfterTimestamp } = token;
  return JSON.stringify({
    version: contractVersion,
    token: token.token,
    tokenType: "Bearer",
    expiresOn: Math.floor(expiresOnTimestamp / 1000),
    refreshOn: refreshAfterTimestamp === undefined ? undefined : Math.floor(refreshAfterTimestamp / 1000),
    principal: known(principal),
  });
}

function parse(document: string): Members | string {
  const text = document.replace(/^\ufeff/, "").trim();
  if (text === "") return "is empty";
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? read : "is not a JSON object";
  } catch {
    return text.startsWith("{")
      ? "is not one JSON object: it is incomplete, or something follows it"
      : "does not begin with its JSON object";
  }
}

/** Milliseconds since 1970 from seconds, or what is wrong. */
function readTime(name: string, seconds: unknown): number | string {
  if (!Number.isInteger(seconds)) return `has no integer \`${name}\` (seconds since 1970)`;
  if ((seconds as number) < 0) return `has a negative \`${name}\``;
  if ((seconds as number) > maxSeconds) return `has its \`${name}\` in milliseconds, and not in seconds since 1970`;
  return (seconds as number) * 1000;
}

function readPrincipal(value: unknown): Principal | undefined | string {
  if (value === undefined) return undefined;
  if (!isObject(value)) return "has a `principal` that is not an object";
  const said = principalFields.filter((name) => value[name] !== undefined && value[name] !== null);
  const wrong = said.find((name) => typeof value[name] !== "string" || value[name] === "");
  if (wrong !== undefined) return `has a \`principal.${wrong}\` that is not a text`;
  return Object.fromEntries(said.map((name) => [name, value[name]]));
}

function readToken({ token, tokenType, expiresOn, refreshOn, principal: said }: Members): Answer {
  if (typeof token !== "string" || token === "") return { problem: "has no `token`" };
  if (!visible.test(token)) return { problem: "has a token that no header can carry" };
  if (tokenType !== "Bearer") return { problem: "has no `tokenType`, or another one than Bearer" };
  const expires = readTime("expiresOn", expiresOn);
  if (typeof expires === "string") return { problem: expires };
  const refresh = refreshOn === undefined ? undefined : readTime("refreshOn", refreshOn);
  if (typeof refresh === "string") return { problem: refresh };
  const principal = readPrincipal(said);
  if (typeof principal === "string") return { problem: principal };
  const issued = { token, tokenType, expiresOnTimestamp: expires } as const;
  return { token: { ...issued, refreshAfterTimestamp: refresh, principal } };
}

function readFailure({ code, outcome, message, remedy, retryAfter }: Members): Answer {
  if (typeof code !== "string" || !/^[a-z][a-z0-9-]{0,63}$/.test(code))
    return { problem: "has an error without a `code`" };
  return {
    failure: {
      code,
      outcome: outcomeOfFailure(code, outcome),
      message: typeof message === "string" ? message : "",
      ...(typeof remedy === "string" && remedy.trim() !== "" && { remedy }),
      ...(typeof retryAfter === "number" && retryAfter > 0 && { retryAfter }),
    },
  };
}

/** Reads what a program printed, or a server answered. Unknown members are ignored. */
export function readAnswer(document: string): Answer {
  const read = parse(document);
  if (typeof read === "string") return { problem: read };
  if (read.version !== contractVersion)
    return { problem: `has no \`version\`, or another one than ${contractVersion}` };
  return isObject(read.error) ? readFailure(read.error) : readToken(read);
}
