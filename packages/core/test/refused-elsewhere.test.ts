import { expect, it } from "vitest";
import type { TokenStore } from "../src/contract/services.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-options.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

const [vault, storage] = ["https://vault.azure.net/.default", "https://storage.azure.com/.default"];

/**
 * Processes with one store, which hear of what others delete; each has an application of its own
 * name.
 */
function setUp() {
  const clock = createFakeClock();
  const kept = createMemoryStore(clock);
  const processes: ((key: string) => void)[] = [];
  let requests = 0;
  const start = (subject = "app") => {
    const source = defineSource({
      name: "counting",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "any",
      supports: ["user-assertion"],
      subject: () => subject,
      create: () => ({
        getToken: async () => ({
          token: `token-${++requests}`,
          expiresOnTimestamp: clock.now() + 3_600_000,
          tokenType: "Bearer",
        }),
      }),
    });
    let own: ((key: string) => void) | undefined;
    const store: TokenStore = {
      ...kept,
      async delete(key) {
        await kept.delete(key);
        for (const tell of processes) if (tell !== own) tell(key);
      },
      onDeleted(listener) {
        own = listener;
        processes.push(listener);
      },
    };
    const provider = defineTokenStore({ name: "shared", create: () => store });
    const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
    return createIdentity({ config: false, plugins, cache: { store: "shared" } }, { env: {}, clock });
  };
  const tellAll = (key: string) => {
    for (const tell of processes) tell(key);
  };
  return { start, requests: () => requests, tellAll };
}

it("a token with which one process was refused leaves the memory of the others, who find its successor in the store", async () => {
  const { start, requests } = setUp();
  const [one, two] = [start(), start()];
  for (const process of [one, two]) {
    expect((await process.getToken(vault)).token).toBe("token-1");
    expect((await process.getToken(storage)).token).toBe("token-2");
  }
  const { token } = await one.getToken(vault, { claims: "{}" });
  expect((await two.getToken(vault)).token).toBe(token);
  expect((await two.getToken(storage)).token).toBe("token-2");
  expect(requests()).toBe(3);
});

it("a refused token of one user leaves the memory of the others, and no token of another user does", async () => {
  const { start, requests } = setUp();
  const [one, two] = [start(), start()].map((process) => process.credential("counting"));
  for (const user of ["ann", "bob"]) {
    for (const process of [one, two]) await process?.forUser(user).getToken(vault);
  }
  const renewed = await one?.forUser("ann").getToken(vault, { claims: "{}" });
  expect((await two?.forUser("ann").getToken(vault))?.token).toBe(renewed?.token);
  expect((await two?.forUser("bob").getToken(vault))?.token).toBe("token-2");
  expect(requests()).toBe(3);
});

it("deletions of other applications and unknown keys have no effect", async () => {
  const { start, requests, tellAll } = setUp();
  const [one, other] = [start(), start("another")];
  for (const process of [one, other]) await process.getToken(vault);
  await one.getToken(vault, { claims: "{}" });
  for (const key of ["", "{}", '["azidentity.user.1","host","app","me"]']) tellAll(key);
  expect((await other.getToken(vault)).token).toBe("token-2");
  expect(requests()).toBe(3);
});
