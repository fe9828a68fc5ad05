import type { EmulatorOptions } from "@azidentity/emulator";

/** A user with a password. */
export const ann = {
  username: "ann@contoso.example",
  password: "Ann-s3cret",
  objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11",
};
/** The public client. */
export const desktop = { clientId: "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11", publicClient: true, secrets: [] };
/** The confidential client. */
export const app = {
  clientId: "3d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d33",
  secrets: ["app-s3cret"],
  redirectUris: ["https://orders.example/signed-in"],
};
export const secret = "app-s3cret";
export const contoso = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
export const fabrikam = "9e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a502";
export const scope = "https://vault.azure.net/.default";
export const otherScope = "https://storage.azure.com/.default";

/** Two tenants that have the applications. */
export const directory: EmulatorOptions = {
  tenants: [
    { tenantId: contoso, domains: ["contoso.example"], applications: [app, desktop], users: [ann] },
    {
      tenantId: fabrikam,
      domains: ["fabrikam.example"],
      applications: [app, desktop],
      users: [{ username: ann.username, guest: true }],
    },
  ],
};
