import { parseJsonObject, type TokenRequest } from "@azidentity/core/plugin";
import { contractVersion, type Failure, failure } from "./failure.ts";

/** A request for a token, as a program gets it on standard input, and a server as a body. */
export interface ContractRequest {
  /** What the token is for. */
  readonly scopes: readonly [string, ...string[]];
  /** Tenant by id or domain; absent: the program's own. */
  readonly tenantId?: string;
  /** JSON text of a claims challenge; absent: none. */
  readonly claims?: string;
  /** Whether the caller handles tokens that are revoked early. Absent: false. */
  readonly enableCae?: boolean;
  /** GUID for `client-request-id` and for logs; absent: the program makes one. */
  readonly correlationId?: string;
}

/** The document of a request, in one line. */
export function requestDocument(
  request: Pick<TokenRequest, "scopes" | "claims" | "enableCae" | "correlationId">,
  tenantId: string | undefined,
): string {
  const { scopes, claims, enableCae, correlationId } = request;
  const optional = { tenantId, claims, enableCae: enableCae || undefined, correlationId };
  return JSON.stringify({ version: contractVersion, scopes, ...optional });
}

/** Many languages write null for what has no value. */
const isAbsent = (value: unknown) => value === undefined || value === null;
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const optionalTexts = ["tenantId", "claims", "correlationId"] as const;

const refuse = (problem: string) => failure("invalid-request", `The request is not valid: ${problem}.`);

/** Reads the document of a request; a failure where it is not one. Unknown members are ignored. */
export function readRequest(document: string): ContractRequest | Failure {
  const read = parseJsonObject(document);
  if (read === undefined) return refuse("it is not a JSON object");
  const { version, scopes, enableCae } = read;
  if (version !== contractVersion)
    return failure("unsupported-version", `The request has no version, or another one than ${contractVersion}.`);
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isText))
    return refuse("`scopes` is not a list of texts");
  const wrong = optionalTexts.find((name) => !isAbsent(read[name]) && !isText(read[name]));
  if (wrong !== undefined) return refuse(`\`${wrong}\` is not a text`);
  if (!isAbsent(enableCae) && typeof enableCae !== "boolean") return refuse("`enableCae` is not true or false");
  const texts = Object.fromEntries(optionalTexts.flatMap((name) => (isText(read[name]) ? [[name, read[name]]] : [])));
  const [first, ...others] = scopes as [string, ...string[]];
  return { scopes: [first, ...others], ...texts, ...(enableCae === true && { enableCae }) };
}
