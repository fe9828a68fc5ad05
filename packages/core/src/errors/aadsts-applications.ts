import type { AuthenticationErrorCode, OutcomeCode } from "../contract/error-code.ts";

/** What an AADSTS number of Entra means to a source. */
export interface AadstsRow {
  /** The numbers without the letters AADSTS. */
  readonly numbers: readonly number[];
  /** How an attempt ends with it. */
  readonly outcome: OutcomeCode;
  /** The code of its error. */
  readonly code: AuthenticationErrorCode;
  /** What to change. */
  readonly remedy: string;
  /** What to change where Entra's text has these words. */
  readonly remedyIf?: { readonly words: RegExp; readonly remedy: string } | undefined;
  /** What differs for an application that signs in as itself: no user can do anything there. */
  readonly forApplication?: { readonly outcome: OutcomeCode; readonly remedy: string } | undefined;
}

/**
 * What applications and their administrators meet besides credentials: registrations, tenants,
 * requests.
 */
export const applicationRows = (): readonly AadstsRow[] => [
  {
    numbers: [700016, 700011, 70001, 7000112],
    outcome: "rejected",
    code: "unknown-application",
    remedy: "Check the client id, and that the application exists, is enabled and was consented to in this tenant.",
  },
  {
    numbers: [7000229],
    outcome: "rejected",
    code: "unknown-application",
    remedy: "Create the application's service principal in this tenant: az ad sp create --id <client id>",
  },
  {
    numbers: [90002, 900021, 900023, 50059, 90019, 50128],
    outcome: "misconfigured",
    code: "unknown-tenant",
    remedy: "Check the tenant id or domain, and that the tenant is in the configured cloud.",
  },
  {
    numbers: [90038, 90043, 90051, 900382, 900432],
    outcome: "misconfigured",
    code: "wrong-cloud",
    remedy: "The tenant is in another national cloud: set `cloud` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50002, 500021, 500022],
    outcome: "rejected",
    code: "tenant-access-blocked",
    remedy: "Your network's tenant restrictions exclude this tenant: have it added to them, or use another network.",
  },
  {
    numbers: [500212, 500213, 1000104, 90099],
    outcome: "rejected",
    code: "tenant-access-blocked",
    remedy:
      "An administrator has to allow it in the cross-tenant access settings of the tenant, or use another tenant.",
  },
  {
    numbers: [5000225],
    outcome: "rejected",
    code: "tenant-access-blocked",
    remedy: "The tenant is blocked for inactivity: its administrator has to have it restored.",
  },
  {
    numbers: [50049],
    outcome: "misconfigured",
    code: "unknown-authority",
    remedy: "Check `authorityHost` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50194, 90124, 90130],
    outcome: "misconfigured",
    code: "single-tenant-application",
    remedy: "Give the application's own tenant id.",
  },
  {
    numbers: [500011, 50001, 650057, 650054],
    outcome: "misconfigured",
    code: "unknown-resource",
    remedy: "Check the scope: its resource has no service principal in this tenant.",
  },
  {
    numbers: [500014],
    outcome: "rejected",
    code: "unknown-resource",
    remedy: "The resource's service principal is disabled in this tenant: an administrator has to enable it.",
  },
  {
    numbers: [70011, 1002012, 28000, 28002, 28003, 650053, 700022, 700023],
    outcome: "misconfigured",
    code: "invalid-scope",
    remedy: "Ask for one resource at a time, as `<resource>/.default`.",
  },
  {
    numbers: [90009],
    outcome: "misconfigured",
    code: "invalid-scope",
    remedy: "Name the application by its client id: `<client id>/.default`.",
  },
  {
    numbers: [650052, 650056, 51000, 1000031],
    outcome: "rejected",
    code: "application-not-enabled",
    remedy: "An administrator has to enable or subscribe to what the application asks for.",
  },
  {
    numbers: [501051],
    outcome: "rejected",
    code: "application-not-enabled",
    remedy: "An administrator has to assign this application to a role of the resource's enterprise application.",
  },
  {
    numbers: [65002],
    outcome: "rejected",
    code: "application-not-enabled",
    remedy: "Microsoft's own application may not call this API: register an application, and set its `clientId`.",
  },
  {
    numbers: [50003, 50010, 50042, 50043, 50124, 50146, 501241, 501461, 501621, 65005],
    outcome: "rejected",
    code: "misconfigured-application",
    remedy:
      "Have the application's registration corrected: its signing key, claims, audiences or required permissions.",
  },
  {
    numbers: [70003, 70005, 70007, 700054, 7000114, 90023, 90027, 9001023, 9002332],
    outcome: "misconfigured",
    code: "unsupported-grant",
    remedy: "This way to sign in does not fit this application or tenant: choose another source.",
  },
  {
    numbers: [392189, 392200, 100007],
    outcome: "misconfigured",
    code: "unsupported-grant",
    remedy: "This endpoint takes other applications or certificates: use the global one, or register what it wants.",
  },
  {
    numbers: [1002016],
    outcome: "misconfigured",
    code: "outdated-tls",
    remedy: "Allow TLS 1.2 or newer in Node.js (--tls-min-v1.2, OpenSSL's configuration) and in the proxy.",
  },
  {
    numbers: [50050, 90004, 90005, 90013, 90014, 90015, 90100, 90102, 90117, 90121, 900144, 900561, 9002313],
    outcome: "rejected",
    code: "entra-refused",
    remedy: "Check that no proxy changes requests to Entra; otherwise report it with `errorResponse.correlationId`.",
  },
  {
    numbers: [50196, 90055],
    outcome: "throttled",
    code: "throttled",
    remedy: "Ask less often; tokens are to be cached.",
  },
  {
    numbers: [90006, 90024, 90033, 50033, 50087, 90012, 40010, 70012, 90090, 90091],
    outcome: "failed",
    code: "entra-unavailable",
    remedy: "Try again later.",
  },
  {
    numbers: [50000, 90036, 90092],
    outcome: "failed",
    code: "entra-refused",
    remedy: "Entra itself failed: open a support request with `errorResponse.correlationId` and `traceId`.",
  },
];
