import type { AuthenticationErrorCode, OutcomeCode } from "../contract/error-code.ts";

/** What an AADSTS number of Entra means to a source. */
export interface AadstsRow {
  /** The numbers without the letters AADSTS. */
  readonly numbers: readonly number[];
  /** How an attempt ends with it. */
  readonly outcome: OutcomeCode;
  /** The code of its error. */
  readonly code: AuthenticationErrorCode;
  /** What to change; `undefined`: nothing that is generally true. */
  readonly remedy?: string;
}

/**
 * AADSTS number → outcome, code and remedy. Microsoft states that the numbers are not a contract,
 * so an unknown one is judged by the OAuth error word alone. Source:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const aadstsRows: readonly AadstsRow[] = [
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
    numbers: [90002, 900023, 50059, 90019, 50128],
    outcome: "misconfigured",
    code: "unknown-tenant",
    remedy: "Check the tenant id or domain, and that it lives in the configured cloud.",
  },
  {
    numbers: [90038],
    outcome: "misconfigured",
    code: "wrong-cloud",
    remedy: "The tenant lives in another national cloud: set `cloud` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50049],
    outcome: "misconfigured",
    code: "unknown-authority",
    remedy: "Check `authorityHost` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50194],
    outcome: "misconfigured",
    code: "single-tenant-application",
    remedy: "Give the application's own tenant id.",
  },
  {
    numbers: [500011, 50001, 650057],
    outcome: "misconfigured",
    code: "unknown-resource",
    remedy: "Check the scope: its resource has no service principal in this tenant.",
  },
  {
    numbers: [70011, 1002012, 28000, 28002, 700022, 700023],
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
    numbers: [700024],
    outcome: "rejected",
    code: "assertion-expired",
    remedy: "The assertion is outside its time range: get a fresh one, and check this machine's clock.",
  },
  {
    numbers: [700027, 7000214, 7000274, 7000277, 1000502, 700030, 5002730],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "Check that this certificate is registered with the application, valid and not revoked.",
  },
  {
    numbers: [7000218],
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
    numbers: [50013, 500131, 500133],
    outcome: "rejected",
    code: "user-assertion-refused",
    remedy: "The caller has to send a fresh access token that was issued for this application.",
  },
  {
    numbers: [50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 53004, 50097, 50131],
    outcome: "interaction-required",
    code: "conditional-access",
    remedy: "Sign in again interactively; Entra asks for more (such as multi-factor authentication).",
  },
  {
    numbers: [65001, 65004, 90094],
    outcome: "interaction-required",
    code: "consent-required",
    remedy: "A user or an administrator has to consent to the application's permissions.",
  },
  {
    numbers: [50058, 50085, 50089, 50132, 50133, 50173, 70000, 70008, 700081, 700082, 700084, 70043],
    outcome: "interaction-required",
    code: "sign-in-expired",
    remedy: "Sign in again.",
  },
  {
    numbers: [50034, 50020, 51004, 90072, 50053, 50055, 50056, 50057, 50126, 50144, 50105],
    outcome: "rejected",
    code: "user-refused",
    remedy: "Check the account, its password and its assignment in this tenant.",
  },
  {
    numbers: [50011, 500112, 500113, 900971],
    outcome: "misconfigured",
    code: "redirect-uri-refused",
    remedy: "Register the redirect URI with the application, exactly as it is sent.",
  },
  {
    numbers: [650052, 650056, 51000],
    outcome: "rejected",
    code: "application-not-enabled",
    remedy: "An administrator has to enable or subscribe to what the application asks for.",
  },
  {
    numbers: [70003, 90023, 9001023],
    outcome: "misconfigured",
    code: "unsupported-grant",
    remedy: "This way to sign in does not fit this application or tenant: choose another source.",
  },
  {
    numbers: [54005, 501481, 70018],
    outcome: "rejected",
    code: "code-refused",
    remedy: "A code is valid once, and only for the client that requested it: sign in again.",
  },
  {
    numbers: [500181, 1000610, 1000611, 1000612, 1000613, 1000614],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "The token-binding certificate was refused: a new one has to be made.",
  },
  {
    numbers: [392189, 392200, 100007],
    outcome: "misconfigured",
    code: "unsupported-grant",
    remedy: "This endpoint takes other applications or certificates: use the global one, or register what it wants.",
  },
  {
    numbers: [70019, 70020],
    outcome: "timeout",
    code: "code-expired",
    remedy: "The sign-in was not completed in time: try again.",
  },
  {
    numbers: [50196, 90055],
    outcome: "throttled",
    code: "throttled",
    remedy: "Ask less often; tokens are to be cached.",
  },
  {
    numbers: [90006, 90024, 90033, 50033, 50087, 90012],
    outcome: "failed",
    code: "entra-unavailable",
    remedy: "Try again later.",
  },
];
