/** Authority hosts of the clouds that Microsoft runs. */
export const AzureAuthorityHosts = {
  /** Azure in China. */
  AzureChina: "https://login.chinacloudapi.cn",
  /**
   * Azure in Germany.
   *
   * @deprecated Closed in October 2021.
   */
  AzureGermany: "https://login.microsoftonline.de",
  /** Azure of the government of the United States. */
  AzureGovernment: "https://login.microsoftonline.us",
  /** The public cloud, which is the default. */
  AzurePublicCloud: "https://login.microsoftonline.com",
} as const;

/** One of the {@link AzureAuthorityHosts}. */
export type AzureAuthorityHosts = (typeof AzureAuthorityHosts)[keyof typeof AzureAuthorityHosts];
