/**
 * The same situations at the loopback page for Microsoft's client and for us. docs/differences.md
 * has the reasons of the differences.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { createIdentities, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import users from "../src/index.ts";
import { post } from "./browser-request.ts";

const clientId = "11111111-1111-4111-8111-111111111111";
const ann = { username: "ann@contoso.example", password: "s3cret-ann" };
let emulator: Emulator;
const identities = createIdentities(users, () => emulator);
beforeAll(async () => {
  const applications = [{}, { clientId, publicClient: true, secrets: [] }];
  emulator = await startEmulator({ tenants: [{ applications, users: [ann] }] });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await identities.close();
  await emulator.close();
});

/** What happens at the page that a client has opened; `abort` has the client give up. */
type Scenario<T> = (url: string, abort: () => void) => Promise<T>;
type Client = <T>(scenario: Scenario<T>) => Promise<{ readonly ended: string; readonly seen: T }>;

const ours: Client = async (scenario) => {
  const controller = new AbortController();
  const opened = Promise.withResolvers<string>();
  const seen = opened.promise.then((url) => scenario(url, () => controller.abort()));
  const credential = identities.make().credential("interactive-browser", { clientId, openBrowser: opened.resolve });
  const ended = await credential.getToken(scope, { abortSignal: controller.signal }).then(
    () => "a token",
    ({ name }) => name,
  );
  return { ended, seen: await seen };
};

/** It opens the program that `BROWSER` names: here one that sends the URL to this test. */
const theirs: Client = async (scenario) => {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-official-"));
  const opened = Promise.withResolvers<string>();
  const desk = createServer(async (request, response) => {
    opened.resolve(await text(request));
    response.end();
  });
  await new Promise<void>((resolve) => desk.listen(0, "127.0.0.1", resolve));
  const browser = join(folder, "browser");
  const { port } = desk.address() as AddressInfo;
  const tell = `fetch("http://127.0.0.1:${port}", { method: "POST", body: process.argv[1] })`;
  writeFileSync(browser, `#!/bin/sh\nexec '${process.execPath}' -e '${tell}' "$1"\n`, { mode: 0o700 });
  const args = [
    join(import.meta.dirname, "official-browser.mjs"),
    emulator.authorityHost,
    emulator.tenantId,
    clientId,
    scope,
  ];
  const env = { PATH: process.env.PATH, ...emulator.env(), BROWSER: browser };
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  try {
    const ended = text(child.stdout);
    const seen = await scenario(await opened.promise, () => child.stdin.write("enough\n"));
    return { ended: (await ended).trim(), seen };
  } finally {
    child.kill("SIGKILL");
    desk.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The answer that Entra would have the browser post, and where. */
async function answerTo(url: string) {
  const { url: page, parameters } = await emulator.signIn(url, { account: ann.username });
  return { page, parameters: { ...parameters } };
}

describe.skipIf(process.platform !== "linux")("@azure/identity and this plugin", () => {
  it("@azure/identity and this plugin differ in whether they accept a foreign host name", async () => {
    const rebound: Scenario<number> = async (url) => {
      const { page, parameters } = await answerTo(url);
      const { status } = await post(page, parameters, { host: "evil.test" });
      await post(page, parameters);
      return status;
    };
    expect(await theirs(rebound)).toEqual({ ended: "a token", seen: 200 });
    expect(await ours(rebound)).toEqual({ ended: "a token", seen: 421 });
  });

  it("@azure/identity and this plugin differ in how large a request they read", async () => {
    const flooded: Scenario<boolean> = async (url) => {
      const { page, parameters } = await answerTo(url);
      const { status } = await post(page, { ...parameters, more: "x".repeat(10_000_000) });
      await post(page, parameters);
      return status === 200;
    };
    expect(await theirs(flooded)).toEqual({ ended: "a token", seen: true });
    expect(await ours(flooded)).toEqual({ ended: "a token", seen: false });
  });

  it("@azure/identity and this plugin differ in the page that is shown when Entra refuses the code", async () => {
    const refused: Scenario<boolean> = async (url) => {
      emulator.faults.add({ path: "token", error: 54005 });
      const { answer } = await emulator.signIn(url, { account: ann.username, follow: true });
      return answer?.status === 200 && !answer.body.includes("not signed in");
    };
    expect(await theirs(refused)).toEqual({ ended: "AuthenticationRequiredError", seen: true });
    expect(await ours(refused)).toEqual({ ended: "AuthenticationError", seen: false });
  });

  it("@azure/identity and this plugin differ in whether an abort ends the sign-in", async () => {
    const aborted: Scenario<unknown> = async (url, abort) => {
      abort();
      const { page, parameters } = await answerTo(url);
      return (await post(page, parameters)).status;
    };
    expect(await theirs(aborted)).toEqual({ ended: "a token", seen: 200 });
    expect(await ours(aborted)).toEqual({ ended: "AbortError", seen: 0 });
  });
});
