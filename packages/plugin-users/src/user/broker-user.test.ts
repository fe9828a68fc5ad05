import { createIdentity, definePlugin } from "@azidentity/core";
import {
  type BrokerCredential,
  type IssuedToken,
  type NativeBroker,
  type NativeBrokerOptions,
  outcomeError,
  services,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { createTestContext, createTestRequest } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import users from "../index.ts";
import { interactiveBrowser } from "../sources/interactive-browser.ts";

const record = { authority: "a", homeAccountId: "O.T", clientId: "c", tenantId: "t", username: "ann@contoso.example" };
const token = (text: string): IssuedToken => ({
  token: text,
  expiresOnTimestamp: 4_102_444_800_000,
  tokenType: "Bearer",
});
const interactionRequired = () => Promise.reject(outcomeError("interaction-required", "No user is signed in."));

/** A broker whose silent calls end like this, and the calls it received. */
function brokerThat(silent: () => Promise<IssuedToken>) {
  const calls: string[] = [];
  const given: NativeBrokerOptions[] = [];
  let isSignedIn = false;
  const credential: BrokerCredential = {
    async getToken() {
      calls.push("silent");
      return isSignedIn ? token("silent") : silent();
    },
    async signIn() {
      calls.push("dialog");
      isSignedIn = true;
      return token("dialog");
    },
    async authenticate() {
      calls.push("dialog");
      isSignedIn = true;
      return record;
    },
    account: async () => (isSignedIn ? record.homeAccountId : undefined),
  };
  const broker: NativeBroker = {
    available: true,
    reason: "It is here.",
    credential(options) {
      given.push(options);
      return credential;
    },
    plugin: () => expect.unreachable(),
  };
  return { broker, calls, given };
}

const open = (broker: NativeBroker | undefined, options: object = {}) =>
  interactiveBrowser.create(
    { brokerOptions: { enabled: true }, ...options },
    createTestContext({ services: new Map([[services.nativeBroker, broker]]) }),
  );
const request = (more: Partial<TokenRequest> = {}) => createTestRequest(more);

describe("interactive-browser with a broker", () => {
  it("interactive-browser with a broker gets tokens silently if the broker can", async () => {
    const { broker, calls } = brokerThat(async () => token("silent"));
    expect((await (await open(broker)).getToken(request())).token).toBe("silent");
    expect(calls).toEqual(["silent"]);
  });

  it("interactive-browser with a broker returns the token of the broker's dialog if it cannot", async () => {
    const { broker, calls } = brokerThat(interactionRequired);
    const credential = await open(broker);
    expect((await credential.getToken(request())).token).toBe("dialog");
    expect(calls).toEqual(["silent", "dialog"]);
    expect(await credential.account?.(request().signal)).toBe("O.T");
  });

  it("interactive-browser with a broker shows one dialog for concurrent callers", async () => {
    const { broker, calls } = brokerThat(interactionRequired);
    const credential = await open(broker);
    const tokens = await Promise.all([1, 2, 3].map(() => credential.getToken(request())));
    expect(tokens.map((one) => one.token)).toEqual(["dialog", "silent", "silent"]);
    expect(calls.filter((one) => one === "dialog")).toHaveLength(1);
  });

  it("interactive-browser with a broker shows no dialog to a caller that waited for authenticate()", async () => {
    const { broker, calls } = brokerThat(interactionRequired);
    const credential = await open(broker);
    const [, issued] = await Promise.all([credential.authenticate?.(request()), credential.getToken(request())]);
    expect(issued.token).toBe("silent");
    expect(calls.filter((one) => one === "dialog")).toHaveLength(1);
  });

  it("interactive-browser with a broker shows no second dialog when the network fails meanwhile", async () => {
    const answers = [
      interactionRequired,
      interactionRequired,
      () => Promise.reject(outcomeError("unreachable", "No network.")),
    ];
    const { broker } = brokerThat(interactionRequired);
    const flaky = {
      ...broker.credential({} as NativeBrokerOptions),
      getToken: () => (answers.shift() ?? interactionRequired)(),
    };
    const credential = await open({ ...broker, credential: () => flaky });
    const [first, second] = await Promise.allSettled([1, 2].map(() => credential.getToken(request())));
    expect(first).toMatchObject({ value: { token: "dialog" } });
    expect(second).toMatchObject({ reason: { outcome: "unreachable" } });
  });

  it.each([
    ["for a background refresh", {}, { background: true }],
    ["if prompts are disabled", { disableAutomaticAuthentication: true }, {}],
  ])("interactive-browser with a broker shows no dialog %s", async (_, options, more) => {
    const { broker, calls } = brokerThat(interactionRequired);
    await expect((await open(broker, options)).getToken(request(more))).rejects.toMatchObject({
      code: "sign-in-required",
    });
    expect(calls).toEqual(["silent"]);
  });

  it("interactive-browser with a broker shows no dialog for a failure that the user cannot resolve", async () => {
    const { broker, calls } = brokerThat(() => Promise.reject(outcomeError("unreachable", "No network.")));
    await expect((await open(broker)).getToken(request())).rejects.toMatchObject({ outcome: "unreachable" });
    expect(calls).toEqual(["silent"]);
  });

  it("interactive-browser with a broker passes its options on, and uses the default account only on request", async () => {
    const { broker, given } = brokerThat(interactionRequired);
    const parentWindowHandle = new Uint8Array(8);
    await open(broker, { brokerOptions: { enabled: true, parentWindowHandle }, loginHint: "ann@contoso.example" });
    await open(broker, { brokerOptions: { enabled: true, useDefaultBrokerAccount: true }, clientId: "c" });
    expect(given).toMatchObject([
      {
        label: "interactive-browser",
        tenantId: "organizations",
        loginHint: "ann@contoso.example",
        parentWindowHandle,
        useDefaultBrokerAccount: false,
      },
      { clientId: "c", tenantId: "common", useDefaultBrokerAccount: true },
    ]);
  });

  it.each([
    ["no plugin provides a broker", undefined, /^Install it: npm install @azidentity\/plugin-broker\./],
    [
      "this machine has no broker",
      { ...brokerThat(interactionRequired).broker, available: false, remedy: "Run: install it" },
      /^Run: install it$/,
    ],
  ])("interactive-browser with a broker fails with not-installed and a remedy if %s", async (_, broker, remedy) => {
    await expect(open(broker)).rejects.toMatchObject({
      outcome: "not-installed",
      code: "no-broker",
      remedy: expect.stringMatching(remedy),
    });
  });

  it("interactive-browser with a broker returns proof-of-possession tokens, which need the broker", async () => {
    const proofOfPossessionOptions = {
      nonce: "n",
      resourceRequestMethod: "GET",
      resourceRequestUrl: "https://a.example/",
    };
    const calls: unknown[] = [];
    const { broker } = brokerThat(interactionRequired);
    const bound: BrokerCredential = {
      ...broker.credential({} as NativeBrokerOptions),
      async getToken({ proofOfPossession }) {
        calls.push(proofOfPossession);
        return { ...token("bound"), tokenType: "pop" };
      },
    };
    const provider = {
      token: services.nativeBroker,
      name: "test",
      create: () => ({ ...broker, credential: () => bound }),
    };
    const plugins = [users, definePlugin({ name: "test-broker", services: [provider] })];
    await using identity = createIdentity({ config: false, plugins }, { env: {} });
    const scope = "https://vault.azure.net/.default";
    const tokenOf = (enabled: boolean) =>
      identity
        .credential("interactive-browser", { brokerOptions: { enabled } })
        .getToken(scope, { proofOfPossessionOptions });
    expect(await tokenOf(true)).toMatchObject({ token: "bound", tokenType: "pop" });
    expect(calls).toEqual([proofOfPossessionOptions]);
    await expect(tokenOf(false)).rejects.toMatchObject({ code: "proof-of-possession-unsupported" });
  });

  it("interactive-browser with a broker passes the request on in its error if prompts are disabled", async () => {
    const { broker } = brokerThat(interactionRequired);
    const proofOfPossession = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a.example/" };
    const credential = await open(broker, { disableAutomaticAuthentication: true });
    await expect(credential.getToken(request({ proofOfPossession }))).rejects.toMatchObject({
      getTokenOptions: { proofOfPossessionOptions: proofOfPossession },
    });
  });
});
