import { randomBytes } from "node:crypto";
import type { EmulatorOptions, EnvironmentPreset } from "@azidentity/emulator";
import { hostsOf } from "./presets.ts";

/** A person of the emulated directory. */
export interface EmulatedUser {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
}

/** The first-party application of developer tools, with which users sign in by default. */
const developerTools = {
  clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  displayName: "Developer tools",
  publicClient: true,
  secrets: [],
  federatedCredentials: [],
};

/** Users with passwords of this run, in hexadecimal: they are typed, and given as arguments. */
export function createUsers(): readonly EmulatedUser[] {
  return ["Ann", "Ben"].map((displayName) => ({
    displayName,
    username: `${displayName.toLowerCase()}@contoso.example`,
    password: randomBytes(9).toString("hex"),
  }));
}

/** Requests that are kept, of an emulator that may run for days. */
const maxRecordedRequests = 1_000;

/** One tenant with an application, the developer tools and users. */
export function emulatorOptions(preset: EnvironmentPreset, users: readonly EmulatedUser[]): EmulatorOptions {
  const applications = [{ displayName: "Orders" }, developerTools];
  return {
    tenants: [{ displayName: "Contoso", domains: ["contoso.example"], applications, users }],
    maxRecordedRequests,
    hosts: hostsOf(preset),
  };
}
