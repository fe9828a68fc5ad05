import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorizeUrl, startDevice, startWithPeople } from "../../test/support/people.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithPeople();
});
afterAll(() => emulator.close());

/** A client that waits on loopback, as programs do while a person signs in. */
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

describe("the browser", () => {
  it.each([
    ["form_post", /^POST \/ code=[\w-]+&session_state=[\w-]+&state=a\+state$/],
    ["query", /^GET \/\?code=[\w-]+&session_state=[\w-]+&state=a\+state $/],
  ])("goes on to the client if it is told to, by %s", async (response_mode, request) => {
    await withClient(async (redirect_uri) => {
      const url = authorizeUrl(emulator, { redirect_uri, response_mode });
      const { answer } = await emulator.signIn(url, { follow: true });
      expect(answer).toEqual({ status: 201, body: expect.stringMatching(request) });
    });
  });

  it("does not go there otherwise", async () => {
    const { answer } = await emulator.signIn(authorizeUrl(emulator, { redirect_uri: "http://localhost:1" }));
    expect(answer).toBeUndefined();
  });

  it("fails where the client has gone", async () => {
    const url = authorizeUrl(emulator, { redirect_uri: "http://localhost:1" });
    await expect(emulator.signIn(url, { follow: true })).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("knows the emulator by Microsoft's names, and no other server", async () => {
    const url = new URL(authorizeUrl(emulator));
    const microsoft = `https://login.microsoftonline.com${url.pathname}${url.search}`;
    expect((await emulator.signIn(microsoft)).parameters.code).toBeDefined();
    await expect(emulator.signIn(`https://evil.example${url.pathname}`)).rejects.toThrow(RangeError);
  });

  it("types what a person knows, unless it is told what to type", async () => {
    expect((await emulator.signIn(authorizeUrl(emulator))).steps).toEqual(["account", "password"]);
    const device = await startDevice(emulator);
    await expect(emulator.signInAtDevice(device.user_code, { password: "wrong" })).rejects.toThrow(
      "The password is wrong.",
    );
    await expect(emulator.signInAtDevice("WRONG")).rejects.toThrow(/Invalid verification code/);
  });

  it("needs somebody to sign in", async () => {
    const empty = await startEmulator();
    try {
      await expect(empty.signIn(`${empty.authorityHost}/common/oauth2/v2.0/authorize`)).rejects.toThrow(RangeError);
    } finally {
      await empty.close();
    }
  });
});
