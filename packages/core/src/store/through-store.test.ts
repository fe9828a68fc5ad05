import { describe, expect, it } from "vitest";
import type { EventPayloads, Events } from "../contract/events.ts";
import type { TokenStore } from "../contract/services.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";
import { createTestRequest } from "../test-kit/test-context.ts";
import { createGuardedStore } from "./guarded-store.ts";
import { type StoreAccess, throughStore } from "./through-store.ts";

const hour = 3_600_000;
const clock = () => createFakeClock();

/** One process: a source that numbers its tokens, over a store that others may share. */
function setUp(
  shared: { clock: ReturnType<typeof clock>; store: ReturnType<typeof createMemoryStore> },
  {
    store = async () => shared.store,
    ...more
  }: Partial<StoreAccess<TokenRequest>> & {
    store?: () => Promise<TokenStore>;
    acquire?: (request: TokenRequest) => Promise<IssuedToken>;
  } = {},
) {
  const requests: TokenRequest[] = [];
  const failures: string[] = [];
  const events: Pick<Events, "emit"> = {
    emit: (_, make) => void failures.push((make() as EventPayloads["azidentity:store-failed"]).operation),
  };
  const guarded = createGuardedStore(store, { clock: shared.clock, log: { warn: () => {} }, events });
  const user = { source: "mine", background: false };
  const callSource = async (request: TokenRequest): Promise<IssuedToken> => {
    requests.push(request);
    return { token: `token-${requests.length}`, expiresOnTimestamp: shared.clock.now() + hour, tokenType: "Bearer" };
  };
  const storeAccess: StoreAccess<TokenRequest> = {
    clock: shared.clock,
    open: () => guarded.open(user),
    attempt: (operation, _, run) => guarded.attempt(operation, user, run),
    keyOf: async (request) => request.scopes.join(" "),
    mayServe: () => true,
    ...more,
  };
  return {
    acquire: (request: TokenRequest) => throughStore({ storeAccess }, request, more.acquire ?? callSource),
    requests,
    failures,
  };
}

function share() {
  const own = clock();
  return { clock: own, store: createMemoryStore(own) };
}

describe("a stored token", () => {
  it("a stored token is served to the next process, with everything that belongs to it", async () => {
    const shared = share();
    const principal = { tenantId: "t", username: "me" };
    const first = setUp(shared, {
      acquire: async () => ({
        token: "T",
        expiresOnTimestamp: shared.clock.now() + hour,
        refreshAfterTimestamp: shared.clock.now() + 60_000,
        tokenType: "Bearer",
        principal,
      }),
    });
    const token = await first.acquire(createTestRequest());
    const second = setUp(shared);
    expect(await second.acquire(createTestRequest())).toEqual(token);
    expect(second.requests).toHaveLength(0);
  });

  it("a stored token is not served in its last two and a half minutes, nor when this machine's clock was set back", async () => {
    const shared = share();
    await setUp(shared).acquire(createTestRequest());
    await shared.clock.advance(hour - 149_000);
    const late = setUp(shared);
    await late.acquire(createTestRequest());
    expect(late.requests).toHaveLength(1);
    shared.clock.setWall(shared.clock.now() - 24 * hour);
    const back = setUp(shared);
    await back.acquire(createTestRequest());
    expect(back.requests).toHaveLength(1);
  });

  it("a refresh uses the token that another process stored meanwhile", async () => {
    const shared = share();
    await setUp(shared).acquire(createTestRequest());
    await shared.clock.advance(hour - 4 * 60_000);
    const [first, second] = [setUp(shared), setUp(shared)];
    await first.acquire(createTestRequest({ background: true }));
    await second.acquire(createTestRequest({ background: true }));
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
  });

  it("a stored token that a challenge refused is deleted at once, and replaced by its successor", async () => {
    const shared = share();
    await setUp(shared).acquire(createTestRequest());
    const challenged = setUp(shared, {
      acquire: async () => {
        expect(await shared.store.get(createTestRequest().scopes.join(" "))).toBeUndefined();
        return { token: "successor", expiresOnTimestamp: shared.clock.now() + hour, tokenType: "Bearer" };
      },
    });
    await challenged.acquire(createTestRequest({ claims: "{}" }));
    expect((await setUp(shared).acquire(createTestRequest())).token).toBe("successor");
  });

  it("proof-of-possession tokens are never stored", async () => {
    const shared = share();
    const proofOfPossession = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a" };
    const { acquire, requests } = setUp(shared);
    await acquire(createTestRequest({ proofOfPossession }));
    await acquire(createTestRequest({ proofOfPossession }));
    expect(requests).toHaveLength(2);
  });
});

describe("sixty processes that start at once", () => {
  it("sixty processes that start at once make one request, because one has the lease and the others wait for its token", async () => {
    const shared = share();
    const gate = Promise.withResolvers<void>();
    let requests = 0;
    const processes = Array.from({ length: 60 }, () =>
      setUp(shared, {
        acquire: async () => {
          requests++;
          await gate.promise;
          return { token: "T", expiresOnTimestamp: shared.clock.now() + hour, tokenType: "Bearer" };
        },
      }),
    );
    const tokens = Promise.all(processes.map(({ acquire }) => acquire(createTestRequest())));
    await shared.clock.advance(500);
    gate.resolve();
    await shared.clock.advance(500);
    expect(new Set((await tokens).map((token) => token.token))).toEqual(new Set(["T"]));
    expect(requests).toBe(1);
  });

  it("processes do not wait forever for one that hangs", async () => {
    const shared = share();
    await shared.store.lease?.(createTestRequest().scopes.join(" "), 10 * hour);
    const { acquire, requests } = setUp(shared);
    const token = acquire(createTestRequest());
    await shared.clock.advance(16_000);
    await token;
    expect(requests).toHaveLength(1);
  });
});

describe("a store that fails", () => {
  it("a slow store does not prolong the wait for the token of another process", async () => {
    const shared = share();
    const key = createTestRequest().scopes.join(" ");
    await shared.store.lease?.(key, 10 * hour);
    const slow = async () => {
      await shared.clock.sleep(4_000, new AbortController().signal);
      return undefined;
    };
    const { acquire, requests } = setUp(shared, { store: async () => ({ ...shared.store, get: slow, lease: slow }) });
    const token = acquire(createTestRequest());
    for (let s = 0; s < 40; s++) await shared.clock.advance(1_000);
    expect(requests).toHaveLength(1);
    await token;
  });

  it("a store that fails ends the wait for the token of another process", async () => {
    const shared = share();
    let leases = 0;
    const lease = async () => {
      if (leases++ > 0) throw new Error("gone");
      return undefined;
    };
    const { acquire, requests } = setUp(shared, { store: async () => ({ ...shared.store, lease }) });
    const token = acquire(createTestRequest());
    await shared.clock.advance(1_000);
    expect(requests).toHaveLength(1);
    await token;
  });

  it.each(["get", "set", "delete", "lease"] as const)("a store that fails in %s costs no token", async (operation) => {
    const shared = share();
    const store = { ...shared.store, [operation]: () => Promise.reject(new Error("disk full")) };
    const { acquire, failures } = setUp(shared, { store: async () => store });
    expect((await acquire(createTestRequest())).token).toBe("token-1");
    expect((await acquire(createTestRequest({ claims: "{}" }))).token).toBe("token-2");
    expect(failures).toContain(operation);
  });

  it("a store that does not answer costs no token", async () => {
    const shared = share();
    const silent = () => new Promise<never>(() => {});
    const { acquire, failures } = setUp(shared, { store: async () => ({ ...shared.store, get: silent, set: silent }) });
    const first = acquire(createTestRequest());
    await shared.clock.advance(5_000);
    expect((await first).token).toBe("token-1");
    expect(failures).toEqual(["get"]);
  });

  it("a store that does not open costs no token", async () => {
    const { acquire, failures } = setUp(share(), { store: () => Promise.reject(new Error("no keyring")) });
    expect((await acquire(createTestRequest())).token).toBe("token-1");
    expect(failures).toEqual(["open"]);
  });

  it.each(["", "{", "null", "[]", '{"version":2}', '{"version":1,"token":7}', "\0\0\0"])(
    "a stored entry %j is ignored",
    async (text) => {
      const shared = share();
      await shared.store.set(createTestRequest().scopes.join(" "), new TextEncoder().encode(text));
      expect((await setUp(shared).acquire(createTestRequest())).token).toBe("token-1");
    },
  );
});

it("a token of another key is not served, even if a faulty store returns it", async () => {
  const shared = share();
  await setUp(shared, { keyOf: async () => "theirs" }).acquire(createTestRequest());
  const mixedUp = { ...shared.store, get: () => shared.store.get("theirs") };
  const { acquire, failures } = setUp(shared, { keyOf: async () => "ours", store: async () => mixedUp });
  for (const number of [1, 2]) expect((await acquire(createTestRequest())).token).toBe(`token-${number}`);
  expect(failures).toEqual([]);
});

it.each([
  { tokenType: "pop" },
  { storedAt: "yesterday" },
  { account: 7 },
  { principal: "me" },
  { principal: { tenantId: 7 } },
  { refreshAfterTimestamp: null },
])("a stored token with %j is not served", async (more) => {
  const shared = share();
  const [key, expiresOnTimestamp] = [createTestRequest().scopes.join(" "), shared.clock.now() + hour];
  const sound = {
    version: 1,
    key,
    storedAt: shared.clock.now(),
    token: "stored",
    tokenType: "Bearer",
    expiresOnTimestamp,
  };
  const put = (entry: object) => shared.store.set(key, new TextEncoder().encode(JSON.stringify(entry)));
  await put(sound);
  expect((await setUp(shared).acquire(createTestRequest())).token).toBe("stored");
  await put({ ...sound, ...more });
  expect((await setUp(shared).acquire(createTestRequest())).token).toBe("token-1");
});

describe("a stored token that may not be served here", () => {
  it("a stored token that `expect` excludes is replaced, and the store is not reported as failed", async () => {
    const shared = share();
    await setUp(shared).acquire(createTestRequest());
    const strict = setUp(shared, { mayServe: (token) => token.token !== "token-1" });
    strict.requests.push(createTestRequest()); // so that its next token has another number
    expect((await strict.acquire(createTestRequest())).token).toBe("token-2");
    expect(strict.failures).toEqual([]);
    expect((await setUp(shared).acquire(createTestRequest())).token).toBe("token-2");
  });
});

it("a token is not stored when the account has changed while it was acquired", async () => {
  const shared = share();
  let account = "ann";
  const changing = setUp(shared, {
    keyOf: async () => account,
    acquire: async () => {
      account = "bob";
      return { token: "whose?", expiresOnTimestamp: shared.clock.now() + hour, tokenType: "Bearer" };
    },
  });
  await changing.acquire(createTestRequest());
  for (const key of ["ann", "bob"]) expect(await shared.store.get(key)).toBeUndefined();
});

describe("a token that says whose it is", () => {
  const keyOf: StoreAccess<TokenRequest>["keyOf"] = async (_, issued) => issued?.account;
  const tokenOf = (account: string, now: number): IssuedToken => ({
    token: `token-of-${account}`,
    account,
    expiresOnTimestamp: now + hour,
    tokenType: "Bearer",
  });

  it("a token that names its account is stored for that account, regardless of the previous one", async () => {
    const shared = share();
    const acquire = async () => tokenOf("bob", shared.clock.now());
    await setUp(shared, { keyOf: async (_, issued) => issued?.account ?? "ann", acquire }).acquire(createTestRequest());
    expect(await shared.store.get("ann")).toBeUndefined();
    const ofBob = setUp(shared, { keyOf: async () => "bob" });
    expect(await ofBob.acquire(createTestRequest())).toMatchObject({ token: "token-of-bob", account: "bob" });
    expect(ofBob.requests).toHaveLength(0);
  });

  it("while the account of a sign-in is unknown, no stored token is read and no process waits", async () => {
    const shared = share();
    const names = ["ann", "bob"];
    const acquire = async () => tokenOf(names.shift() ?? "", shared.clock.now());
    const unknown = setUp(shared, { keyOf, acquire });
    const both = await Promise.all([unknown.acquire(createTestRequest()), unknown.acquire(createTestRequest())]);
    expect(both.map(({ account }) => account)).toEqual(["ann", "bob"]);
  });
});
