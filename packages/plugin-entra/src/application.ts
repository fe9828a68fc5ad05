/** An application that signs in as itself, and how it proves that. */
export interface Application {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  /** Home tenant: id or domain. */
  readonly tenantId: string;
  /** Application (client) id. */
  readonly clientId: string;
  readonly clientSecret: string;
}
