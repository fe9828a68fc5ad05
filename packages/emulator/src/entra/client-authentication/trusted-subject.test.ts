import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusal, requestTokenByAssertion, signAssertion } from "../../../test/support/assertions.ts";
import { type Emulator, startEmulator } from "../../emulator.ts";
import type { ClientCertificate } from "../client-certificates.ts";

let emulator: Emulator;
let certificate: ClientCertificate;
beforeAll(async () => {
  emulator = await startEmulator();
  certificate = await emulator.createCertificate({ subjectName: "orders.contoso.example" });
});
afterAll(() => emulator.close());

const der = (...pems: string[]) => pems.map((pem) => new X509Certificate(pem).raw.toString("base64"));

async function ask(x5c: string[], signer = certificate): Promise<number> {
  return refusal(await requestTokenByAssertion(emulator, await signAssertion(emulator, signer, { header: { x5c } })));
}

async function trusting(subjectName: string, authority: string, run: () => Promise<void>): Promise<void> {
  const trustedSubject = { subjectName, authority };
  emulator.credentials.add({ trustedSubject });
  try {
    await run();
  } finally {
    emulator.credentials.remove({ trustedSubject });
  }
}

it("an unregistered certificate authenticates by a trusted subject and issuer", async () => {
  const { certificate: leaf, authority } = certificate;
  expect(await ask(der(leaf, authority))).toBe(700027);
  await trusting("Orders.contoso.example", authority, async () => {
    expect(await ask(der(leaf, authority))).toBe(0);
    expect(await ask(der(leaf))).toBe(0);
    expect(await ask([])).toBe(700027);
    expect(await ask(der(authority, leaf))).toBe(700027);
    expect(await ask(["AAAA"])).toBe(50027);
  });
});

it("a certificate with another subject is refused", async () => {
  await trusting("billing.contoso.example", certificate.authority, async () => {
    expect(await ask(der(certificate.certificate))).toBe(700030);
  });
});

it("a certificate of another issuer is refused", async () => {
  await using other = await startEmulator();
  const foreign = await other.createCertificate({ subjectName: "orders.contoso.example" });
  await trusting("orders.contoso.example", certificate.authority, async () => {
    expect(await ask(der(foreign.certificate, foreign.authority), foreign)).toBe(700027);
    expect(await ask(der(foreign.certificate, certificate.authority), foreign)).toBe(700027);
  });
});

it("an expired certificate with a trusted subject is refused", async () => {
  const old = await emulator.createCertificate({
    subjectName: "orders.contoso.example",
    notBefore: new Date("2020-01-01"),
    notAfter: new Date("2021-01-01"),
  });
  await trusting("orders.contoso.example", certificate.authority, async () => {
    expect(await ask(der(old.certificate), old)).toBe(1000502);
  });
});
