/** The options of all tools. */
export const sharedOptions = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Tenant of the token, by id or domain. Default: the config's `tenantId`, else the tool's own; null ignores the config's.",
  },
  processTimeoutInMs: {
    type: "number",
    minimum: 1,
    maximum: 2_147_483_647, // the maximum of a timer
    description: "Milliseconds for one run of the tool. Default 30 000.",
  },
} as const;
