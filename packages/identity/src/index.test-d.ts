/**
 * The types of this package against those of the locked `@azure/identity`: what compiles with one
 * compiles with the other. Classes are compared by their constructors and public members, because
 * those of the peer have private fields, which no other class can have.
 */
import type * as peer from "@azure/identity";
import type * as ours from "./index.ts";

type Assignable<From, To> = [From] extends [To] ? true : false;
/** Fails to compile unless each is assignable to the other. */
type Same<A, B> = [Assignable<A, B>, Assignable<B, A>] extends [true, true]
  ? true
  : { readonly ours: A; readonly theirs: B };
type Expect<T extends true> = T;

// biome-ignore lint/suspicious/noExplicitAny: any constructor
type Class = abstract new (...args: any) => any;
type Public<C extends Class> = { readonly [K in keyof InstanceType<C>]: InstanceType<C>[K] };

type Names = keyof typeof peer;
/** All names that the peer exports at run time are there. */
export type Exports = Expect<Assignable<Names, keyof typeof ours>>;

type ClassNames = { [N in Names & keyof typeof ours]: (typeof peer)[N] extends Class ? N : never }[Names &
  keyof typeof ours];
/** Constructors take the same arguments, both ways. Of overloads the last one is compared. */
type Constructors = {
  [N in ClassNames]: Same<
    (typeof ours)[N] extends Class ? ConstructorParameters<(typeof ours)[N]> : never,
    (typeof peer)[N] extends Class ? ConstructorParameters<(typeof peer)[N]> : never
  >;
};
export type SameConstructors = Expect<Assignable<Constructors, Record<ClassNames, true>>>;
/** Instances can be used in each other's places, as far as they are public. */
type Instances = {
  [N in ClassNames]: (typeof ours)[N] extends Class
    ? (typeof peer)[N] extends Class
      ? Assignable<Public<(typeof ours)[N]>, Public<(typeof peer)[N]>>
      : never
    : never;
};
export type AssignableInstances = Expect<Assignable<Instances, Record<ClassNames, true>>>;

type FunctionNames = Exclude<Names & keyof typeof ours, ClassNames | "AzureAuthorityHosts">;
type Functions = { [N in FunctionNames]: Assignable<(typeof ours)[N], (typeof peer)[N]> };
export type AssignableFunctions = Expect<Assignable<Functions, Record<FunctionNames, true>>>;

/** Members of the enum are types. */
export type AuthorityHostTypes = [
  Expect<Same<ours.AzureAuthorityHosts.AzureChina, `${peer.AzureAuthorityHosts.AzureChina}`>>,
  Expect<Same<ours.AzureAuthorityHosts.AzureGermany, `${peer.AzureAuthorityHosts.AzureGermany}`>>,
  Expect<Same<ours.AzureAuthorityHosts.AzureGovernment, `${peer.AzureAuthorityHosts.AzureGovernment}`>>,
  Expect<Same<ours.AzureAuthorityHosts.AzurePublicCloud, `${peer.AzureAuthorityHosts.AzurePublicCloud}`>>,
];

/** Each type, ours beside theirs. */
export type SameTypes = [
  Expect<Same<ours.AccessToken, peer.AccessToken>>,
  Expect<Same<ours.TokenCredential, peer.TokenCredential>>,
  Expect<Same<ours.GetTokenOptions, peer.GetTokenOptions>>,
  Expect<Same<ours.GetBearerTokenProviderOptions, peer.GetBearerTokenProviderOptions>>,
  Expect<Same<ours.AuthenticationRecord, peer.AuthenticationRecord>>,
  Expect<Same<ours.AuthenticationRequiredErrorOptions, peer.AuthenticationRequiredErrorOptions>>,
  Expect<Same<ours.ErrorResponse, peer.ErrorResponse>>,
  Expect<Same<ours.TokenCredentialOptions, peer.TokenCredentialOptions>>,
  Expect<Same<ours.MultiTenantTokenCredentialOptions, peer.MultiTenantTokenCredentialOptions>>,
  Expect<Same<ours.AuthorityValidationOptions, peer.AuthorityValidationOptions>>,
  Expect<Same<ours.BrokerAuthOptions, peer.BrokerAuthOptions>>,
  Expect<Same<ours.BrokerOptions, peer.BrokerOptions>>,
  Expect<Same<ours.BrokerEnabledOptions, peer.BrokerEnabledOptions>>,
  Expect<Same<ours.BrokerDisabledOptions, peer.BrokerDisabledOptions>>,
  Expect<Same<ours.BrowserCustomizationOptions, peer.BrowserCustomizationOptions>>,
  Expect<Same<ours.BrowserLoginStyle, peer.BrowserLoginStyle>>,
  Expect<Same<ours.CredentialPersistenceOptions, peer.CredentialPersistenceOptions>>,
  Expect<Same<ours.TokenCachePersistenceOptions, peer.TokenCachePersistenceOptions>>,
  Expect<Same<ours.InteractiveCredentialOptions, peer.InteractiveCredentialOptions>>,
  Expect<Same<ours.ClientSecretCredentialOptions, peer.ClientSecretCredentialOptions>>,
  Expect<Same<ours.ClientAssertionCredentialOptions, peer.ClientAssertionCredentialOptions>>,
  Expect<Same<ours.ClientCertificateCredentialOptions, peer.ClientCertificateCredentialOptions>>,
  Expect<Same<ours.ClientCertificatePEMCertificate, peer.ClientCertificatePEMCertificate>>,
  Expect<Same<ours.ClientCertificatePEMCertificatePath, peer.ClientCertificatePEMCertificatePath>>,
  Expect<Same<ours.ClientCertificateCredentialPEMConfiguration, peer.ClientCertificateCredentialPEMConfiguration>>,
  Expect<Same<ours.EnvironmentCredentialOptions, peer.EnvironmentCredentialOptions>>,
  Expect<Same<ours.WorkloadIdentityCredentialOptions, peer.WorkloadIdentityCredentialOptions>>,
  Expect<Same<ours.ManagedIdentityCredentialClientIdOptions, peer.ManagedIdentityCredentialClientIdOptions>>,
  Expect<Same<ours.ManagedIdentityCredentialResourceIdOptions, peer.ManagedIdentityCredentialResourceIdOptions>>,
  Expect<Same<ours.ManagedIdentityCredentialObjectIdOptions, peer.ManagedIdentityCredentialObjectIdOptions>>,
  Expect<Same<ours.AzurePipelinesCredentialOptions, peer.AzurePipelinesCredentialOptions>>,
  Expect<Same<ours.OnBehalfOfCredentialOptions, peer.OnBehalfOfCredentialOptions>>,
  Expect<Same<ours.OnBehalfOfCredentialSecretOptions, peer.OnBehalfOfCredentialSecretOptions>>,
  Expect<Same<ours.OnBehalfOfCredentialCertificateOptions, peer.OnBehalfOfCredentialCertificateOptions>>,
  Expect<Same<ours.OnBehalfOfCredentialAssertionOptions, peer.OnBehalfOfCredentialAssertionOptions>>,
  Expect<Same<ours.AuthorizationCodeCredentialOptions, peer.AuthorizationCodeCredentialOptions>>,
  Expect<Same<ours.DeviceCodeCredentialOptions, peer.DeviceCodeCredentialOptions>>,
  Expect<Same<ours.DeviceCodeInfo, peer.DeviceCodeInfo>>,
  Expect<Same<ours.DeviceCodePromptCallback, peer.DeviceCodePromptCallback>>,
  Expect<Same<ours.InteractiveBrowserCredentialNodeOptions, peer.InteractiveBrowserCredentialNodeOptions>>,
  Expect<Same<ours.InteractiveBrowserCredentialInBrowserOptions, peer.InteractiveBrowserCredentialInBrowserOptions>>,
  Expect<Same<ours.UsernamePasswordCredentialOptions, peer.UsernamePasswordCredentialOptions>>,
  Expect<Same<ours.AzureCliCredentialOptions, peer.AzureCliCredentialOptions>>,
  Expect<Same<ours.AzureDeveloperCliCredentialOptions, peer.AzureDeveloperCliCredentialOptions>>,
  Expect<Same<ours.AzurePowerShellCredentialOptions, peer.AzurePowerShellCredentialOptions>>,
  Expect<Same<ours.VisualStudioCodeCredentialOptions, peer.VisualStudioCodeCredentialOptions>>,
  Expect<Same<ours.DefaultAzureCredentialOptions, peer.DefaultAzureCredentialOptions>>,
  Expect<Same<ours.DefaultAzureCredentialClientIdOptions, peer.DefaultAzureCredentialClientIdOptions>>,
  Expect<Same<ours.DefaultAzureCredentialResourceIdOptions, peer.DefaultAzureCredentialResourceIdOptions>>,
  Expect<Same<ours.DefaultAzureCredentialEnvVars, peer.DefaultAzureCredentialEnvVars>>,
  Expect<Same<ours.IdentityPlugin, peer.IdentityPlugin>>,
];
