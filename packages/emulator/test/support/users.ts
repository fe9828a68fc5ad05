import { createHash } from "node:crypto";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/index.ts";
import { type PlainResponse, send } from "./plain-client.ts";

/** A user with a password and a second factor. */
export const ann = {
  username: "ann@contoso.example",
  displayName: "Ann Meyer",
  password: "Ann-s3cret",
  secondFactor: "246810",
  objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11",
};
/** A user without a second factor. */
export const ben = { username: "ben@contoso.example", password: "Ben-s3cret" };

/** A public client. */
export const desktop = {
  clientId: "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11",
  displayName: "Orders desktop",
  publicClient: true,
  secrets: [],
};
/** A public client without the consent of an administrator. */
export const withoutConsent = {
  clientId: "2d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d22",
  displayName: "Orders preview",
  publicClient: true,
  secrets: [],
  adminConsent: false,
};
/** A confidential client with a secret. */
export const web = {
  clientId: "3d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d33",
  displayName: "Orders",
  secrets: ["web-s3cret"],
  redirectUris: ["https://orders.example/signed-in", "https://orders.example/other"],
};

export const storage = "https://storage.azure.com/.default";
export const vault = "https://vault.azure.net/.default";
export const redirectUri = "http://localhost:4711";

/**
 * Starts an emulator with a tenant of these users and applications, and a second tenant in which
 * Ann is a guest.
 */
export function startWithUsers(options: EmulatorOptions = {}): Promise<Emulator> {
  const contoso = {
    displayName: "Contoso",
    domains: ["contoso.example"],
    applications: [{}, desktop, withoutConsent, web],
    users: [ann, ben],
  };
  const fabrikam = {
    displayName: "Fabrikam",
    domains: ["fabrikam.example"],
    applications: [desktop],
    users: [
      { username: ann.username, guest: true as const },
      { username: "carl@fabrikam.example", password: "Carl-s3cret" },
    ],
  };
  return startEmulator({ tenants: [contoso, fabrikam], ...options });
}

export type Changes = Readonly<Record<string, string | undefined>>;

/** The URL of an authorization request; `undefined` omits a parameter. */
export function authorizeUrl({ authorityHost, tenantId }: Emulator, changes: Changes = {}, tenant = tenantId): string {
  const parameters = {
    client_id: desktop.clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: `${vault} openid profile offline_access`,
    state: "a state",
    ...changes,
  };
  const url = new URL(`${authorityHost}/${tenant}/oauth2/v2.0/authorize`);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Sends a token request, by default of the public client. */
export async function requestUserTokens(
  emulator: Emulator,
  form: Changes,
  tenant = emulator.tenantId,
): Promise<TokenResponse> {
  const fields = Object.entries({ client_id: desktop.clientId, ...form }).filter(([, value]) => value !== undefined);
  const answer = await send(emulator, `/${tenant}/oauth2/v2.0/token`, { form: Object.fromEntries(fields) });
  return answer.json as TokenResponse;
}

/** The response of the token endpoint: tokens, or an error. */
export type TokenResponse = Readonly<Record<string, string | undefined>> & { readonly error_codes?: readonly [number] };

export function exchangeCode(emulator: Emulator, code: string | undefined, changes: Changes = {}, tenant?: string) {
  const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...changes };
  return requestUserTokens(emulator, form, tenant);
}

export function refresh(emulator: Emulator, { refresh_token }: TokenResponse, changes: Changes = {}, tenant?: string) {
  return requestUserTokens(emulator, { grant_type: "refresh_token", refresh_token, scope: vault, ...changes }, tenant);
}

export async function startDevice(
  emulator: Emulator,
  changes: Changes = {},
  tenant = emulator.tenantId,
): Promise<Device> {
  const form = { client_id: desktop.clientId, scope: vault, ...changes } as Readonly<Record<string, string>>;
  const answer: PlainResponse = await send(emulator, `/${tenant}/oauth2/v2.0/devicecode`, { form });
  return answer.json as Device;
}

export interface Device {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly expires_in: number;
}

export function pollForTokens(emulator: Emulator, { device_code }: Device, tenant?: string) {
  return requestUserTokens(
    emulator,
    { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code },
    tenant,
  );
}

/** A code verifier and its S256 challenge. */
export const pkce = {
  verifier: "v".repeat(43),
  challenge: createHash("sha256").update("v".repeat(43)).digest("base64url"),
};
