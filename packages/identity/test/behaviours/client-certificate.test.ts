import { expect } from "vitest";
import { certificateOf, password, type TestCertificate } from "./certificate.ts";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { assertionOf, claimsOf, formsOf, requestCount, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;

const certificateCredential = ({ create, entra }: World, given: unknown, options: object = {}) =>
  create("ClientCertificateCredential", contoso, id, given, { ...entra, ...options });

/** What a form of a certificate is. */
type Form = (certificate: TestCertificate, world: World) => unknown;

const accepts = (what: string, form: Form): Row => ({
  behaviour: `ClientCertificateCredential gets a token with ${what}`,
  async run(world) {
    const given = form(await certificateOf(world.emulator), world);
    return claimsOf(await certificateCredential(world, given).getToken(scope)).appid;
  },
  expected: id,
});

const refuses = (what: string, form: Form, expected: unknown): Row => ({
  behaviour: `ClientCertificateCredential with ${what} is an error of getToken`,
  async run(world) {
    const credential = certificateCredential(world, form(await certificateOf(world.emulator), world));
    const result = await world.failure(() => credential.getToken(scope));
    return { result, requests: requestCount(world.emulator) };
  },
  expected: { result: expected, requests: 0 },
});

/** The client assertion that is sent. */
async function assertionWith(world: World, options: object) {
  const { pem } = await certificateOf(world.emulator);
  const http = recordHttp();
  const own = { httpClient: http.client, authorityHost: "https://login.example" };
  await certificateCredential(world, { certificate: pem }, { ...own, ...options }).getToken(scope);
  return assertionOf(formsOf(http)[0]);
}

compare("ClientCertificateCredential", [
  accepts("the path of a PEM", ({ pem }, { file }) => file("client.pem", pem)),
  accepts("certificatePath", ({ pem }, { file }) => ({ certificatePath: file("client.pem", pem) })),
  accepts("a PEM as text", ({ pem }) => ({ certificate: pem })),
  accepts("a PEM without authority", ({ certificate, privateKey }) => ({ certificate: privateKey + certificate })),
  accepts("the key behind the certificate", ({ certificate, privateKey }) => ({
    certificate: certificate + privateKey,
  })),
  accepts("Windows line ends", ({ pem }) => ({ certificate: pem.replaceAll("\n", "\r\n") })),
  accepts("an encrypted key and its password", ({ encrypted }) => ({
    certificate: encrypted,
    certificatePassword: password,
  })),
  accepts("a file with an encrypted key and its password", ({ encrypted }, { file }) => ({
    certificatePath: file("client.pem", encrypted),
    certificatePassword: password,
  })),
  accepts("a password of undefined", ({ pem }) => ({ certificate: pem, certificatePassword: undefined })),
  refuses(
    "a file that does not exist",
    () => "/nowhere/client.pem",
    expect.objectContaining({ message: expect.stringMatching(/ENOENT|no such file|does not exist/) }),
  ),
  refuses(
    "a text that is no PEM",
    () => ({ certificate: "not a PEM" }),
    expect.objectContaining({ message: expect.stringMatching(/PEM.*certificate|certificate.*PEM/i) }),
  ),
  refuses(
    "a file without certificate",
    ({ privateKey }, { file }) => file("key.pem", privateKey),
    expect.objectContaining({ message: expect.stringMatching(/certificate/) }),
  ),
  refuses(
    "a wrong password",
    ({ encrypted }) => ({ certificate: encrypted, certificatePassword: "wrong" }),
    expect.objectContaining({ name: expect.stringMatching(/Error$/) }),
  ),
  {
    behaviour: "ClientCertificateCredential sends a signed assertion in place of a secret",
    async run(world) {
      const { pem } = await certificateOf(world.emulator);
      await certificateCredential(world, { certificate: pem }).getToken(scope);
      return tokenRequests(world.emulator);
    },
    expected: [
      {
        tenant: contoso,
        client_id: id,
        client_assertion: "***",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        grant_type: "client_credentials",
        scope: [scope],
      },
    ],
  },
  {
    behaviour: "ClientCertificateCredential sends an assertion of the application for the tenant's token endpoint",
    async run(world) {
      const { header, claims } = await assertionWith(world, {});
      const { thumbprint } = await certificateOf(world.emulator);
      const { iss, sub, aud, exp, nbf, jti } = claims as Record<string, number>;
      return {
        iss,
        sub,
        aud,
        kind: [typeof header.alg, header.typ, header.x5c],
        thumbprint: header["x5t#S256"] === thumbprint,
        minutes: Math.round(((exp ?? 0) - (nbf ?? 0)) / 60),
        id: typeof jti,
      };
    },
    expected: {
      iss: id,
      sub: id,
      aud: `https://login.example/${contoso}/oauth2/v2.0/token`,
      kind: ["string", "JWT", undefined],
      thumbprint: true,
      minutes: 10,
      id: "string",
    },
  },
  ...[true, false, undefined].map(
    (sendCertificateChain): Row => ({
      behaviour: `ClientCertificateCredential with sendCertificateChain ${sendCertificateChain} ${sendCertificateChain ? "sends the chain" : "sends no chain"}`,
      async run(world) {
        const { header } = await assertionWith(world, { sendCertificateChain });
        const { chain } = await certificateOf(world.emulator);
        return JSON.stringify(header.x5c) === (sendCertificateChain ? JSON.stringify(chain) : undefined);
      },
      expected: true,
    }),
  ),
  {
    behaviour: "ClientCertificateCredential gets a second token from memory",
    async run(world) {
      const { pem } = await certificateOf(world.emulator);
      const credential = certificateCredential(world, { certificate: pem });
      const first = await credential.getToken(scope);
      const second = await credential.getToken([scope]);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "ClientCertificateCredential refuses another tenant",
    async run(world) {
      const { pem } = await certificateOf(world.emulator);
      return world.failure(() =>
        certificateCredential(world, { certificate: pem }).getToken(scope, { tenantId: "other" }),
      );
    },
    expected: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant other"),
  },
  {
    behaviour: "ClientCertificateCredential with an unknown certificate is an AuthenticationRequiredError",
    async run(world) {
      const { pem } = await world.emulator.createCertificate();
      return world.failure(() => certificateCredential(world, { certificate: pem }).getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "AADSTS700027"),
  },
]);
