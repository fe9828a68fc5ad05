import * as azurePipelines from "../oidc/azure-pipelines.ts";
import * as githubActions from "../oidc/github-actions.ts";
import * as kubernetes from "../oidc/kubernetes.ts";
import type { FederatedCredential } from "./client-credential.ts";

/** What trusts the emulator's own issuers, each under the subject of its usual tokens. */
export const ownIssuersCredentials: readonly FederatedCredential[] = [githubActions, azurePipelines, kubernetes].map(
  ({ issuer, subject }) => ({ issuer, subject }),
);
