import { type Case, expires, jwt, opaque } from "./case.ts";

const json = (more: object = {}) => JSON.stringify({ token: opaque, expiresOn: "2026-11-23T15:02:11Z", ...more });
const failed = { exitCode: 1 };
const message = (text: string) =>
  `${JSON.stringify({ type: "consoleMessage", timestamp: "2026-11-23T14:00:00Z", data: { message: text } })}\n`;

export const azureDeveloperCliCases: readonly Case[] = [
  { name: "UTC", stdout: json(), expires },
  { name: "an offset", stdout: json({ expiresOn: "2026-11-23T16:02:11+01:00" }), expires },
  { name: "a JWT that knows better", stdout: json({ token: jwt(), expiresOn: "2026-11-23T10:02:11Z" }), expires },
  { name: "nanoseconds", stdout: json({ expiresOn: "2026-11-23T15:02:11.123456789Z" }), expires },
  { name: "an update notice before", stdout: `WARNING: your version of azd is out of date\n${json()}`, expires },
  { name: "an update notice as JSON", stdout: `${message("a new version is there")}${json()}`, expires },
  { name: "no token", stdout: json({ token: undefined }), outcome: "failed", code: "unexpected-output" },
  { name: "no expiry", stdout: json({ expiresOn: undefined }), outcome: "failed", code: "unexpected-output" },
  {
    name: "not logged in, before 1.23.7",
    stderr: message("\nERROR: not logged in, run `azd auth login` to login\n"),
    ...failed,
    outcome: "not-signed-in",
    remedy: "azd auth login",
  },
  {
    name: "not logged in, 1.23.7 to 1.23.15",
    stderr: `${message("")}{"error":"not logged in, run \`azd auth login\` to login","message":"x","suggestion":""}\n`,
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "not logged in, from 1.24.0 on",
    stderr:
      '{"error":"not logged in, run `azd auth login` to login","message":"Not logged in","suggestion":"Run azd auth login."}',
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "not logged in, as text",
    stderr: "ERROR: not logged in, run `azd auth login` to login",
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "not logged in, the oldest",
    stderr: "ERROR: not logged in, run `azd login` to login",
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "multi-factor authentication",
    stderr: '{"error":"reauthentication required, run `azd auth login --scope x`"}',
    ...failed,
    outcome: "interaction-required",
    code: "sign-in-expired",
    remedy: "--scope",
  },
  {
    name: "an AADSTS number",
    stderr:
      '{"error":"failed to authenticate: (interaction_required) AADSTS50076: you must use multi-factor authentication"}',
    ...failed,
    outcome: "interaction-required",
    code: "conditional-access",
    remedy: "azd auth login",
  },
  {
    name: "too old for claims",
    stderr: "ERROR: unknown flag: --claims",
    ...failed,
    outcome: "interaction-required",
    code: "tool-outdated",
  },
  {
    name: "too old for claims, another parser",
    stderr: "flag provided but not defined: -claims",
    exitCode: 2,
    outcome: "interaction-required",
    code: "tool-outdated",
  },
  {
    name: "too old for JSON",
    stderr: "ERROR: unknown flag: --no-prompt",
    ...failed,
    outcome: "failed",
    code: "tool-outdated",
  },
  {
    name: "no network",
    stderr: '{"error":"dial tcp: lookup login.microsoftonline.com: no such host"}',
    ...failed,
    outcome: "unreachable",
  },
  {
    name: "something else",
    stderr: '{"error":"","message":"internal error"}',
    ...failed,
    outcome: "failed",
    code: "tool-failed",
  },
];
