import { expect, vi } from "vitest";
import { compare, type Row } from "./compare.ts";
import { ann, app, contoso, desktop, fabrikam, otherScope, scope, secret } from "./directory.ts";
import { errorOf, failure } from "./failure.ts";
import { claimsOf, requestCount, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const own = { tenantId: contoso, clientId: desktop.clientId };
const openid = ["offline_access", "openid", "profile"];
const record = {
  authority: expect.stringContaining("localhost"),
  clientId: desktop.clientId,
  homeAccountId: `${ann.objectId}.${contoso}`,
  tenantId: contoso,
  username: ann.username,
  version: "1.0",
};

/** Polls at once. */
const noInterval = { path: "devicecode", rewrite: { interval: 0 } };

/** A device code credential whose user signs in as soon as the code is there. */
function deviceCode(world: World, options: object = {}) {
  const prompts: Record<string, unknown>[] = [];
  const userPromptCallback = (info: Record<string, unknown>) => {
    prompts.push(info);
    world.emulator.approveDevices(ann.username);
  };
  world.emulator.faults.add({ ...noInterval, times: 9 });
  const credential = world.create("DeviceCodeCredential", { ...world.entra, ...own, userPromptCallback, ...options });
  return { credential, prompts };
}

const passwordCredential = (world: World, password = ann.password, options: object = {}) =>
  world.create("UsernamePasswordCredential", contoso, desktop.clientId, ann.username, password, {
    ...world.entra,
    ...options,
  });

/** Signs the user in and returns the code. */
async function authorizationCode({ emulator }: World): Promise<string> {
  const url = new URL(`${emulator.authorityHost}/${contoso}/oauth2/v2.0/authorize`);
  const parameters = {
    client_id: app.clientId,
    response_type: "code",
    redirect_uri: app.redirectUris[0] ?? "",
    scope: `${scope} ${openid.join(" ")}`,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { parameters: answer } = await emulator.signIn(url.href, { account: ann.username });
  return (answer as Record<string, string>).code ?? "";
}

const deviceRows: readonly Row[] = [
  {
    behaviour: "DeviceCodeCredential signs the user in and gets a token",
    run: async (world) => claimsOf(await deviceCode(world).credential.getToken(scope)).oid,
    expected: ann.objectId,
  },
  {
    behaviour: "DeviceCodeCredential calls its callback once with code, address and message",
    async run(world) {
      const { credential, prompts } = deviceCode(world);
      await credential.getToken(scope);
      const { userCode, verificationUri, message } = prompts[0] ?? {};
      return {
        calls: prompts.length,
        types: [typeof userCode, typeof verificationUri, typeof message],
        complete: String(message).includes(String(userCode)) && String(message).includes(String(verificationUri)),
      };
    },
    expected: { calls: 1, types: ["string", "string", "string"], complete: true },
  },
  {
    behaviour: "DeviceCodeCredential prints the message where it has no callback",
    async run(world) {
      const lines: unknown[] = [];
      const log = vi.spyOn(console, "log").mockImplementation((line) => {
        lines.push(line);
        world.emulator.approveDevices(ann.username);
      });
      try {
        await deviceCode(world, { userPromptCallback: undefined }).credential.getToken(scope);
      } finally {
        log.mockRestore();
      }
      return lines;
    },
    expected: [expect.stringMatching(/code/)],
  },
  {
    behaviour: "DeviceCodeCredential requests the grant of the device",
    async run(world) {
      await deviceCode(world).credential.getToken(scope);
      const [device] = world.emulator.requests.to("/devicecode");
      return {
        device: [device?.tenant, device?.form.client_id, device?.form.scope?.split(" ").sort()],
        token: tokenRequests(world.emulator)
          .map(({ grant_type, client_id }) => ({ grant_type, client_id }))
          .at(-1),
      };
    },
    expected: {
      device: [contoso, desktop.clientId, [scope, ...openid]],
      token: { grant_type: "device_code", client_id: desktop.clientId },
    },
  },
  {
    behaviour: "DeviceCodeCredential gets further tokens without the user",
    async run(world) {
      const { credential, prompts } = deviceCode(world);
      const first = await credential.getToken(scope);
      const again = await credential.getToken(scope);
      const other = await credential.getToken(otherScope);
      return {
        prompts: prompts.length,
        same: first.token === again.token,
        audience: claimsOf(other).aud,
        grants: tokenRequests(world.emulator).map(({ grant_type }) => grant_type),
      };
    },
    expected: {
      prompts: 1,
      same: true,
      audience: "https://storage.azure.com",
      grants: ["device_code", "refresh_token"],
    },
  },
  {
    behaviour: "DeviceCodeCredential.authenticate returns the record of the user",
    run: (world) => deviceCode(world).credential.authenticate(scope),
    expected: record,
  },
  {
    behaviour: "DeviceCodeCredential after authenticate needs no second sign-in",
    async run(world) {
      const { credential, prompts } = deviceCode(world, { disableAutomaticAuthentication: true });
      await credential.authenticate(scope);
      await credential.getToken(scope);
      return prompts.length;
    },
    expected: 1,
  },
  {
    behaviour: "DeviceCodeCredential with disableAutomaticAuthentication prompts no user and requires authentication",
    async run(world) {
      const { credential, prompts } = deviceCode(world, { disableAutomaticAuthentication: true });
      const error = (await errorOf(() => credential.getToken(scope))) as Record<string, unknown>;
      return {
        prompts: prompts.length,
        scopes: error.scopes,
        result: await world.failure(() => credential.getToken(scope)),
      };
    },
    expected: {
      prompts: 0,
      scopes: [scope],
      result: failure("AuthenticationRequiredError", "automatic authentication has been disabled"),
    },
  },
  {
    behaviour: "DeviceCodeCredential reports that the user declined",
    run: (world) => {
      const { emulator } = world;
      const userPromptCallback = ({ userCode }: { userCode: string }) =>
        void emulator.signInAtDevice(userCode, { decline: "confirm" });
      return world.failure(() => deviceCode(world, { userPromptCallback }).credential.getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "declined"),
  },
  {
    behaviour: "DeviceCodeCredential ends with an AbortError when its caller aborts",
    async run(world) {
      const controller = new AbortController();
      const { credential } = deviceCode(world, { userPromptCallback: () => controller.abort() });
      const { name } = (await errorOf(() => credential.getToken(scope, { abortSignal: controller.signal }))) as Error;
      return name;
    },
    expected: "AbortError",
  },
  {
    behaviour: "DeviceCodeCredential refuses another tenant",
    run: (world) => world.failure(() => deviceCode(world).credential.getToken(scope, { tenantId: fabrikam })),
    expected: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"),
  },
  {
    behaviour: "DeviceCodeCredential without tenant accepts the tenant of a request",
    async run(world) {
      const { credential } = deviceCode(world, { tenantId: undefined });
      return claimsOf(await credential.getToken(scope, { tenantId: fabrikam })).tid;
    },
    expected: fabrikam,
  },
];

const passwordRows: readonly Row[] = [
  {
    behaviour: "UsernamePasswordCredential gets the user's token",
    run: async (world) => claimsOf(await passwordCredential(world).getToken(scope)).oid,
    expected: ann.objectId,
  },
  {
    behaviour: "UsernamePasswordCredential requests the grant of the password",
    async run(world) {
      await passwordCredential(world).getToken([scope]);
      return tokenRequests(world.emulator);
    },
    expected: [
      {
        tenant: contoso,
        client_id: desktop.clientId,
        grant_type: "password",
        username: ann.username,
        password: "***",
        scope: [scope, ...openid],
      },
    ],
  },
  {
    behaviour: "UsernamePasswordCredential gets a second token from memory",
    async run(world) {
      const credential = passwordCredential(world);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "UsernamePasswordCredential reports a wrong password with Entra's words",
    run: (world) => world.failure(() => passwordCredential(world, "wrong").getToken(scope)),
    expected: failure("AuthenticationRequiredError", "invalid_grant", "AADSTS50126"),
  },
  {
    behaviour: "UsernamePasswordCredential refuses another tenant",
    run: (world) => world.failure(() => passwordCredential(world).getToken(scope, { tenantId: fabrikam })),
    expected: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"),
  },
];

const codeRows: readonly Row[] = [
  {
    behaviour: "AuthorizationCodeCredential redeems the code with a secret",
    async run(world) {
      const code = await authorizationCode(world);
      const credential = world.create(
        "AuthorizationCodeCredential",
        contoso,
        app.clientId,
        secret,
        code,
        app.redirectUris[0],
        world.entra,
      );
      const token = await credential.getToken(scope);
      return { user: claimsOf(token).oid, requests: tokenRequests(world.emulator) };
    },
    expected: {
      user: ann.objectId,
      requests: [
        {
          tenant: contoso,
          client_id: app.clientId,
          client_secret: "***",
          code: "***",
          grant_type: "authorization_code",
          redirect_uri: app.redirectUris[0],
          scope: [scope, ...openid],
        },
      ],
    },
  },
  {
    behaviour: "AuthorizationCodeCredential without a secret is that of a public client",
    async run(world) {
      const credential = world.create(
        "AuthorizationCodeCredential",
        contoso,
        desktop.clientId,
        "a code",
        "http://localhost",
        world.entra,
      );
      const result = await world.failure(() => credential.getToken(scope));
      const [form] = tokenRequests(world.emulator);
      return { result, secret: form?.client_secret, uri: form?.redirect_uri };
    },
    expected: {
      result: failure("AuthenticationRequiredError", "AADSTS"),
      secret: undefined,
      uri: "http://localhost",
    },
  },
  {
    behaviour: "AuthorizationCodeCredential gets further tokens by its refresh token",
    async run(world) {
      const code = await authorizationCode(world);
      const args = [contoso, app.clientId, secret, code, app.redirectUris[0], world.entra];
      const credential = world.create("AuthorizationCodeCredential", ...args);
      await credential.getToken(scope);
      await credential.getToken(scope);
      await credential.getToken(otherScope);
      return tokenRequests(world.emulator).map(({ grant_type }) => grant_type);
    },
    expected: ["authorization_code", "refresh_token"],
  },
];

const recordRows: readonly Row[] = [
  {
    behaviour: "An AuthenticationRecord becomes text and comes back",
    run({ identity }) {
      const given = { authority: "login.example", homeAccountId: "h", clientId: "c", tenantId: "t", username: "u" };
      const text = identity.serializeAuthenticationRecord(given);
      return [JSON.parse(text), identity.deserializeAuthenticationRecord(text)];
    },
    expected: [
      { authority: "login.example", homeAccountId: "h", clientId: "c", tenantId: "t", username: "u" },
      { authority: "login.example", homeAccountId: "h", clientId: "c", tenantId: "t", username: "u" },
    ],
  },
  {
    behaviour: "An AuthenticationRecord of an unknown version is refused",
    run: ({ identity, failure }) =>
      failure(() => identity.deserializeAuthenticationRecord(JSON.stringify({ version: "2.0" }))),
    expected: failure("Error", "unsupported", "AuthenticationRecord version"),
  },
  {
    behaviour: "An AuthenticationRecord that is no JSON is refused",
    run: async ({ identity, failure }) => {
      const result = await failure(() => identity.deserializeAuthenticationRecord("{"));
      return typeof result === "object" && result.name;
    },
    expected: "SyntaxError",
  },
];

compare("Users", [...deviceRows, ...passwordRows, ...codeRows, ...recordRows]);
