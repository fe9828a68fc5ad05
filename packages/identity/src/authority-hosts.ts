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

/** Each member is a type, too, as those of an enum are. */
export declare namespace AzureAuthorityHosts {
  /** Azure in China. */
  type AzureChina = (typeof AzureAuthorityHosts)["AzureChina"];
  /**
   * Azure in Germany.
   *
   * @deprecated Closed in October 2021.
   */
  type AzureGermany = (typeof AzureAuthorityHosts)["AzureGermany"];
  /** Azure of the government of the United States. */
  type AzureGovernment = (typeof AzureAuthorityHosts)["AzureGovernment"];
  /** The public cloud. */
  type AzurePublicCloud = (typeof AzureAuthorityHosts)["AzurePublicCloud"];
}
