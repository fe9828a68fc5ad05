import { createTestContext } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import type { ManagedIdentityOptions } from "../src/resolve-host.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { fakeMachine } from "./support.ts";

type Env = Readonly<Record<string, string>>;

const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token", IDENTITY_HEADER: "canary" };
const pod = { AZURE_FEDERATED_TOKEN_FILE: "/token", AZURE_CLIENT_ID: "a", AZURE_TENANT_ID: "t" };

const subject = (options: ManagedIdentityOptions, env: Env = {}, hostName = "vm-1", tenantId?: string) =>
  createManagedIdentitySource(fakeMachine({ hostName: () => hostName })).subject(
    options,
    createTestContext({ env, ...(tenantId && { tenantId }) }),
  );

it("two principals that an id or a pod names never have the same subject", () => {
  const subjects = [
    subject({ clientId: "a" }),
    subject({ clientId: "b" }),
    subject({ objectId: "a" }),
    subject({ resourceId: "a" }),
    subject({}, pod),
    subject({}, { ...pod, AZURE_TENANT_ID: "u" }),
    subject({}, { ...pod, AZURE_CLIENT_ID: "b" }),
    subject({}, pod, "vm-1", "config"),
  ];
  expect(subjects.every((one) => one !== undefined)).toBe(true);
  expect(new Set(subjects).size).toBe(subjects.length);
  expect(subject({ source: "imds" }, pod)).not.toBe(subject({}, pod));
});

it("one identity that an id names is the same on every host, however it is named and written", () => {
  expect(subject({ clientId: "A" }, appService)).toBe(subject({ clientId: "a" }));
  expect(subject({}, { AZURE_CLIENT_ID: "a" }, "vm-2")).toBe(subject({ clientId: "a" }));
});

it.each<[string, ManagedIdentityOptions, Env]>([
  ["a machine", {}, {}],
  ["a machine, asked by `source`", { source: "imds" }, {}],
  ["a web app", {}, { ...appService, WEBSITE_SITE_NAME: "shop" }],
  ["a slot of a web app", {}, { ...appService, WEBSITE_SITE_NAME: "shop", WEBSITE_SLOT_NAME: "staging" }],
  ["a container app", {}, { ...appService, CONTAINER_APP_NAME: "shop" }],
  ["the node below a pod", { source: "imds", clientId: null }, pod],
  ["a machine, insisted on", { clientId: null }, { AZURE_CLIENT_ID: "a" }],
])("the system-assigned identity of %s has no subject, so its tokens go to no store", (_, options, env) => {
  expect(subject(options, env)).toBeUndefined();
});

it("pods of two tenants with one client id never have the same subject", () => {
  const podSubject = (env: Env, options: object = {}) =>
    workloadIdentity.subject(options as never, createTestContext({ env }));
  const subjects = [
    podSubject(pod),
    podSubject({ ...pod, AZURE_TENANT_ID: "u" }),
    podSubject(pod, { tenantId: "own" }),
    podSubject(pod, { clientId: "b" }),
  ];
  expect(new Set(subjects).size).toBe(subjects.length);
});
