import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { authorizeUrl, startDevice, startWithUsers } from "../../test/support/users.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
});
afterAll(() => emulator.close());

/** A client that listens on loopback for the authorization response. */
async function withClient(use: (redirectUri: string) => Promise<void>): Promise<void> {
  const server = createServer(async (request, response) => {
    response.writeHead(201).end(`${request.method} ${request.url} ${await text(request)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://localhost:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it.each([
  ["form_post", /^POST \/ code=[\w-]+&session_state=[\w-]+&state=a\+state$/],
  ["query", /^GET \/\?code=[\w-]+&session_state=[\w-]+&state=a\+state $/],
])("the browser follows the redirect to the client with `follow`, by %s", async (response_mode, request) => {
  await withClient(async (redirect_uri) => {
    const url = authorizeUrl(emulator, { redirect_uri, response_mode });
    const { answer } = await emulator.signIn(url, { follow: true });
    expect(answer).toEqual({ status: 201, body: expect.stringMatching(request) });
  });
});

it("the browser does not follow the redirect without `follow`", async () => {
  const { answer } = await emulator.signIn(authorizeUrl(emulator, { redirect_uri: "http://localhost:1" }));
  expect(answer).toBeUndefined();
});

it("the browser rejects when the client no longer listens", async () => {
  const url = authorizeUrl(emulator, { redirect_uri: "http://localhost:1" });
  await expect(emulator.signIn(url, { follow: true })).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

it("the browser opens the emulator under Microsoft's host names, and no other server", async () => {
  const url = new URL(authorizeUrl(emulator));
  const microsoft = `https://login.microsoftonline.com${url.pathname}${url.search}`;
  expect((await emulator.signIn(microsoft)).parameters.code).toBeDefined();
  await expect(emulator.signIn(`https://evil.example${url.pathname}`)).rejects.toThrow(RangeError);
});

it("the browser types the user's own password and code unless options replace them", async () => {
  expect((await emulator.signIn(authorizeUrl(emulator))).steps).toEqual(["account", "password"]);
  const device = await startDevice(emulator);
  await expect(emulator.signInAtDevice(device.user_code, { password: "wrong" })).rejects.toThrow(
    "The password is wrong.",
  );
  await expect(emulator.signInAtDevice("WRONG")).rejects.toThrow(/Invalid verification code/);
});

it("the browser rejects a sign-in when the directory has no user", async () => {
  const empty = await startEmulator();
  try {
    await expect(empty.signIn(`${empty.authorityHost}/common/oauth2/v2.0/authorize`)).rejects.toThrow(RangeError);
  } finally {
    await empty.close();
  }
});
