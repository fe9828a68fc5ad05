import { at } from "./fixture.ts";
import type { Asked } from "./model.ts";
import { brief, type Handle } from "./processes.ts";
import type { Bench } from "./sources.ts";
import type { Feature, Setup, Step } from "./steps.ts";

export type AskStep = Extract<Step, { readonly step: "ask" }>;

/**
 * Those who call: they ask, sign in, give up, and use their objects again as soon as a call has
 * returned.
 */
export interface Callers {
  ask(handle: Handle, step?: Partial<AskStep>): void;
  signIn(handle: Handle): void;
  /** One of those who can gives up. */
  abort(which: number): void;
  /** How many wait to be signed in. */
  readonly signingIn: number;
}

/** Options of a call as a caller writes them; empty for one that asks for nothing special. */
function optionsOf({ tenant, cae, claims, nonce }: Asked): Record<string, unknown> {
  const proofOfPossessionOptions = { nonce, resourceRequestMethod: "GET", resourceRequestUrl: "https://a.test/" };
  return {
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(cae ? { enableCae: true } : {}),
    ...(claims === undefined ? {} : { claims }),
    ...(nonce === undefined ? {} : { proofOfPossessionOptions }),
  };
}

/** Makes of the arguments of a call those of another one, as callers do that keep them. */
function useAgain(scopes: string | string[], options: Record<string, unknown>): void {
  if (Array.isArray(scopes)) scopes.push("scope-of-another-call");
  Object.assign(Object(options.proofOfPossessionOptions), { nonce: "nonce-of-another-call" });
  Object.assign(options, { tenantId: "t-of-another-call", enableCae: options.enableCae !== true, claims: undefined });
}

export function createCallers({ records }: Bench, { uses }: Setup, transcript: string[]): Callers {
  const controllers: AbortController[] = [];
  let signingIn = 0;
  const used = <T>(feature: Feature, value: T): T | undefined => (uses[feature] ? value : undefined);

  return {
    ask(handle, step = {}) {
      const { title, links, credential, running } = handle;
      const isExplain = used("explain", step.explain) === true;
      const user = credential.forUser === undefined || isExplain ? undefined : used("users", step.user);
      const asked: Asked = {
        scope: used("scopes", step.scope) ?? "s1",
        tenant: used("tenants", step.tenant),
        user,
        cae: used("cae", step.cae) === true,
        claims: used("claims", step.claims),
        nonce: used("nonces", step.nonce),
      };
      const options = optionsOf(asked);
      if (used("aborts", step.abortable)) {
        const controller = new AbortController();
        controllers.push(controller);
        options.abortSignal = controller.signal;
      }
      const given = Object.keys(options).length === 0 ? undefined : options;
      const scopes = step.inArray ? [asked.scope] : asked.scope;
      const named = `${title} ${brief(isExplain ? { ...asked, explain: true } : asked)}`;
      const { call } = records.call({ title: named, process: running.process, links, asked, isExplain }, async () => {
        if (isExplain) return credential.explain(scopes, options);
        return (user === undefined ? credential : credential.forUser?.(user))?.getToken(scopes, given);
      });
      useAgain(scopes, options);
      transcript.push(`  call ${call.id}: ${named}`);
    },
    signIn({ credential, links: [link] }) {
      if (credential.authenticate === undefined || link?.source !== "person") return;
      signingIn++;
      credential
        .authenticate("s1")
        .then(
          () => records.signedIn(link.key),
          () => undefined,
        )
        .finally(() => signingIn--);
    },
    abort(which) {
      if (controllers.length > 0) at(controllers, which).abort();
    },
    get signingIn() {
      return signingIn;
    },
  };
}
