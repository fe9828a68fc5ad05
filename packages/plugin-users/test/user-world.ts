import { createIdentity, definePlugin, type IdentityOptions } from "@azidentity/core";
import { defineTokenStore } from "@azidentity/core/store";
import { createFakeClock, createFakeHttp, type createMemoryStore, type FakeReply } from "@azidentity/core/testing";
import users from "../src/index.ts";
import { userAnswer } from "./user-answer.ts";

export const other = "https://storage.azure.com/.default";
export const ids = { clientId: "app" };
/** Options of `authorization-code` and of `username-password`. */
export const code = { ...ids, authorizationCode: "canary-code", redirectUri: "http://localhost" };
export const password = { ...ids, username: "ann@contoso.example", password: "canary-password" };

export const ann = userAnswer({ name: "ann" });
export const bob = userAnswer({ name: "bob" });

export interface World {
  readonly clock?: ReturnType<typeof createFakeClock>;
  readonly store?: ReturnType<typeof createMemoryStore>;
  readonly config?: IdentityOptions;
}

/** An identity whose token endpoint returns these responses in turn, the last one repeatedly. */
export function setUp(replies: readonly FakeReply[], { clock = createFakeClock(), store, config }: World = {}) {
  const http = createFakeHttp(...replies);
  const providers = store === undefined ? [] : [defineTokenStore({ name: "memory", create: () => store })];
  const stores = definePlugin({ name: "test-store", services: providers });
  const identity = createIdentity(
    { config: false, plugins: [users, stores], cache: { store: store !== undefined && "memory" }, ...config },
    { env: {}, http, clock, random: () => 0 },
  );
  const forms = () => http.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  const grants = () => forms().map((form) => form.grant_type);
  const tenants = () => http.requests.map(({ url }) => new URL(url).pathname.split("/")[1]);
  return { http, identity, clock, forms, grants, tenants };
}
