import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** The example in a process of its own, on a machine that is somebody else already and has no way out. */
const run = spawnSync(process.execPath, ["main.ts"], {
  cwd: import.meta.dirname,
  encoding: "utf8",
  timeout: 30_000,
  env: {
    ...process.env,
    FORCE_COLOR: undefined,
    HTTPS_PROXY: "http://127.0.0.1:9",
    AZURE_TENANT_ID: "another-tenant",
    AZURE_CLIENT_ID: "somebody-else",
    AZURE_CLIENT_SECRET: "of-somebody-else",
  },
});
const output = run.stdout + run.stderr;
const [beforeRevocation = "", afterRevocation = ""] = run.stdout.split("\nRevoked the session");
const requests = (part: string) => part.match(/(GET|PUT|POST) +\S+ +\d{3}/g)?.map((row) => row.replace(/ +/g, " "));

test("the example succeeds", () => {
  expect(run, output).toMatchObject({ status: 0, signal: null });
});

test("one token is enough to store a secret and to read it", () => {
  expect(beforeRevocation).toMatch(/^Stored the secret "greeting" and read it: Hello from azidentity!$/m);
  expect(requests(beforeRevocation)).toEqual([
    "PUT /secrets/greeting 401",
    "POST /{tenant}/oauth2/v2.0/token 200",
    "PUT /secrets/greeting 200",
    "GET /secrets/greeting/ 200",
  ]);
  expect(beforeRevocation).toMatch(/^Requests for a token: 1$/m);
});

test("one more, asked for with the claims of the vault, answers the revocation within one call", () => {
  expect(afterRevocation).toMatch(/^, and read the secret again: Hello from azidentity!$/m);
  expect(requests(afterRevocation)).toEqual([
    "GET /secrets/greeting/ 401",
    "POST /{tenant}/oauth2/v2.0/token 200",
    "GET /secrets/greeting/ 200",
  ]);
  expect(beforeRevocation).not.toContain('"nbf"');
  expect(afterRevocation).toMatch(/ claims \{.*"nbf":\{"essential":true,"value":"\d+"\}.*\}$/m);
  expect(afterRevocation).toMatch(/^Requests for a token: 1\nThe token is another one\.$/m);
});

test("it says who was asked and as whom it ran, and keeps the token to itself", () => {
  expect(output).toMatch(/^ {2}client-secret +token +\d+ ms +\S/m);
  expect(output).toMatch(
    /^Ran as\n {2}application {2}[\da-f-]{36}\n {2}object {7}[\da-f-]{36}\n {2}tenant {7}[\da-f-]{36}$/m,
  );
  expect(output).not.toContain("\u001b"); // no colours
  expect(output).not.toContain("eyJ"); // no token
});
