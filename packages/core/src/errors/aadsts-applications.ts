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
  /** What differs for an application that signs in as itself: no user can do anything there. */
  readonly forApplication?: { readonly outcome: OutcomeCode; readonly remedy: string } | undefined;
}

/** What applications and their administrators meet: credentials, registrations, tenants, requests. */
export const applicationRows: readonly AadstsRow[] = [
  {
    numbers: [7000215, 70002],
    outcome: "rejected",
    code: "invalid-client-secret",
    remedy: "Give the secret's value, not its id, of a secret that this application has now.",
  },
  {
    numbers: [7000222],
    outcome: "rejected",
    code: "expired-client-secret",
    remedy: "Add a new secret to the application and use that, or move to a managed identity.",
  },
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
    remedy: "Check the tenant id or domain, and that it lives in the configured cloud.",
  },
  {
    numbers: [90038, 90043, 90051, 900382, 900432],
    outcome: "misconfigured",
    code: "wrong-cloud",
    remedy: "The tenant lives in another national cloud: set `cloud` or AZURE_AUTHORITY_HOST.",
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
    numbers: [70011, 1002012, 28000, 28002, 28003, 700022, 700023, 90009],
    outcome: "misconfigured",
    code: "invalid-scope",
    remedy: "Ask for one resource at a time, as `<resource>/.default`.",
  },
  {
    numbers: [700021, 70021, 700211, 700212, 700213],
    outcome: "rejected",
    code: "no-federated-credential",
    remedy: "Compare issuer, subject and audience of the assertion with the application's federated credentials.",
  },
  {
    numbers: [7002138],
    outcome: "rejected",
    code: "no-federated-credential",
    remedy: "Only the case differs: write the subject of the federated credential exactly as the assertion has it.",
  },
  {
    numbers: [70023],
    outcome: "rejected",
    code: "unsuitable-assertion",
    remedy:
      "The token lives longer than a day, so it is not the one for federation: name that file, such as the one in AZURE_FEDERATED_TOKEN_FILE.",
  },
  {
    numbers: [700222, 700229, 700231, 700236, 50027, 50048, 50120, 900384],
    outcome: "rejected",
    code: "unsuitable-assertion",
    remedy:
      "Send a token that the application's federated credentials allow: of an outside issuer, or of a managed identity.",
  },
  {
    numbers: [50166],
    outcome: "failed",
    code: "issuer-unreachable",
    remedy:
      "Entra must be able to read the issuer's OpenID configuration and keys from the internet: check its address.",
  },
  {
    numbers: [700024],
    outcome: "rejected",
    code: "assertion-expired",
    remedy: "The assertion is outside its time range: get a fresh one, and check this machine's clock.",
  },
  {
    numbers: [700027, 7000214, 7000274, 7000277, 1000502, 700030, 5002730, 50006, 50012, 50017, 50032],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "Check that this certificate is registered with the application, valid and not revoked.",
  },
  {
    numbers: [500181, 1000610, 1000611, 1000612, 1000613, 1000614],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "The token-binding certificate was refused: a new one has to be made.",
  },
  {
    numbers: [7000218, 7000216],
    outcome: "misconfigured",
    code: "client-credential-missing",
    remedy:
      "The application is confidential: give it a secret, a certificate or an assertion. To sign people in without one, set `Allow public client flows` in its registration.",
  },
  {
    numbers: [700025],
    outcome: "misconfigured",
    code: "public-client",
    remedy: "The application is public: send no secret.",
  },
  {
    numbers: [50013, 500131, 500133, 90016, 240002],
    outcome: "rejected",
    code: "user-assertion-refused",
    remedy: "The caller has to send a fresh access token that was issued for this application.",
  },
  {
    numbers: [50011, 500112, 500113, 900971, 70004],
    outcome: "misconfigured",
    code: "redirect-uri-refused",
    remedy: "Register the redirect URI with the application, exactly as it is sent.",
  },
  {
    numbers: [9002327],
    outcome: "misconfigured",
    code: "redirect-uri-refused",
    remedy:
      "Register the redirect URI under `Mobile and desktop applications`, not as that of a single-page application.",
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
    numbers: [50050, 90004, 90005, 90013, 90014, 90015, 90100, 90102, 90117, 90121, 900144, 900561, 901002, 9002313],
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
