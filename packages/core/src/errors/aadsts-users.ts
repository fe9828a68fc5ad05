import type { AadstsRow } from "./aadsts-applications.ts";

/** What applications meet where a user could sign in once more, and they cannot. */
const policyForApplications: AadstsRow["forApplication"] = {
  outcome: "rejected",
  remedy:
    "A Conditional Access policy for workload identities (location, risk) blocks this application: an administrator has to change it.",
};

/** What users and applications meet: policies and consent. */
export const policyRows = (): readonly AadstsRow[] => [
  {
    numbers: [
      50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 53004, 50097, 50131, 50005, 50127, 50129,
      50155, 50161, 50170, 50187, 53010, 530003, 700003,
    ],
    outcome: "interaction-required",
    code: "conditional-access",
    remedy: "Sign in again interactively; Entra asks for more (such as multi-factor authentication).",
    forApplication: policyForApplications,
  },
  {
    numbers: [53011, 530031, 530032, 530034, 530035],
    outcome: "rejected",
    code: "conditional-access",
    remedy: "A security policy of the tenant blocks this, however one signs in: an administrator has to change it.",
    forApplication: policyForApplications,
  },
  {
    numbers: [65001, 65004, 90008, 90094, 90095, 52004, 9002341],
    outcome: "interaction-required",
    code: "consent-required",
    remedy: "A user or an administrator has to consent to the application's permissions.",
    forApplication: {
      outcome: "rejected",
      remedy: "An administrator has to grant the application its permissions in this tenant.",
    },
  },
];

/**
 * What only users meet, and applications on their behalf: sessions, accounts, sign-ins, redirects,
 * assertions. Passed by what signs in users; not in bundles of others.
 */
export const aadstsUserRows = (): readonly AadstsRow[] => [
  {
    numbers: [
      50058, 50085, 50089, 50132, 50133, 50139, 50173, 70000, 70008, 700081, 700082, 700084, 70043, 90086, 140001,
    ],
    outcome: "interaction-required",
    code: "sign-in-expired",
    remedy: "Sign in again.",
  },
  {
    numbers: [
      16000, 16001, 16002, 160021, 50125, 50135, 50136, 50140, 50143, 50168, 50177, 50178, 50180, 50197, 50199, 51001,
      51006, 700020, 81004, 81005, 81006, 81007, 81009, 81010, 81011, 81012, 130004, 130005, 130007, 130008, 135011,
    ],
    outcome: "interaction-required",
    code: "sign-in-required",
    remedy: "Sign in interactively, with an account of this tenant.",
  },
  {
    numbers: [
      16003, 50014, 50015, 50020, 500208, 50034, 51004, 50053, 50055, 50056, 50057, 500571, 50064, 50105, 50126, 50144,
      54000, 80012, 90072, 90084, 90093, 90125, 90126,
    ],
    outcome: "rejected",
    code: "user-refused",
    remedy: "Check the account, its password and its assignment in this tenant.",
  },
  {
    numbers: [
      20001, 20012, 20033, 40008, 40009, 40015, 50008, 5000819, 50107, 50169, 80001, 80002, 80005, 80007, 80010, 80013,
      80014, 90081, 90082, 90085, 90087, 90123,
    ],
    outcome: "rejected",
    code: "identity-provider-failed",
    remedy: "The identity provider or directory behind this tenant refused or failed: ask its administrator.",
  },
  {
    numbers: [54005, 501481, 501491, 50134, 50147, 70018, 700005, 90056, 90119, 90120],
    outcome: "rejected",
    code: "code-refused",
    remedy: "A code is valid once, and only for the client that requested it: sign in again.",
  },
  {
    numbers: [9010010, 901002],
    outcome: "misconfigured",
    code: "invalid-scope",
    remedy: "Entra takes no `resource` beside the scope: connect MCP clients with `azid mcp`.",
  },
  {
    numbers: [70019, 70020],
    outcome: "timeout",
    code: "code-expired",
    remedy: "The sign-in was not completed in time: try again.",
  },
  {
    numbers: [50088],
    outcome: "throttled",
    code: "throttled",
    remedy: "Wait some minutes, then sign in again.",
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
    numbers: [50013, 500131, 500133, 90016, 240002],
    outcome: "rejected",
    code: "user-assertion-refused",
    remedy: "The caller has to send a fresh access token that was issued for this application.",
  },
];
