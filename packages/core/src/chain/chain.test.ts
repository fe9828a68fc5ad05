import { describe, expect, it } from "vitest";
import type { OutcomeCode } from "../contract/error-code.ts";
import type { Detection } from "../contract/source.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import { AbortError, AggregateAuthenticationError, ConfigurationError, mark } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { outcomes } from "../errors/outcomes.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { accessToken } from "../token/access-token.ts";
import { type ChainSettings, createChain } from "./chain.ts";
import type { Policy } from "./decide.ts";
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
  const asked: NormalizedRequest[] = [];
  const self: TestLink = {
    reply,
    asked,
    forgotten: 0,
    name,
    kind,
    detect: () => ({ state: more.state ?? "ready", reason: `${name} was checked.` }) as const,
    probe: async () => undefined,
    peek: () => undefined,
    async getToken(request: NormalizedRequest): Promise<AccessToken> {
      asked.push(request);
      const now = self.reply;
      if (typeof now === "function") return now();
      if (now instanceof Error) throw now;
      if (Object.hasOwn(outcomes, now)) throw outcomeError(now as OutcomeCode, `${name} is ${now}.`);
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
  return chainWith({}, ...links);
}

function chainWith(policy: Policy, ...links: Link[]) {
  return createTestChain({ policy }, ...links);
}

/** A chain that names its links, such as that of a config. */
function namedChainOf(...links: Link[]) {
  return createTestChain({ isNamed: true }, ...links);
}

function createTestChain(given: Partial<ChainSettings>, ...links: Link[]) {
  return createChain(links, { clock: createFakeClock(), policy: {}, isNamed: false, ...given });
}

function ask(scope = "s/.default"): NormalizedRequest {
  const nothing = { tenantId: undefined, claims: undefined, proofOfPossession: undefined, userAssertion: undefined };
  return { scopes: [scope], enableCae: false, correlationId: "c", ...nothing };
}

describe("a walk", () => {
  it("a walk records each attempt with its outcome, and the winner", async () => {
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

  it("a walk stops after a deployed source that is configured and failed", async () => {
    const az = link("az", "developer", "the user's token");
    const chain = chainOf(link("managed", "deployed", "rejected"), az);
    const error = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "AuthenticationError", outcome: "rejected" });
    expect(az.asked).toHaveLength(0);
  });

  it("a walk goes on when a host is silent and nothing shows that it should be there", async () => {
    const chain = chainOf(
      link("managed", "deployed", "unreachable", { state: "possible" }),
      link("az", "developer", "T"),
    );
    expect((await chain.getToken(ask())).token).toBe("T");
  });

  it.each([chainOf, namedChainOf])(
    "a walk goes on after a silent host without evidence, even where the chain names the source",
    async (make) => {
      const managed = link("managed", "deployed", "unreachable", { state: "possible" });
      expect((await make(managed, link("az", "developer", "T")).getToken(ask())).token).toBe("T");
    },
  );

  it("a walk goes on after a silent host with evidence, unless the chain names the source", async () => {
    const managed = link("managed", "deployed", "timeout", { state: "likely" });
    const az = link("az", "developer", "T");
    expect((await chainOf(managed, az).getToken(ask())).token).toBe("T");
    await expect(namedChainOf(managed, az).getToken(ask())).rejects.toMatchObject({ outcome: "timeout" });
    expect(az.asked).toHaveLength(1);
  });

  it("a walk counts what a source detects after an answer as evidence, even when it timed out later", async () => {
    let state: Detection["state"] = "possible";
    const detect = () => ({ state, reason: "It was checked." });
    const managed = link("managed", "deployed", "timeout", { detect });
    const getToken = managed.getToken;
    managed.getToken = (request) => {
      state = "likely";
      return getToken(request);
    };
    const az = link("az", "developer", "T");
    const error = await namedChainOf(managed, az)
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "timeout", walk: { attempts: [{ state: "likely" }] } });
    expect(az.asked).toHaveLength(0);
  });

  it("a walk probes only when there is another source to try", async () => {
    let probes = 0;
    const probe = async () => {
      probes++;
      return { state: "absent", reason: "No answer.", code: "unreachable" } as const;
    };
    const alone = link("managed", "deployed", "T", { probe, state: "possible" });
    expect((await chainOf(alone).getToken(ask())).token).toBe("T");
    expect(probes).toBe(0);
    const chain = chainOf(link("managed", "deployed", "T", { probe, state: "possible" }), link("az", "developer", "U"));
    expect((await chain.getToken(ask())).token).toBe("U");
    expect(chain.last?.attempts[0]).toMatchObject({ state: "absent", outcome: "unreachable", reason: "No answer." });
  });

  it("a walk counts a host that its probe recognised as evidence", async () => {
    const probe = async () => ({ state: "likely", reason: "It answered." }) as const;
    const managed = link("managed", "deployed", "unreachable", { probe, state: "possible" });
    await expect(namedChainOf(managed, link("az", "developer", "U")).getToken(ask())).rejects.toMatchObject({
      walk: { attempts: [{ source: "managed", state: "likely", outcome: "unreachable" }] },
    });
  });

  it.each([{ state: "ready" }, { state: "likely" }] as const)(
    "requests a token of a deployed source with evidence without a probe: %j",
    async (evidence) => {
      let probes = 0;
      const probe = async () => {
        probes++;
        return { state: "absent", reason: "No answer.", code: "unreachable" } as const;
      };
      const managed = link("managed", "deployed", "T", { probe, ...evidence });
      expect((await chainOf(managed, link("az", "developer", "U")).getToken(ask())).token).toBe("T");
      expect(probes).toBe(0);
    },
  );

  it("a walk counts a probe that fails as silence, and not as evidence", async () => {
    const probe = async () => {
      throw outcomeError("timeout", "The probe took too long.");
    };
    const chain = chainOf(link("managed", "deployed", "T", { probe, state: "possible" }), link("az", "developer", "U"));
    expect((await chain.getToken(ask())).token).toBe("U");
    expect(chain.last?.attempts[0]).toMatchObject({ state: "possible", outcome: "timeout" });
  });

  it("a walk stops at an outcome that only another copy of the package knows", async () => {
    const newer = Object.assign(new Error("new"), { [mark]: true, outcome: "enlightened", code: "enlightened" });
    const az = link("az", "developer", "T");
    await expect(chainOf(link("managed", "deployed", newer), az).getToken(ask())).rejects.toThrow();
    expect(az.asked).toHaveLength(0);
  });

  it("a walk stops at anything that is not an outcome", async () => {
    const az = link("az", "developer", "T");
    const odd = link("managed", "deployed", new TypeError("undefined is not a function"));
    await expect(chainOf(odd, az).getToken(ask())).rejects.toMatchObject({ outcome: "failed" });
    expect(az.asked).toHaveLength(0);
  });

  it("a walk records a detect that throws as a failure of that source", async () => {
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

describe("the error of a chain", () => {
  it("the error of a chain is that of the link that stopped it, and lists all attempts", async () => {
    const chain = chainOf(
      link("env", "deployed", "x", { state: "absent" }),
      link("managed", "deployed", "rejected"),
      link("az", "developer", "T"),
    );
    const error = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "rejected", code: "rejected", walk: { winner: undefined } });
    expect(error.message).toContain("managed is rejected.");
    expect(error.message).toContain("env: not-configured - env was checked.");
    expect(error.cause).toMatchObject({ message: "managed is rejected." });
  });

  it("the error of a chain names the source of an attempt once, also where the reason begins with it", async () => {
    const refused = outcomeError("rejected", "managed: HTTP 400.");
    const chain = chainOf(link("env", "deployed", "x", { state: "absent" }), link("managed", "deployed", refused));
    const { message } = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(message.split("\n").at(-1)).toBe("  managed: rejected - HTTP 400.");
  });

  it("the error of a chain names the host of an attempt without its source", async () => {
    const silent = outcomeError("unreachable", "managed (imds) had no answer within 8 s.");
    const chain = chainOf(link("env", "deployed", "x", { state: "absent" }), link("managed", "deployed", silent));
    const { message } = await chain.getToken(ask()).catch((thrown) => thrown);
    expect(message.split("\n").at(-1)).toBe("  managed: unreachable - imds had no answer within 8 s.");
  });

  it("the error of the only source, which is not set up, says what to do next", async () => {
    const reason = "No variable is set.";
    const alone = link("environment", "deployed", "x", { detect: () => ({ state: "absent", reason }) });
    const error = await chainOf(alone)
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "not-configured", code: "not-configured", walk: { winner: undefined } });
    expect(error.message).toMatch(/^environment: No variable is set\. Set AZURE_TENANT_ID, .* run: az login$/);
    expect(error.remedy).toMatch(/^Set AZURE_TENANT_ID/);
  });

  it.each([
    [false, /install @azidentity\/plugin-dev-tools and run: az login$/],
    [true, /On a developer's machine, use the default chain and run: az login$/],
  ])("advice to install developer tools is given where they are not loaded: %s", async (hasTools, words) => {
    const alone = link("managed", "deployed", "x", { state: "absent" });
    const chain = createChain([alone], { clock: createFakeClock(), policy: {}, isNamed: true, hasTools });
    await expect(chain.getToken(ask())).rejects.toThrow(words);
  });

  it("the error of a chain keeps its class, its code and its fields when the attempts of the others are added", async () => {
    const given = { file: "/p/c.json", path: "sources.managed", remedy: "Set MANAGED." };
    const wrong = new ConfigurationError("missing-reference", "MANAGED is not set.", given);
    const none = new AggregateAuthenticationError([wrong], "No token. Run: az login", "Run: az login");
    for (const reply of [wrong, none]) {
      const source = link("managed", "deployed", reply);
      const error = await chainWith({ managed: { "not-configured": "stop" } }, source, link("az", "developer", "T"))
        .getToken(ask())
        .catch((thrown) => thrown);
      expect({ ...error, walk: undefined }).toEqual({ ...reply, walk: undefined });
      expect(error.message).toContain("az was not tried");
      expect(error.message.split(reply.remedy ?? "")).toHaveLength(2);
    }
  });

  it("the error of a chain names the links that were not tried after the first one, and says why", async () => {
    const managed = link("managed", "deployed", "rejected", { state: "likely" });
    const [az, ps] = [link("az", "developer", "T"), link("ps", "developer", "T")];
    const error = await chainOf(managed, az, ps)
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "rejected", cause: { message: "managed is rejected." } });
    expect(error.message).toContain("az and ps were not tried, because managed");
    expect(error.message).toContain("(managed was checked)");
  });

  it("the error of a chain shows the policy that lets the chain go on when a host answers that it has no identity", async () => {
    const lost = outcomeError("not-configured", "Identity not found.", { statusCode: 400, code: "identity-not-found" });
    const [managed, az] = [link("managed", "deployed", lost, { state: "likely" }), link("az", "developer", "T")];
    const error = await namedChainOf(managed, az)
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ outcome: "not-configured", code: "identity-not-found" });
    for (const part of ['policy: { "managed": { "not-configured": "next" } }', "Dev Box", "hosted runner"])
      expect(error.message).toContain(part);
    const policy = { managed: { "not-configured": "next" } } as const;
    expect((await createTestChain({ isNamed: true, policy }, managed, az).getToken(ask())).token).toBe("T");
    expect((await chainOf(managed, az).getToken(ask())).token).toBe("T");
  });

  it("the error of a chain puts the likeliest cause first and keeps every reason when no link returned a token", async () => {
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

  it("the error of a chain says what to type next, even when the cause has several lines", async () => {
    const remedy = "Run: az login";
    const lost = outcomeError("not-signed-in", "No account is signed in.\nThe tool printed this.", { remedy });
    const exhausted = await chainOf(link("az", "developer", lost), link("ps", "developer", "not-installed"))
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(exhausted).toMatchObject({ remedy });
    expect(exhausted.message.split("\n")[0]).toContain(remedy);
    const refused = outcomeError("rejected", "No.", { remedy });
    const stopped = await chainOf(link("az", "developer", "not-installed"), link("m", "deployed", refused))
      .getToken(ask())
      .catch((thrown) => thrown);
    expect(stopped).toMatchObject({ outcome: "rejected", remedy });
    // in the message, and in the line of the attempt
    expect(stopped.message.split(remedy)).toHaveLength(3);
  });

  it("the error of a chain says how to begin when nothing is configured", async () => {
    const begin = (...names: string[]) =>
      chainOf(...names.map((name) => link(name, "deployed", "not-configured", { state: "absent" })))
        .getToken(ask())
        .catch((thrown) => thrown.message.split("\n")[0]);
    expect(await begin("environment", "managed-identity")).toMatch(/AZURE_CLIENT_SECRET\. .* az login$/);
    expect(await begin("managed-identity", "my-vault")).toMatch(/checked\. On a developer's machine, .* az login$/);
  });

  it("the error of a chain has the remedy of a source that detected its own absence", async () => {
    const remedy = "Run: npm install my-tool";
    const detect = () => ({ state: "absent", code: "not-installed", reason: "It is not installed.", remedy }) as const;
    const chain = chainOf(link("my-tool", "developer", "x", { detect }));
    await expect(chain.getToken(ask())).rejects.toMatchObject({ outcome: "not-installed", remedy });
    expect(chain.last?.attempts[0]?.reason).toBe(`It is not installed. ${remedy}`);
  });

  it("the error of a chain says what to install when the chain has no sources", async () => {
    await expect(chainOf().getToken(ask())).rejects.toMatchObject({
      code: "no-credential-available",
      remedy: expect.stringMatching(/^Install a plugin.* "device-code": \{ enabled: true \}/),
    });
  });

  it("the error of a chain is the AbortError of the caller, from whichever copy of the package", async () => {
    const theirs = Object.assign(new Error("gone"), {
      [mark]: true,
      name: "AbortError",
      outcome: "cancelled",
      code: "x",
    });
    for (const gone of [theirs, new AbortError("gone")]) {
      const chain = chainOf(link("az", "developer", "not-installed"), link("m", "deployed", gone));
      expect(await chain.getToken(ask()).catch((thrown) => thrown)).toBe(gone);
    }
  });

  it("the error of a chain is that of the source when the chain has one link", async () => {
    await expect(chainOf(link("az", "developer", "not-signed-in")).getToken(ask())).rejects.toMatchObject({
      name: "CredentialUnavailableError",
      message: "az is not-signed-in.",
    });
  });
});

describe("an election", () => {
  it("an election is held once for fifty first callers", async () => {
    const absent = link("managed", "deployed", "unreachable", { state: "possible" });
    const az = link("az", "developer", "T");
    const chain = chainOf(absent, az);
    await Promise.all(Array.from({ length: 50 }, (_, n) => chain.getToken(ask(`scope-${n % 5}/.default`))));
    expect(absent.asked).toHaveLength(1);
  });

  it("an election makes later calls use its winner alone", async () => {
    const first = link("managed", "deployed", "unreachable", { state: "possible" });
    const chain = chainOf(first, link("az", "developer", "T"));
    await chain.getToken(ask());
    await chain.getToken(ask("other/.default"));
    expect(first.asked).toHaveLength(1);
  });

  it("an election that fails for one scope does not fail callers of another", async () => {
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

  const proof = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a.test/" } as const;
  it.each<[string, Partial<NormalizedRequest>]>([
    ["tenant", { tenantId: "t2" }],
    ["CAE", { enableCae: true }],
    ["claims", { claims: "{}" }],
    ["proof of possession", { proofOfPossession: proof as unknown as NormalizedRequest["proofOfPossession"] }],
  ])("an election that fails does not fail callers whose request differs in its %s", async (_, more) => {
    const az = link("az", "developer", "T");
    let first = true;
    az.getToken = async () => {
      if (!first) return tokenOf("T");
      first = false;
      await new Promise(setImmediate);
      throw outcomeError("failed", "The first request fails.");
    };
    const chain = chainOf(az);
    const failing = chain.getToken(ask()).catch((error) => error.outcome);
    const other = chain.getToken({ ...ask(), ...more });
    expect(await failing).toBe("failed");
    expect((await other).token).toBe("T");
  });

  it("an election that fails under one account does not fail callers who ask after another account has signed in", async () => {
    let account = "none";
    const az = link("az", "developer", "T", { accountState: () => account });
    az.getToken = async () => {
      const asked = account;
      await new Promise(setImmediate);
      if (asked === "none") throw outcomeError("not-signed-in", "No account is signed in.");
      return tokenOf(asked);
    };
    const chain = chainOf(az);
    const before = chain.getToken(ask()).catch((error) => error.outcome);
    await Promise.resolve();
    account = "ann";
    const after = chain.getToken(ask());
    expect(await before).toBe("not-signed-in");
    expect((await after).token).toBe("ann");
  });

  it("an election makes no caller wait for more than one failure of another request", async () => {
    const gate = Promise.withResolvers<void>();
    let open = 0;
    const az = link("az", "developer", "T");
    az.getToken = async () => {
      open++;
      await gate.promise;
      throw outcomeError("failed", "down");
    };
    const chain = chainOf(az);
    const all = Array.from({ length: 50 }, (_, n) =>
      chain.getToken(ask(`scope-${n}/.default`)).catch((error) => error),
    );
    await new Promise(setImmediate);
    expect(open).toBe(1);
    gate.resolve();
    await Promise.all(all);
    expect(open).toBe(50);
  });

  it("an election has one winner even when two are held at once", async () => {
    const gates = { "a/.default": Promise.withResolvers<void>(), "b/.default": Promise.withResolvers<void>() };
    const az = link("az", "developer", "T");
    let first = true;
    az.getToken = async ({ scopes }) => {
      const [scope] = scopes;
      if (first) {
        first = false;
        throw outcomeError("not-signed-in", "not for this one");
      }
      await gates[scope as keyof typeof gates]?.promise;
      if (scope === "a/.default") throw outcomeError("not-signed-in", "not for this one");
      return tokenOf("from az");
    };
    const ps = link("ps", "developer", () => Promise.reject(outcomeError("failed", "not now")));
    const chain = chainOf(az, ps);
    const failed = chain.getToken(ask("z/.default")).catch((error) => error);
    const [a, b] = [chain.getToken(ask("a/.default")), chain.getToken(ask("b/.default"))];
    await failed;
    ps.reply = "from ps";
    gates["a/.default"].resolve();
    expect((await a).token).toBe("from ps");
    gates["b/.default"].resolve();
    expect((await b).token).toBe("from ps");
  });

  it("an election is not repeated where the policy says that a developer's failure stops the chain", async () => {
    const az = link("az", "developer", "A");
    const chain = chainWith({ az: { "not-signed-in": "stop" } }, az, link("ps", "developer", "B"));
    await chain.getToken(ask());
    az.reply = "not-signed-in";
    await expect(chain.getToken(ask())).rejects.toMatchObject({ outcome: "not-signed-in" });
    expect(az.forgotten).toBe(0);
  });

  it("an election is repeated when a developer winner becomes unavailable, and its tokens are forgotten", async () => {
    const az = link("az", "developer", "A");
    const chain = chainOf(az, link("ps", "developer", "B"));
    expect((await chain.getToken(ask())).token).toBe("A");
    az.reply = "not-signed-in";
    expect((await chain.getToken(ask())).token).toBe("B");
    expect(az.forgotten).toBe(1);
    expect(chain.last?.winner).toBe("ps");
  });

  it("an election is never repeated after a deployed winner: every caller gets its failure", async () => {
    const managed = link("managed", "deployed", "M");
    const az = link("az", "developer", "A");
    const chain = chainOf(managed, az);
    await chain.getToken(ask());
    managed.reply = "not-configured";
    await expect(chain.getToken(ask())).rejects.toMatchObject({ outcome: "not-configured" });
    expect(az.asked).toHaveLength(0);
  });

  it("an election goes on for the other callers when the one that began it aborts", async () => {
    const gate = Promise.withResolvers<AccessToken>();
    const az = link("az", "developer", () => gate.promise);
    const chain = chainOf(az);
    const aborting = new AbortController();
    const left = chain.getToken(ask(), aborting.signal);
    const stayed = chain.getToken(ask());
    aborting.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    gate.resolve(tokenOf("T"));
    expect((await stayed).token).toBe("T");
    expect(az.asked).toHaveLength(2); // by the election, and by the caller that had joined it
  });
});

describe("an election of a developer source after a silent host", () => {
  /** A host that is silent until it is started, and a developer tool after it. */
  function slowHost(given: Partial<ChainSettings> = {}) {
    const clock = createFakeClock();
    const host = { isUp: false, probes: 0 };
    const probe = async () => {
      host.probes++;
      return host.isUp
        ? ({ state: "likely", reason: "It answered." } as const)
        : ({ state: "absent", reason: "No answer.", code: "unreachable" } as const);
    };
    const managed = link("managed", "deployed", "M", { probe, state: "possible", peek: () => undefined });
    const az = link("az", "developer", "A", { peek: () => Promise.resolve(tokenOf("A from memory")) });
    const chain = createTestChain({ clock, ...given }, managed, az);
    return { clock, host, managed, az, chain };
  }

  it.each([false, true])(
    "an election of a developer source after a silent host is reversed once the host answers: named %s",
    async (isNamed) => {
      const { clock, host, chain } = slowHost({ isNamed });
      expect((await chain.getToken(ask())).token).toBe("A");
      host.isUp = true;
      // not before a second has passed
      expect((await chain.getToken(ask("other/.default"))).token).toBe("A");
      await clock.advance(1_000);
      expect(chain.peek("s/.default")).toBeUndefined();
      expect((await chain.getToken(ask())).token).toBe("M");
      expect(chain.last?.winner).toBe("managed");
    },
  );

  it("an election of a developer source after a silent host is reversed on a machine with evidence of the host, too", async () => {
    const { clock, host, managed, chain } = slowHost();
    managed.detect = () => ({ state: "likely", reason: "The machine says so." });
    managed.reply = "timeout";
    expect((await chain.getToken(ask())).token).toBe("A");
    Object.assign(host, { isUp: true });
    managed.reply = "M";
    await clock.advance(1_000);
    expect((await chain.getToken(ask())).token).toBe("M");
  });

  it("an election of a developer source after a silent host costs a hit nothing between two probes, and is final after a few minutes of silence", async () => {
    const { clock, host, chain } = slowHost();
    await chain.getToken(ask());
    const times: number[] = [];
    for (let second = 0; second < 3_600; second++) {
      if (chain.peek("s/.default") === undefined) {
        times.push(second);
        await chain.getToken(ask());
        expect(chain.peek("s/.default")).toBeDefined();
      }
      await clock.advance(1_000);
    }
    expect(times).toEqual([1, 6, 21, 51, 111, 231]);
    expect(host.probes).toBe(1 + times.length);
  });

  it("an election of a developer source after a silent host makes a hundred callers wait for one probe, and none for longer than 100 ms", async () => {
    const { clock, host, managed, chain } = slowHost();
    await chain.getToken(ask());
    const answer = Promise.withResolvers<Detection>();
    managed.probe = () => {
      host.probes++;
      return answer.promise;
    };
    await clock.advance(1_000);
    let served = 0;
    const all = Array.from({ length: 100 }, async () => {
      const { token } = await chain.getToken(ask());
      served++;
      return token;
    });
    await clock.advance(99);
    expect(served).toBe(0);
    await clock.advance(1);
    expect(new Set(await Promise.all(all))).toEqual(new Set(["A"]));
    expect(host.probes).toBe(2);
    answer.resolve({ state: "ready", reason: "It answered late." });
    await clock.advance(0);
    expect((await chain.getToken(ask())).token).toBe("M");
  });

  it("an election of a developer source after a silent host does not delay a caller that aborts", async () => {
    const { clock, managed, chain } = slowHost();
    await chain.getToken(ask());
    managed.probe = () => new Promise(() => undefined);
    await clock.advance(1_000);
    const controller = new AbortController();
    const token = chain.getToken(ask(), controller.signal);
    controller.abort();
    await expect(token).rejects.toMatchObject({ name: "AbortError" });
  });

  it("an election of a developer source after a silent host is final where the host was known to be absent, had answered, or a policy decided", async () => {
    for (const [reply, state, policy] of [
      ["M", "absent", {}],
      ["not-configured", "likely", {}],
      ["unreachable", "ready", { managed: { unreachable: "next" } }],
    ] as const) {
      const { clock, host, managed, chain } = slowHost({ policy });
      managed.detect = () => ({ state, reason: "It was checked." });
      managed.reply = reply;
      expect((await chain.getToken(ask())).token).toBe("A");
      host.isUp = true;
      await clock.advance(3_600_000);
      expect(chain.peek("s/.default")).toBeDefined();
      expect(host.probes).toBe(0);
    }
  });

  it("an election of a developer source after a silent host is not held for a deployed winner, whichever host answers later", async () => {
    const { clock, host, managed } = slowHost();
    const chain = createTestChain({ clock }, managed, link("secret", "deployed", "S"));
    expect((await chain.getToken(ask())).token).toBe("S");
    host.isUp = true;
    await clock.advance(3_600_000);
    expect((await chain.getToken(ask())).token).toBe("S");
    expect(host.probes).toBe(1);
  });
});

describe("explain", () => {
  it("explain reads no cache and changes neither the winner nor the last walk", async () => {
    const az = link("az", "developer", "A");
    const chain = chainOf(az, link("ps", "developer", "B"));
    await chain.getToken(ask());
    const last = chain.last;
    az.reply = "not-signed-in";
    const { walk } = await chain.explain(ask(), new AbortController().signal);
    expect(walk.winner).toBe("ps");
    expect(chain.last).toBe(last);
    az.reply = "A2";
    expect((await chain.getToken(ask())).token).toBe("A2");
  });
});
