/** The package that takes the place of `@azure/identity`. */
export const dropIn = {
  /** The package that is replaced. */
  replaces: "@azure/identity",
  name: "@azidentity/identity",
  /** The first version; it satisfies the ranges that 4.14.1 satisfies. */
  version: "4.14.100",
  /** What a project writes in place of its range. */
  specifier: "npm:@azidentity/identity@^4.14.1",
  /**
   * Of the package and what it alone needs, installed with npm on Linux
   * (docs/mssql-without-azure.md).
   */
  installedMegabytes: 9.6,
} as const;
