import type * as azure from "@azure/core-auth";
import { expectTypeOf } from "vitest";
import type { AbortSignalLike, AccessToken, GetTokenOptions, TokenCredential } from "./contract/token.ts";
import { createIdentity } from "./identity.ts";
import type { Identity } from "./runtime/identity.ts";
import type { SourceCredential } from "./runtime/source-credential.ts";

/** What an Azure SDK client takes, and what it does with it. */
declare function client(credential: azure.TokenCredential): void;
const identity = createIdentity();

// whatever an identity makes goes where an Azure SDK client wants a credential
client(identity);
client(identity.credential("azure-cli"));
client(identity.credential("on-behalf-of").forUser("assertion"));
client(identity.chain(["azure-cli"]));
expectTypeOf<Identity>().toExtend<azure.TokenCredential>();
expectTypeOf<SourceCredential>().toExtend<azure.TokenCredential>();
expectTypeOf<TokenCredential>().toExtend<azure.TokenCredential>();

// tokens of ours are tokens of theirs; theirs may lack a type, which ours always have
expectTypeOf<AccessToken>().toExtend<azure.AccessToken>();
expectTypeOf<azure.AccessToken & { tokenType: "Bearer" | "pop" }>().toExtend<AccessToken>();
expectTypeOf<azure.AccessToken>().not.toExtend<AccessToken>();

// what their clients send is what we take, and ours can be handed on to theirs
expectTypeOf<azure.GetTokenOptions>().toExtend<GetTokenOptions>();
expectTypeOf<Required<azure.GetTokenOptions>>().toExtend<Omit<Required<GetTokenOptions>, "correlationId">>();
expectTypeOf<keyof GetTokenOptions>().toEqualTypeOf<keyof azure.GetTokenOptions | "correlationId">();
expectTypeOf<AbortSignal>().toExtend<AbortSignalLike>();

// a credential of theirs may stand in a chain
declare const theirs: azure.TokenCredential;
identity.chain([theirs, "azure-cli", { source: "client-secret", options: { tenantId: "t" } }]);
createIdentity({ chain: [theirs] });
// @ts-expect-error: this is no credential
identity.chain([{ getTokens: () => null }]);

// a caller always gets a token or an error, never null
expectTypeOf(identity.getToken("scope")).resolves.toEqualTypeOf<AccessToken>();
