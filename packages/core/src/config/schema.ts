import { outcomeCodes } from "../errors/outcomes.ts";
import type { Field, Fields } from "../options/schema.ts";
import { cloudNames } from "./clouds.ts";

/** A text, or a reference to one. */
const text = {
  type: "union",
  of: [
    { type: "string" },
    { type: "object", fields: { env: { type: "string", required: true, description: "Name of a variable." } } },
    { type: "object", fields: { file: { type: "string", required: true, description: "Path of a file." } } },
  ],
} as const satisfies Field;

const entries = {
  type: "array",
  items: {
    type: "union",
    of: [
      { type: "string" },
      {
        type: "object",
        fields: { source: { type: "string", required: true }, options: { type: "record", values: { type: "any" } } },
      },
      {
        type: "object",
        fields: {
          credential: { type: "instance", method: "getToken", required: true },
          subject: { type: "string", required: true },
        },
      },
      { type: "instance", method: "getToken" }, // a credential of another library
    ],
  },
} as const satisfies Field;

const source: Field = {
  type: "object",
  open: true, // the source's own options; checked by its schema when the source is known
  fields: {
    priority: {
      type: "number",
      description:
        "Position in the default chain among the sources of its kind, lower first. Default: the source's own.",
    },
    enabled: {
      type: "boolean",
      description: "Whether it is in the default chain. Default: whether it has a priority.",
    },
    deadlineMs: {
      type: "number",
      minimum: 1,
      maximum: 2_147_483_647, // the longest timer of Node
      description: "Deadline of one acquisition, milliseconds. Default: the source's own.",
    },
    cache: {
      type: "boolean",
      description: "false: every call requests a new token; none is kept in memory or stored. Default true.",
    },
  },
};

/** Outcomes whose decision a config may change; a cancelled request always ends the chain. */
const outcomes = outcomeCodes.filter((outcome) => outcome !== "cancelled");
const decision: Field = { type: "string", enum: ["next", "stop"] };

const settings = {
  plugins: {
    type: "array",
    items: { type: "union", of: [{ type: "string" }, { type: "object", open: true, fields: {} }] },
    description: "npm names or relative paths of plugins. Default: the official plugins that are installed.",
  },
  chain: {
    ...entries,
    description: "Sources in the order in which they are tried. Default: the registered sources by kind and priority.",
  },
  chains: { type: "record", values: entries, description: "Other chains, by name." },
  sources: { type: "record", values: source, description: "Settings of single sources, in every chain." },
  mode: {
    type: "string",
    enum: ["auto", "development", "production"],
    description: "production: developer and interactive sources are not loaded. Default auto.",
  },
  tenantId: {
    ...text,
    nullable: true,
    description:
      "Directory (tenant) id or domain, for sources that have none of their own. null: none, and AZURE_TENANT_ID is not used instead.",
  },
  cloud: {
    type: "union",
    of: [
      { type: "string", enum: cloudNames },
      { type: "object", fields: { authorityHost: { type: "string", required: true }, tokenExchangeAudience: text } },
    ],
    description: "One by name, or { authorityHost, tokenExchangeAudience }. Default public.",
  },
  authorityHost: { ...text, description: "https:// host of the authority; takes precedence over cloud." },
  disableInstanceDiscovery: {
    type: "boolean",
    description: "Trust authorityHost without instance discovery at Entra. Default false.",
  },
  additionallyAllowedTenants: {
    type: "array",
    items: text,
    description: "Tenants besides the configured one that a request may name; * allows all.",
  },
  http: {
    type: "object",
    fields: {
      caFile: { ...text, description: "PEM file of certificate authorities to trust besides Node's own." },
    },
  },
  log: {
    type: "object",
    fields: {
      level: {
        type: "string",
        enum: ["error", "warn", "info", "debug"],
        description: "What is written to the log. Default AZURE_LOG_LEVEL, else `warn`.",
      },
      allowLoggingAccountIdentifiers: { type: "boolean", description: "Write account names. Default false." },
      enableUnsafeSupportLogging: {
        type: "boolean",
        description: "Write tokens and secrets too. Default false; refused in production.",
      },
    },
  },
  policy: {
    type: "record",
    values: { type: "object", fields: Object.fromEntries(outcomes.map((outcome) => [outcome, decision])) },
    description: "What a chain does after an outcome, by source name or kind.",
  },
  expect: {
    type: "object",
    fields: {
      tenantId: { ...text, description: "Id of its tenant." },
      objectId: { ...text, description: "Its object id." },
      clientId: { ...text, description: "Its application (client) id." },
    },
    description: "The principal that every token has to be issued to.",
  },
  cache: {
    type: "object",
    open: true, // the options of the store; checked by its schema
    fields: {
      store: {
        type: "union",
        of: [{ type: "string" }, { type: "boolean", enum: [false] }],
        description: "Name of the store that keeps tokens beyond the process; false: none. Default false.",
      },
      maxEntries: { type: "number", minimum: 0, description: "Limit of tokens in memory. Default 100 000." },
      maxBytes: { type: "number", minimum: 0, description: "Limit of bytes of tokens in memory. Default 67 108 864." },
    },
  },
  allowInlineSecrets: { type: "boolean", description: "Allow secrets in a config file. Default false." },
  $schema: { type: "string", description: "URL or path of a JSON Schema, for editors." },
} satisfies Fields;

/** The fields of a config; a type test keeps them equal to `IdentityConfig`. */
export const configFields = {
  ...settings,
  profile: { type: "string", description: "The profile to use. Default AZIDENTITY_PROFILE." },
  profiles: {
    type: "record",
    values: { type: "object", fields: settings },
    description: "Named sets of settings that take precedence over the others when chosen.",
  },
} satisfies Fields;
