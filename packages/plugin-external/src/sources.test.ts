/** What every source has to do, for the four of this package. */
import { createFakeCommands, createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
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

it("no source names a subject, so that no store keeps its tokens", () => {
  const named = [exec, relay, azdHost, sidecar].map(({ subject }) => subject({} as never, {} as never));
  expect(named).toEqual([undefined, undefined, undefined, undefined]);
});

it("sources that a program configures have no place in the default chain; those that another program announces have", () => {
  expect([exec.priority, sidecar.priority]).toEqual([undefined, undefined]);
  expect([relay.kind, azdHost.kind]).toEqual(["developer", "developer"]);
  expect(Number(relay.priority)).toBeLessThan(Number(azdHost.priority));
});
