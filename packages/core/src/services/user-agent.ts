import { ConfigurationError } from "../errors/errors.ts";

const product = "azidentity";
const maxLength = 256;

/**
 * Products with or without a version, and comments in parentheses, apart by a blank.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5
 */
const products =
  /^[\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?(?: (?:[\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?|\([\w!#$%&'*+.^`|~ /:;,=@-]*\)))*$/;

/**
 * The value of the header `User-Agent`.
 *
 * @throws {ConfigurationError} `invalid-config`
 */
export function userAgentOf(prefix: string | undefined): string {
  if (prefix === undefined) return product;
  if (prefix.length <= maxLength && products.test(prefix)) return `${prefix} ${product}`;
  throw new ConfigurationError("invalid-config", "`http.userAgent` is not a list of products.", {
    path: "http.userAgent",
    remedy: `Write names with versions, apart by a blank, like orders/1.2 worker/3. At most ${maxLength} characters.`,
  });
}
