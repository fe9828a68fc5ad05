import { describe, expect, it, vi } from "vitest";
import * as identity from "../src/index.ts";

type Class = abstract new (...args: never[]) => identity.TokenCredential;
const classes = Object.entries(identity).filter(
  ([name]) => name.endsWith("Credential") && name.startsWith("get") === false,
) as [string, Class][];

it("every credential of the peer is there, with its name", async () => {
  const peer = await import("@azure/identity");
  const names = Object.keys(peer).filter((name) => name.endsWith("Credential") && !name.startsWith("get"));
  expect(names.filter((name) => !(name in identity))).toEqual([]);
  for (const [name, each] of classes) if (name !== "CertificateCredential") expect(each.name).toBe(name);
});

describe.each(classes)("%s", (_, each) => {
  it("has a getToken on a prototype, which tests can replace", async () => {
    const owner = each.prototype instanceof identity.ChainedTokenCredential ? identity.ChainedTokenCredential : each;
    expect(Object.getOwnPropertyDescriptor(owner.prototype, "getToken")).toMatchObject({
      writable: true,
      configurable: true,
      value: expect.any(Function),
    });
    const spy = vi.spyOn(each.prototype as identity.TokenCredential, "getToken");
    spy.mockResolvedValue({ token: "mocked", expiresOnTimestamp: 1 });
    const made: identity.TokenCredential = Object.create(each.prototype);
    expect(await made.getToken("s")).toEqual({ token: "mocked", expiresOnTimestamp: 1 });
    spy.mockRestore();
  });

  it("rejects, and does not throw, where it was made without its constructor", async () => {
    const made: identity.TokenCredential & { close(): Promise<void> } = Object.create(each.prototype);
    const call = made.getToken("s");
    await expect(call).rejects.toThrow("made without its constructor");
    await made.close();
  });
});

it("JSON of an instance has nothing, and its print no secret", () => {
  const made = new identity.ClientSecretCredential("tenant", "client", "a secret");
  expect(JSON.stringify(made)).toBe("{}");
  expect(process.getBuiltinModule("node:util").inspect(made, { showHidden: false })).not.toContain("a secret");
});

it("a subclass may replace getToken and call the one of its base", async () => {
  class Mine extends identity.ManagedIdentityCredential {
    override async getToken(): Promise<identity.AccessToken> {
      return { token: "mine", expiresOnTimestamp: 5, refreshAfterTimestamp: 3 };
    }
  }
  const mine = new Mine();
  expect(mine).toBeInstanceOf(identity.ManagedIdentityCredential);
  expect(await mine.getTokenInfo("s")).toEqual({ token: "mine", tokenType: "Bearer", expiresOn: 5, refreshOn: 3 });
});
