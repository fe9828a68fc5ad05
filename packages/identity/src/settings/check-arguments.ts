import { CredentialUnavailableError } from "../errors/errors.ts";

/** Throws for the first argument without a value, as `@azure/identity` does. */
export function requireArguments(className: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!value)
      throw new CredentialUnavailableError(
        `${className}: ${name} is a required parameter. Pass a value that is not empty.`,
      );
  }
}

/** Throws for a tenant that can be neither an id nor a domain; one without a value is not given. */
export function checkTenant(tenantId: unknown): void {
  if (tenantId !== undefined && tenantId !== null && tenantId !== "") requireTenant(tenantId);
}

/** Throws for what can be neither the id of a tenant nor its domain. */
export function requireTenant(tenantId: unknown): void {
  if (typeof tenantId === "string" && /^[0-9a-zA-Z.-]+$/.test(tenantId)) return;
  throw new Error(
    "Invalid tenant id provided. Write the directory (tenant) id or a domain, such as contoso.onmicrosoft.com.",
  );
}

/** Throws for a subscription that can be neither an id nor a name. */
export function checkSubscription(subscription: unknown): void {
  if (subscription === undefined || subscription === null || subscription === "") return;
  if (typeof subscription === "string" && /^[0-9a-zA-Z-._ ]+$/.test(subscription)) return;
  throw new Error(
    `Subscription '${subscription}' contains invalid characters. List yours: az account list --output table`,
  );
}

const isLoopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::|\/|$)/i;

/** Throws for an authority that is not reached by TLS. One on this machine is for tests. */
export function checkAuthorityHost(authorityHost: unknown): void {
  if (!authorityHost) return;
  if (typeof authorityHost === "string" && (authorityHost.startsWith("https:") || isLoopback.test(authorityHost)))
    return;
  throw new Error("The authorityHost address must use the 'https' protocol. Write it as https://login.example.com.");
}

/**
 * Throws for an AZURE_AUTHORITY_HOST that is not reached by TLS, where no option takes its place. A
 * host without a protocol is reached by it.
 */
export function checkAuthorityVariable(authorityHost: unknown): void {
  const host = process.env.AZURE_AUTHORITY_HOST;
  if (!authorityHost && host?.includes("://")) checkAuthorityHost(host);
}
