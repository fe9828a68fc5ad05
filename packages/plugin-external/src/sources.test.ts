/** What every source has to do, for the four of this package. */
import {
  createFakeCommands,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  testCredentialSource,
} from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { azdHost } from "./azd-host/source.ts";
import { tokenDocument } from "./contract/answer.ts";
import { exec } from "./exec/source.ts";
import { relay } from "./relay/source.ts";
import { sidecar } from "./sidecar/source.ts";

const inAnHour = () => Date.now() + 3_600_000;
const document = () => tokenDocument({ token: "opaque", expiresOnTimestamp: inAnHour() });

describe("exec", () => {
  testCredentialSource(
    { it },
    {
      source: exec,
      options: { program: "tokens", args: ["--team"], passVariables: ["TEAM_KEY"] },
      env: { TEAM_KEY: "easy-to-find-k3y" },
      secrets: ["easy-to-find-k3y"],
      working: () => ({ commands: createFakeCommands({ tokens: () => ({ stdout: document() }) }) }),
    },
  );
});

describe("relay", () => {
  testCredentialSource(
    { it },
    {
      source: relay,
      options: { url: "http://127.0.0.1:41741", key: "easy-to-find-k3y" },
      working: () => ({ http: createFakeHttp({ body: document() }) }),
    },
  );
});

describe("azd-host", () => {
  testCredentialSource(
    { it },
    {
      source: azdHost,
      env: { AZD_AUTH_ENDPOINT: "http://127.0.0.1:41741", AZD_AUTH_KEY: "easy-to-find-k3y" },
      secrets: ["easy-to-find-k3y"],
      working: () => {
        const answer = { status: "success", token: "opaque", expiresOn: new Date(inAnHour()).toISOString() };
        return { http: createFakeHttp({ body: JSON.stringify(answer) }) };
      },
    },
  );
});

describe("sidecar", () => {
  testCredentialSource(
    { it },
    {
      source: sidecar,
      options: { url: "http://localhost:5178", agentIdentity: "agent", agentUserId: "user" },
      working: () => {
        const claims = Buffer.from(JSON.stringify({ exp: Math.floor(inAnHour() / 1000) })).toString("base64url");
        return { http: createFakeHttp({ body: JSON.stringify({ authorizationHeader: `Bearer e30.${claims}.s` }) }) };
      },
    },
  );
});

it("an argument that cmd.exe would interpret is an error of the config, with what to do", async () => {
  const refuse = () => {
    throw new TypeError("Argument 1 of a batch file holds a character that cmd.exe would interpret.");
  };
  const context = createTestContext({ commands: { find: () => "C:\\tools\\tokens.cmd", run: async () => refuse() } });
  const credential = await exec.create({ program: "tokens", args: ["%PATH%"] }, context);
  await expect(credential.getToken(createTestRequest())).rejects.toMatchObject({
    outcome: "misconfigured",
    message: expect.stringContaining("Argument 1 of a batch file"),
    remedy: expect.stringContaining(".exe"),
  });
});

it.each(["C:\\tools\\tokens.cmd", "\\\\server\\tools\\tokens.exe", "/usr/bin/tokens", "tokens", "tokens.cmd"])(
  "the program may be %s, on a system that has such paths",
  (program) => {
    expect(exec.options?.["~standard"].validate({ program })).not.toHaveProperty("issues");
  },
);

it.each([
  [{ program: "tok\u0000ens" }],
  [{ program: "/usr/bin/tok\nens" }],
  [{ program: "C:tokens" }],
  [{ program: "tokens", args: ["a\u0000b"] }],
  [{ program: "tokens", passVariables: ["A=B"] }],
  [{ program: "tokens", passVariables: [""] }],
  [{ program: ["tokens"] }],
  [{ args: ["a"] }],
])("options with which no program can be run are refused: %j", (options) => {
  expect(exec.options?.["~standard"].validate(options)).toHaveProperty("issues");
});

it("no source names a subject, so that no store keeps its tokens", () => {
  const named = [exec, relay, azdHost, sidecar].map(({ subject }) => subject({} as never, {} as never));
  expect(named).toEqual([undefined, undefined, undefined, undefined]);
});

it("sources that a program configures have no place in the default chain; those that another program announces have", () => {
  expect([exec.priority, sidecar.priority]).toEqual([undefined, undefined]);
  expect([relay.kind, azdHost.kind]).toEqual(["developer", "developer"]);
  expect(Number(relay.priority)).toBeLessThan(Number(azdHost.priority));
});
