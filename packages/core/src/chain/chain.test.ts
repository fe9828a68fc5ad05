import { describe, expect, it } from "vitest";
import { createFlights } from "../cache/flights.ts";
import { accessToken } from "../contract/access-token.ts";
import { outcomeError } from "../contract/errors.ts";
import type { OutcomeCode } from "../contract/outcome.ts";
import type { Detection } from "../contract/source.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createChain } from "./chain.ts";
import type { Link } from "./link.ts";

type Reply = OutcomeCode | Error | string | (() => Promise<AccessToken>);

const tokenOf = (text: string) => accessToken({ token: text, expiresOnTimestamp: 1, tokenType: "Bearer" });

interface TestLink extends Link {
  reply: Reply;
  readonly asked: NormalizedRequest[];
  forgotten: number;
}

/** A link whose reply a test can change; text that is no outcome is a token. */
function link(
  name: string,
  kind: Link["kind"],
  reply: Reply,
  more: Partial<Link> & { state?: Detection["state"] } = {},
) {
  const outcomes = [
    "not-configured",
    "not-installed",
    "not-signed-in",
    "unreachable",
    "rejected",
    "throttled",
    "failed",
    "cancelled",
  ];
  const asked: NormalizedRequest[] = [];
  const self: TestLink = {
    reply,
    asked,
    forgotten: 0,
    name,
    kind,
    explicit: false,
    detect: () => ({ state: more.state ?? "ready", reason: `${name} looked around.` }) as const,
    probe: async () => undefined,
    peek: () => undefined,
    async getToken(request: NormalizedRequest): Promise<AccessToken> {
      asked.push(request);
      const now = self.reply;
      if (typeof now === "function") return now();
      if (now instanceof Error) throw now;
      if (outcomes.includes(now)) throw outcomeError(now as OutcomeCode, `${name} is ${now}.`);
      return tokenOf(now);
    },
    getFreshToken: (request: NormalizedRequest) => self.getToken(request),
    principal: () => ({ clientId: name }),
    forget: () => {
      self.forgotten++;
    },
    ...more,
  };
  return self;
}

function chainOf(...links: Link[]) {
  const flights = createFlights<never>();
  return createChain(links, {
    clock: createFakeClock(),
    policy: {},
    share: (signal, start) => flights.join("election", signal, start as never),
  });
}

function ask(scope = "s/.default"): NormalizedRequest {
  const nothing = { tenantId: undefined, claims: undefined, proofOfPossession: undefined, userAssertion: undefined };
  return { scopes: [scope], enableCae: false, correlationId: "c", ...nothing };
}

describe("a walk", () => {
  it("records who was asked, what came of it, and who won", async () => {
    const chain = chainOf(
      link("env", "deployed", "x", { state: "absent" }),
      link("az", "developer", "not-signed-in"),
      link("ps", "developer", "T"),
    );
    expect((await chain.getToken(ask())).token).toBe("T");
    expect(chain.last).toMatchObject({ winner: "ps", principal: { clientId: "ps" }, scopes: ["s/.default"] });
    expect(chain.last?.attempts.map(({ source, state, outcome }) => [source, state, outcome])).toEqual([
      ["env", "absent", "not-configured"],
      ["az", "ready", "not-signed-in"],
      ["ps", "ready", "token"],
    ]);
  });

  it("asks nobody after a deployed source that was meant to work and failed", async () => {
    const az = link("az", "developer", "the user's token");
    const chain = chainOf(link("managed", "deployed", "rejected"), az);
    const error = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "AuthenticationError", outcome: "rejected" });
    expect(az.asked).toHaveLength(0);
  });

  it("goes on when nobody was there and nothing says that somebody should be", async () => {
    const chain = chainOf(
      link("managed", "deployed", "unreachable", { state: "possible" }),
      link("az", "developer", "T"),
    );
    expect((await chain.getToken(ask())).token).toBe("T");
  });

  it("takes a place in an explicit chain as a sign that the source is meant", async () => {
    const managed = link("managed", "deployed", "unreachable", { state: "possible", explicit: true });
    await expect(chainOf(managed, link("az", "developer", "T")).getToken(ask())).rejects.toMatchObject({
      outcome: "unreachable",
    });
  });

  it("knocks only when there is somebody else to turn to", async () => {
    let knocks = 0;
    const probe = async () => {
      knocks++;
      return { state: "absent", reason: "Nobody opened.", code: "unreachable" } as const;
    };
    const alone = link("managed", "deployed", "T", { probe });
    expect((await chainOf(alone).getToken(ask())).token).toBe("T");
    expect(knocks).toBe(0);
    const chain = chainOf(link("managed", "deployed", "T", { probe }), link("az", "developer", "U"));
    expect((await chain.getToken(ask())).token).toBe("U");
    expect(chain.last?.attempts[0]).toMatchObject({
      state: "absent",
      outcome: "unreachable",
      reason: "Nobody opened.",
    });
  });

  it("stops at anything that is not an outcome", async () => {
    const az = link("az", "developer", "T");
    const odd = link("managed", "deployed", new TypeError("undefined is not a function"));
    await expect(chainOf(odd, az).getToken(ask())).rejects.toMatchObject({ outcome: "failed" });
    expect(az.asked).toHaveLength(0);
  });

  it("survives a detect that throws, as a failure of that source", async () => {
    const broken = link("broken", "developer", "x", {
      detect: () => {
        throw new Error("boom");
      },
    });
    const chain = chainOf(broken, link("az", "developer", "T"));
    expect((await chain.getToken(ask())).token).toBe("T");
    expect(chain.last?.attempts[0]).toMatchObject({ source: "broken", outcome: "failed" });
  });
});

describe("an error", () => {
  it("of the link that stopped the chain is its own, and lists all attempts", async () => {
    const chain = chainOf(
      link("env", "deployed", "x", { state: "absent" }),
      link("managed", "deployed", "rejected"),
      link("az", "developer", "T"),
    );
    const error = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "rejected", code: "rejected", walk: { winner: undefined } });
    expect(error.message).toContain("managed is rejected.");
    expect(error.message).toContain("env: not-configured - env looked around.");
    expect(error.cause).toMatchObject({ message: "managed is rejected." });
  });

  it("of an exhausted chain puts the likeliest cause first and keeps every reason", async () => {
    const chain = chainOf(
      link("cli", "developer", "not-installed"),
      link("az", "developer", "not-signed-in"),
      link("azd", "developer", "not-installed"),
    );
    const error = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "AggregateAuthenticationError", code: "no-credential-available" });
    expect(error.message.split("\n")[0]).toContain("az is not-signed-in.");
    expect(error.errors.map((one: { outcome: string }) => one.outcome)).toEqual([
      "not-installed",
      "not-signed-in",
      "not-installed",
    ]);
  });

  it("of a chain of one is that source's own", async () => {
    await expect(chainOf(link("az", "developer", "not-signed-in")).getToken(ask())).rejects.toMatchObject({
      name: "CredentialUnavailableError",
      message: "az is not-signed-in.",
    });
  });
});

describe("an election", () => {
  it("is held once for fifty first callers", async () => {
    const absent = link("managed", "deployed", "unreachable", { state: "possible" });
    const az = link("az", "developer", "T");
    const chain = chainOf(absent, az);
    await Promise.all(Array.from({ length: 50 }, (_, n) => chain.getToken(ask(`scope-${n % 5}/.default`))));
    expect(absent.asked).toHaveLength(1);
  });

  it("makes its winner the only one who is asked from then on", async () => {
    const first = link("managed", "deployed", "unreachable", { state: "possible" });
    const chain = chainOf(first, link("az", "developer", "T"));
    await chain.getToken(ask());
    await chain.getToken(ask("other/.default"));
    expect(first.asked).toHaveLength(1);
  });

  it("that fails for one scope does not fail callers of another", async () => {
    const az = link("az", "developer", "T");
    az.getToken = async (request) => {
      if (request.scopes[0] === "bad/.default") throw outcomeError("rejected", "no such resource");
      return tokenOf("good");
    };
    const chain = chainOf(az);
    const [bad, good] = await Promise.allSettled([
      chain.getToken(ask("bad/.default")),
      chain.getToken(ask("good/.default")),
    ]);
    expect(bad).toMatchObject({ status: "rejected", reason: { outcome: "rejected" } });
    expect(good).toMatchObject({ status: "fulfilled", value: { token: "good" } });
  });

  it("is repeated when a developer winner becomes unavailable, and its tokens are forgotten", async () => {
    const az = link("az", "developer", "A");
    const chain = chainOf(az, link("ps", "developer", "B"));
    expect((await chain.getToken(ask())).token).toBe("A");
    az.reply = "not-signed-in";
    expect((await chain.getToken(ask())).token).toBe("B");
    expect(az.forgotten).toBe(1);
    expect(chain.last?.winner).toBe("ps");
  });

  it("is never repeated after a deployed winner: its failure is everybody's", async () => {
    const managed = link("managed", "deployed", "M");
    const az = link("az", "developer", "A");
    const chain = chainOf(managed, az);
    await chain.getToken(ask());
    managed.reply = "not-configured";
    await expect(chain.getToken(ask())).rejects.toMatchObject({ outcome: "not-configured" });
    expect(az.asked).toHaveLength(0);
  });

  it("goes on when the caller who began it leaves, for those who stay", async () => {
    const gate = Promise.withResolvers<AccessToken>();
    const az = link("az", "developer", () => gate.promise);
    const chain = chainOf(az);
    const impatient = new AbortController();
    const left = chain.getToken(ask(), impatient.signal);
    const stayed = chain.getToken(ask());
    impatient.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    gate.resolve(tokenOf("T"));
    expect((await stayed).token).toBe("T");
    expect(az.asked).toHaveLength(1);
  });
});

describe("explain", () => {
  it("walks past every cache and changes neither winner nor last walk", async () => {
    const az = link("az", "developer", "A");
    const chain = chainOf(az, link("ps", "developer", "B"));
    await chain.getToken(ask());
    const last = chain.last;
    az.reply = "not-signed-in";
    const walk = await chain.explain(
      ask(),
      (one, request, signal) => one.getFreshToken(request, signal),
      new AbortController().signal,
    );
    expect(walk.winner).toBe("ps");
    expect(chain.last).toBe(last);
    az.reply = "A2";
    expect((await chain.getToken(ask())).token).toBe("A2");
  });
});
