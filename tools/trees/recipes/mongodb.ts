/** docs/recipes/mongodb.md, up to the token: no server that takes tokens of Entra can run here. */
import { expect, it } from "vitest";
import type { World } from "./world.ts";

const audience = "https://ossrdbms-aad.database.windows.net";

export function testMongodb(world: () => World): void {
  it("the callback of the driver gets the token of the principal with the seconds that remain", async () => {
    await using identity = world().createIdentity();
    const { createOidcCallback } = await world().load("mongodb");
    const { signal } = new AbortController();
    const { accessToken, expiresInSeconds } = await createOidcCallback(identity)({
      timeoutContext: signal,
      version: 1,
    });
    expect(world().verify(accessToken, audience)).toBe(world().emulator.application.clientId);
    const { expiresOnTimestamp } = await identity.getToken(`${audience}/.default`);
    expect(Math.abs(expiresOnTimestamp - Date.now() - expiresInSeconds * 1000)).toBeLessThan(60_000);
  });

  it("the callback ends with the time limit of the driver", async () => {
    await using identity = world().createIdentity();
    const { createOidcCallback } = await world().load("mongodb");
    const timeoutContext = AbortSignal.abort();
    await expect(createOidcCallback(identity)({ timeoutContext, version: 1 })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("a server that is not among the hosts gets no connection", async () => {
    await using identity = world().createIdentity();
    const { createClient } = await world().load("mongodb");
    const client = createClient(identity, "mongodb://127.0.0.1:1/", ["*.mongocluster.cosmos.azure.com"]);
    try {
      await expect(client.connect()).rejects.toThrow("ALLOWED_HOSTS");
    } finally {
      await client.close();
    }
  });
}
