import type { AccessToken, Principal } from "@azidentity/core";
import { principalOf } from "@azidentity/core";
import { timeLeft } from "../terminal/duration.ts";
import { plainLine } from "../terminal/plain-text.ts";
import type { Style } from "../terminal/style.ts";
import { padded, wrapped } from "../terminal/width.ts";
import { nameOfPrincipal } from "../walks/principal-text.ts";

/** Whose a token is, without the token. */
export interface TokenDescription extends Principal {
  /** Name of the source that returned it. */
  readonly source: string | undefined;
  readonly scopes: readonly string[];
  /** When it expires, as ISO 8601. */
  readonly expiresOn: string;
}

/** Describes a token by what core knows of it. */
export function describeToken(
  token: AccessToken,
  { source, scopes }: Pick<TokenDescription, "source" | "scopes">,
): TokenDescription {
  const expiresOn = new Date(token.expiresOnTimestamp).toISOString();
  return { source, ...principalOf(token), scopes, expiresOn };
}

/** The lines that a person reads. */
export function describedLines(described: TokenDescription, { width, style, now }: Look): readonly string[] {
  const { source, scopes, tenantId, objectId, clientId, expiresOn } = described;
  const left = `${expiresOn.slice(0, 16).replace("T", " ")} UTC (${timeLeft(Date.parse(expiresOn), now)})`;
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ["source", source],
    ["tenant", tenantId],
    ["object id", objectId],
    ["client id", clientId],
    ["scope", scopes.join(" ")],
    ["expires", left],
  ];
  const lines = rows.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const [first = "", ...more] = wrapped(plainLine(value), width - 13);
    return [`  ${style.dim(padded(name, 11))}${first}`, ...more.map((line) => " ".repeat(13) + line)];
  });
  return [style.bold(plainLine(nameOfPrincipal(described))), ...lines];
}

/** How a description is drawn. */
interface Look {
  readonly width: number;
  readonly style: Style;
  /** Milliseconds since 1970. */
  readonly now: number;
}
