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
import entra from "../index.ts";
import { interactiveBrowser } from "../sources/interactive-browser.ts";

const record = { authority: "a", homeAccountId: "O.T", clientId: "c", tenantId: "t", username: "ann@contoso.example" };
const token = (text: string): IssuedToken => ({
  token: text,
  expiresOnTimestamp: 4_102_444_800_000,
  tokenType: "Bearer",
});
const nobody = () => Promise.reject(outcomeError("interaction-required", "Nobody is signed in."));

/** A broker that is silent in this way, and what it was asked. */
function brokerThat(silent: () => Promise<IssuedToken>) {
  const asked: string[] = [];
  const given: NativeBrokerOptions[] = [];
  let isSignedIn = false;
  const credential: BrokerCredential = {
    async getToken() {
      asked.push("silent");
      return isSignedIn ? token("silent") : silent();
    },
    async signIn() {
      asked.push("dialog");
      isSignedIn = true;
      return token("dialog");
    },
    async authenticate() {
      asked.push("dialog");
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
  return { broker, asked, given };
}

const open = (broker: NativeBroker | undefined, options: object = {}) =>
  interactiveBrowser.create(
    { brokerOptions: { enabled: true }, ...options },
    createTestContext({ services: new Map([[services.nativeBroker, broker]]) }),
  );
const request = (more: Partial<TokenRequest> = {}) => createTestRequest(more);

describe("interactive-browser with a broker", () => {
  it("is silent while that will do", async () => {
    const { broker, asked } = brokerThat(async () => token("silent"));
    expect((await (await open(broker)).getToken(request())).token).toBe("silent");
    expect(asked).toEqual(["silent"]);
  });

  it("shows the broker's dialog when it will not, and hands out the token of the dialog", async () => {
    const { broker, asked } = brokerThat(nobody);
    const credential = await open(broker);
    expect((await credential.getToken(request())).token).toBe("dialog");
    expect(asked).toEqual(["silent", "dialog"]);
    expect(await credential.account?.(request().signal)).toBe("O.T");
  });

  it("shows one dialog to several callers", async () => {
    const { broker, asked } = brokerThat(nobody);
    const credential = await open(broker);
    const tokens = await Promise.all([1, 2, 3].map(() => credential.getToken(request())));
    expect(tokens.map((one) => one.token)).toEqual(["dialog", "silent", "silent"]);
    expect(asked.filter((one) => one === "dialog")).toHaveLength(1);
  });

  it("shows none to whoever waited while somebody signed in", async () => {
    const { broker, asked } = brokerThat(nobody);
    const credential = await open(broker);
    const [, issued] = await Promise.all([credential.authenticate?.(request()), credential.getToken(request())]);
    expect(issued.token).toBe("silent");
    expect(asked.filter((one) => one === "dialog")).toHaveLength(1);
  });

  it("shows none after all when it was waited for and the network has gone", async () => {
    const answers = [nobody, nobody, () => Promise.reject(outcomeError("unreachable", "No network."))];
    const { broker } = brokerThat(nobody);
    const flaky = { ...broker.credential({} as NativeBrokerOptions), getToken: () => (answers.shift() ?? nobody)() };
    const credential = await open({ ...broker, credential: () => flaky });
    const [first, second] = await Promise.allSettled([1, 2].map(() => credential.getToken(request())));
    expect(first).toMatchObject({ value: { token: "dialog" } });
    expect(second).toMatchObject({ reason: { outcome: "unreachable" } });
  });

  it.each([
    ["beside callers who have a token", {}, { background: true }],
    ["where nobody may be asked", { disableAutomaticAuthentication: true }, {}],
  ])("shows none %s", async (_, options, more) => {
    const { broker, asked } = brokerThat(nobody);
    await expect((await open(broker, options)).getToken(request(more))).rejects.toMatchObject({
      code: "sign-in-required",
    });
    expect(asked).toEqual(["silent"]);
  });

  it("shows none for what a person cannot mend", async () => {
    const { broker, asked } = brokerThat(() => Promise.reject(outcomeError("unreachable", "No network.")));
    await expect((await open(broker)).getToken(request())).rejects.toMatchObject({ outcome: "unreachable" });
    expect(asked).toEqual(["silent"]);
  });

  it("passes on whom to ask for, and takes the default account only when that is said", async () => {
    const { broker, given } = brokerThat(nobody);
    const parentWindowHandle = new Uint8Array(8);
    await open(broker, { brokerOptions: { enabled: true, parentWindowHandle }, loginHint: "ann@contoso.example" });
    await open(broker, { brokerOptions: { enabled: true, useDefaultBrokerAccount: true }, clientId: "c" });
    expect(given).toMatchObject([
      {
        who: "interactive-browser",
        tenantId: "organizations",
        loginHint: "ann@contoso.example",
        parentWindowHandle,
        useDefaultBrokerAccount: false,
      },
      { clientId: "c", tenantId: "common", useDefaultBrokerAccount: true },
    ]);
  });

  it.each([
    ["no plugin brings one", undefined],
    ["there is none on this machine", { ...brokerThat(nobody).broker, available: false }],
  ])("is told as not installed where %s", async (_, broker) => {
    await expect(open(broker)).rejects.toMatchObject({ outcome: "not-installed", code: "no-broker" });
  });

  it("has tokens bound to a request, which nobody has without the broker", async () => {
    const proofOfPossessionOptions = {
      nonce: "n",
      resourceRequestMethod: "GET",
      resourceRequestUrl: "https://a.example/",
    };
    const asked: unknown[] = [];
    const { broker } = brokerThat(nobody);
    const bound: BrokerCredential = {
      ...broker.credential({} as NativeBrokerOptions),
      async getToken({ proofOfPossession }) {
        asked.push(proofOfPossession);
        return { ...token("bound"), tokenType: "pop" };
      },
    };
    const provider = {
      token: services.nativeBroker,
      name: "test",
      create: () => ({ ...broker, credential: () => bound }),
    };
    const plugins = [entra, definePlugin({ name: "test-broker", services: [provider] })];
    await using identity = createIdentity({ config: false, plugins }, { env: {} });
    const scope = "https://vault.azure.net/.default";
    const tokenOf = (enabled: boolean) =>
      identity
        .credential("interactive-browser", { brokerOptions: { enabled } })
        .getToken(scope, { proofOfPossessionOptions });
    expect(await tokenOf(true)).toMatchObject({ token: "bound", tokenType: "pop" });
    expect(asked).toEqual([proofOfPossessionOptions]);
    await expect(tokenOf(false)).rejects.toMatchObject({ code: "proof-of-possession-unsupported" });
  });

  it("says for which request somebody has to sign in, where nobody may be asked", async () => {
    const { broker } = brokerThat(nobody);
    const proofOfPossession = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a.example/" };
    const credential = await open(broker, { disableAutomaticAuthentication: true });
    await expect(credential.getToken(request({ proofOfPossession }))).rejects.toMatchObject({
      getTokenOptions: { proofOfPossessionOptions: proofOfPossession },
    });
  });
});
