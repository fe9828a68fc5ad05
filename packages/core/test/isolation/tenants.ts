import type { Http } from "../../src/plugin.ts";
import type { Gate } from "./gate.ts";

/** The ids of the tenants of this test, by their domains. */
const ids: Readonly<Record<string, string>> = {
  "t1.example": "11111111-1111-4111-8111-111111111111",
  "t2.example": "22222222-2222-4222-8222-222222222222",
  "t3.example": "33333333-3333-4333-8333-333333333333",
};
const [t1, t2] = Object.values(ids) as [string, string, string];

/** Names of tenants as callers and options write them, the usual ones more often. */
export const tenantNames = ["t1.example", "t2.example", "t1.example", "t2.example", t1, t2, "t3.example"] as const;

/** What a token says of a tenant: its id. */
export const idOf = (tenant: string): string => ids[tenant] ?? tenant;

/** One name for each tenant: its domain. */
export function canonical(name: string): string {
  return Object.entries(ids).find(([, id]) => id === name)?.[0] ?? name;
}

/** Entra's OpenID documents of these tenants; they can be held up like the answers of sources. */
export function createOpenIdDocuments(gate: Gate): Http {
  return {
    async send({ url }) {
      await gate.pass("answer");
      const [, domain = ""] = new URL(url).pathname.split("/");
      const issuer = `https://login.microsoftonline.com/${idOf(domain)}/v2.0`;
      return { status: 200, headers: {}, body: JSON.stringify({ issuer }) };
    },
  };
}
