import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { loadMsal } from "./load.ts";

const fromMsal = createRequire(createRequire(import.meta.url).resolve("@azure/msal-node"));
const jsonWebToken = fromMsal.resolve("jsonwebtoken");

it("loading MSAL removes the temporary global require", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "require");
  const { ConfidentialClientApplication } = loadMsal();
  expect(ConfidentialClientApplication).toBeTypeOf("function");
  expect(Object.getOwnPropertyDescriptor(globalThis, "require")).toEqual(before);
});

it("loading MSAL defers jsonwebtoken until MSAL signs", async () => {
  const { ClientAssertion, CryptoProvider } = loadMsal();
  expect(Object.keys(fromMsal.cache)).not.toContain(jsonWebToken);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const assertion = ClientAssertion.fromCertificateWithSha256Thumbprint("ab".repeat(32), key);
  expect(assertion.getJwt(new CryptoProvider(), "app", "https://login.example").split(".")).toHaveLength(3);
  expect(Object.keys(fromMsal.cache)).toContain(jsonWebToken);
});

it("MSAL is loaded from a bundle in which there is no `require`, such as an ES module by rollup", () => {
  const text = readFileSync(new URL("./require-msal.cts", import.meta.url), "utf8");
  const bundled = text.replace('require("@azure/msal-node")', "msal");
  expect(bundled).not.toBe(text);
  const shim: { requireMsal?: () => unknown } = {};
  const msal = {};
  new Function("exports", "msal", bundled)(shim, msal); // sees neither `require` nor `__filename`
  expect(shim.requireMsal?.()).toBe(msal);
});
