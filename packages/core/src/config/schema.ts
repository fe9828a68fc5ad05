import type { Field, Fields } from "../contract/schema.ts";
import { cloudNames } from "./clouds.ts";

const entries: Field = {
  type: "array",
  items: {
    type: "union",
    of: [
      { type: "string" },
      {
        type: "object",
        open: true, // any object with `getToken`, e.g. a credential of another library, may stand here too
        fields: { source: { type: "string" }, options: { type: "record", values: { type: "any" } } },
      },
    ],
  },
};

const source: Field = {
  type: "object",
  open: true, // the source's own options; checked by its schema when the source is known
  fields: {
    priority: { type: "number", description: "Place in the default chain among its kind, lower first." },
    enabled: { type: "boolean", description: "Whether it is in the default chain." },
    deadlineMs: { type: "number", description: "Milliseconds for one acquisition." },
  },
};

/** What a config may hold; keep in step with `IdentityConfig`, as a type test does. */
export const configFields = {
  plugins: {
    type: "array",
    items: { type: "union", of: [{ type: "string" }, { type: "object", open: true, fields: {} }] },
    description: "npm names or relative paths of plugins. Default: the official plugins that are installed.",
  },
  chain: { ...entries, description: "Who is asked, in order. Default: the registered sources by kind and priority." },
  chains: { type: "record", values: entries, description: "Other chains, by name." },
  sources: { type: "record", values: source, description: "Settings of single sources, wherever they stand." },
  mode: { type: "string", enum: ["auto", "development", "production"], description: "Default auto." },
  tenantId: {
    type: "string",
    description: "Directory (tenant) id or domain, for sources that have none of their own.",
  },
  cloud: { type: "string", enum: cloudNames, description: "Default public." },
  authorityHost: { type: "string", description: "https:// host of the authority; wins over cloud." },
  disableInstanceDiscovery: {
    type: "boolean",
    description: "Trust authorityHost without asking Entra. Default false.",
  },
  additionallyAllowedTenants: {
    type: "array",
    items: { type: "string" },
    description: "Tenants besides the configured one that a request may ask for; * allows all.",
  },
  http: {
    type: "object",
    fields: {
      caFile: { type: "string", description: "PEM file of certificate authorities to trust besides Node's own." },
    },
  },
  log: {
    type: "object",
    fields: {
      level: { type: "string", enum: ["error", "warn", "info", "debug"], description: "Default AZURE_LOG_LEVEL." },
    },
  },
  allowInlineSecrets: { type: "boolean", description: "Allow secrets to stand in a config file. Default false." },
} satisfies Fields;
