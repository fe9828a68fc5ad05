import { maxTimerMs } from "../async/time-limit.ts";
import { outcomeCodes } from "../errors/outcomes.ts";
import type { Field, Fields } from "../options/fields.ts";
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
    priority: { type: "number" },
    enabled: { type: "boolean" },
    deadlineMs: { type: "number", minimum: 1, maximum: maxTimerMs },
    cache: { type: "boolean" },
  },
};

/** A number of retries, or of milliseconds. */
const amount = { type: "number", minimum: 0, maximum: maxTimerMs } as const satisfies Field;

/** Outcomes whose decision a config may change; a cancelled request always ends the chain. */
const outcomes = outcomeCodes.filter((outcome) => outcome !== "cancelled");
const decision: Field = { type: "string", enum: ["next", "stop"] };

/** The fields of a config without profiles: those of a profile, and those of `defaults`. */
export const settings = {
  plugins: {
    type: "array",
    items: { type: "union", of: [{ type: "string" }, { type: "object", open: true, fields: {} }] },
  },
  chain: entries,
  chains: { type: "record", values: entries },
  sources: { type: "record", values: source },
  mode: { type: "string", enum: ["auto", "development", "production"] },
  tenantId: {
    ...text,
    nullable: true,
  },
  cloud: {
    type: "union",
    of: [
      { type: "string", enum: cloudNames },
      { type: "object", fields: { authorityHost: { type: "string", required: true }, tokenExchangeAudience: text } },
    ],
  },
  authorityHost: text,
  disableInstanceDiscovery: { type: "boolean" },
  additionallyAllowedTenants: { type: "array", items: text },
  http: {
    type: "object",
    fields: {
      caFile: text,
      proxy: { ...text, of: [...text.of, { type: "boolean", enum: [false] }] },
      userAgent: text,
      retry: {
        type: "object",
        fields: { maxRetries: { ...amount, integer: true }, delayMs: amount, maxDelayMs: amount },
      },
    },
  },
  log: {
    type: "object",
    fields: {
      level: { type: "string", enum: ["error", "warn", "info", "debug"] },
      allowLoggingAccountIdentifiers: { type: "boolean" },
      enableUnsafeSupportLogging: { type: "boolean" },
    },
  },
  policy: {
    type: "record",
    values: { type: "object", fields: Object.fromEntries(outcomes.map((outcome) => [outcome, decision])) },
  },
  expect: {
    type: "object",
    fields: {
      tenantId: text,
      objectId: text,
      clientId: text,
    },
  },
  cache: {
    type: "object",
    open: true, // the options of the store; checked by its schema
    fields: {
      store: {
        type: "union",
        of: [{ type: "string" }, { type: "boolean", enum: [false] }],
      },
      maxEntries: { type: "number", minimum: 0 },
      maxBytes: { type: "number", minimum: 0 },
    },
  },
  allowInlineSecrets: { type: "boolean" },
  $schema: { type: "string" },
} satisfies Fields;

/** The fields of a config; a type test keeps them equal to `IdentityConfig`. */
export const configFields = {
  ...settings,
  profile: { type: "string" },
  profiles: {
    type: "record",
    values: { type: "object", fields: settings },
  },
} satisfies Fields;

const { plugins: _, chains: __, mode: ___, allowInlineSecrets: ____, $schema: _____, ...shared } = settings;

/** The fields of `SharedSettings`. */
export const sharedFields = shared satisfies Fields;
