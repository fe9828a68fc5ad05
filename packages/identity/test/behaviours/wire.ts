import type { Emulator } from "@azidentity/emulator";
import type { RecordedHttp } from "./recorded-http.ts";

/** Fields that identify the client library, or differ by random numbers. */
const incidental = /^(x-client|x-app|client-request-id|x-ms-lib|client_info|device_code|code_verifier|response_type)/;

/** A request as both packages have to send it. */
export type WireRequest = Readonly<Record<string, string | readonly string[] | object>>;

/** Scopes in alphabetical order, as their order has no meaning; claims for access tokens alone. */
function read(name: string, value: string): WireRequest[string] | undefined {
  if (name === "scope") return value.split(" ").sort();
  if (name !== "claims") return value;
  const { access_token } = JSON.parse(value); // MSAL requests claims of id tokens, too
  return access_token && { access_token };
}

function meaningful(form: Readonly<Record<string, string>>): WireRequest {
  const fields = Object.entries(form).flatMap(([name, value]) => {
    const field = incidental.test(name) ? undefined : read(name, value);
    return field === undefined ? [] : [[name, field] as const];
  });
  return Object.fromEntries(fields);
}

/** The forms that reached the token endpoint, with the tenant that they were for. */
export const tokenRequests = ({ requests }: Emulator): readonly WireRequest[] =>
  requests.to("/token").map(({ tenant, form }) => ({ tenant: tenant ?? "", ...meaningful(form) }));

/** The number of requests to the token endpoint. */
export const requestCount = ({ requests }: Emulator): number => requests.to("/token").length;

/** What a token says of its principal. */
export function claimsOf({ token }: { readonly token: string }): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** The forms that an own HTTP client was given for the token endpoint. */
export const formsOf = ({ requests }: RecordedHttp): readonly URLSearchParams[] =>
  requests.flatMap(({ body }) => (typeof body === "string" ? [new URLSearchParams(body)] : []));

/** Header and claims of the client assertion in a form. */
export function assertionOf(form: URLSearchParams | undefined) {
  const [header = "", claims = ""] = (form?.get("client_assertion") ?? "").split(".");
  const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return { header: decode(header), claims: decode(claims) };
}
