import type { ServiceToken, SourceContext } from "../contract/context.ts";
import { type LookupSettings, type SourceLookup, services } from "../contract/services.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { principalOf, userOf } from "../token/principal.ts";
import { normalizeScopes } from "../token/request.ts";
import type { ClosableLink } from "./create-link.ts";

/** Stands for a link before there is one: which source uses the tokens of which. */
export interface LookupNode {
  readonly name: string;
  /** `undefined`: none. */
  uses: Set<LookupNode> | undefined;
}

export type FindLink = (
  name: string,
  options: unknown,
  settings?: LookupSettings,
) => { readonly link: ClosableLink; readonly node: LookupNode };

function reaches(from: LookupNode, to: LookupNode, seen = new Set<LookupNode>()): boolean {
  if (from === to) return true;
  seen.add(from);
  return [...(from.uses ?? [])].some((next) => !seen.has(next) && reaches(next, to, seen));
}

async function issue(link: ClosableLink, asked: TokenRequest): Promise<IssuedToken> {
  const request = { ...asked, scopes: normalizeScopes(asked.scopes), original: undefined };
  const user = asked.userAssertion === undefined ? undefined : userOf(asked.userAssertion);
  const token = await link.getToken(request, asked.signal, user);
  const { expiresOnTimestamp, refreshAfterTimestamp, tokenType } = token;
  return { token: token.token, expiresOnTimestamp, refreshAfterTimestamp, tokenType, principal: principalOf(token) };
}

/**
 * Lets the source behind `user` use the tokens of others. Sources that would wait for each other
 * forever are refused.
 */
function createLookup(user: LookupNode, find: FindLink): SourceLookup {
  return {
    credential(name, options, settings) {
      const { link, node } = find(name, options, settings);
      if (reaches(node, user)) {
        throw new ConfigurationError(
          "source-cycle",
          `${user.name} would need its own token: ${name} leads back to it.`,
          {
            remedy: "Let it use a source that needs none of its tokens.",
          },
        );
      }
      user.uses ??= new Set();
      user.uses.add(node);
      return { getToken: (request) => issue(link, request) };
    },
  };
}

/** The context of one source: like the others', but its lookup knows which source uses it. */
export function withLookup(context: SourceContext, user: LookupNode, find: FindLink): SourceContext {
  return Object.freeze({
    ...context,
    service: <T>(token: ServiceToken<T>) =>
      (token as symbol) === services.sourceLookup
        ? Promise.resolve(createLookup(user, find) as T)
        : context.service(token),
  });
}
