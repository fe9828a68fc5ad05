import { type IssuerFacts, type IssuerParts, issueOidcToken, type OidcTokenOptions } from "./issuer.ts";

/** The issuer of service account tokens of an AKS cluster. */
export interface Kubernetes {
  /** `iss` of the tokens. */
  readonly issuer: string;
  /** `sub` of the tokens: the service account. */
  readonly subject: string;
  /** Issues a token of the service account. Never rejects. */
  issueToken(options?: OidcTokenOptions): Promise<string>;
}

export const issuer =
  "https://westeurope.oic.prod-aks.azure.com/7d0a4c52-0c3e-4e6e-9c61-5a1e8b7f3d10/1c9d2e64-38b5-4f0f-8f27-a4b6d9e0c713/";
export const subject = "system:serviceaccount:orders:orders-api";

const facts: IssuerFacts = {
  issuer,
  subject,
  lifetimeSeconds: 3600,
  claims: {
    "kubernetes.io": {
      namespace: "orders",
      node: { name: "aks-nodepool1-0", uid: "0f1d6c1e-5b0e-4a0c-bd84-2d1f3a4b5c60" },
      pod: { name: "orders-api-0", uid: "5c8d7e2a-9f10-4b3c-8a6d-7e5f4a3b2c10" },
      serviceaccount: { name: "orders-api", uid: "3b2a1c0d-4e5f-4a6b-9c7d-8e9f0a1b2c30" },
    },
  },
};

export function createKubernetes(parts: IssuerParts): Kubernetes {
  return { issuer, subject, issueToken: (options) => issueOidcToken(parts, facts, options) };
}
