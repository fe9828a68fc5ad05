import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { loadMsal } from "./exchange.ts";

/** Signs with MSAL, and prints whether jsonwebtoken is loaded before and after. */
const signing = `
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
const { loadMsal } = await import(process.argv[1]);
const fromMsal = createRequire(createRequire(process.argv[1]).resolve("@azure/msal-node"));
const jsonWebToken = fromMsal.resolve("jsonwebtoken");
const { ClientAssertion, CryptoProvider } = loadMsal();
const isLoadedBefore = jsonWebToken in fromMsal.cache;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const assertion = ClientAssertion.fromCertificateWithSha256Thumbprint("ab".repeat(32), key);
const parts = assertion.getJwt(new CryptoProvider(), "app", "https://login.example").split(".").length;
console.log(JSON.stringify({ isLoadedBefore, parts, isLoadedAfter: jsonWebToken in fromMsal.cache }));
`;

it("loading MSAL removes the temporary global require", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "require");
  const { ConfidentialClientApplication } = loadMsal();
  expect(ConfidentialClientApplication).toBeTypeOf("function");
  expect(Object.getOwnPropertyDescriptor(globalThis, "require")).toEqual(before);
});

// in a process of its own, because other tests of this one load jsonwebtoken
it("loading MSAL defers jsonwebtoken until MSAL signs", () => {
  const module = new URL("./exchange.ts", import.meta.url).href;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", signing, module], {
    encoding: "utf8",
  });
  expect(JSON.parse(output)).toEqual({ isLoadedBefore: false, parts: 3, isLoadedAfter: true });
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
