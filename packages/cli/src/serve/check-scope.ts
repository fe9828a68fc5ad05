import { quote } from "@azidentity/core/plugin";
import { usageError } from "../errors/command-error.ts";
import { anyScope } from "./scope-list.ts";

/**
 * A scope for `--allow`: written out, such as `https://storage.azure.com/.default`, or `*` alone.
 *
 * @throws {CommandError} `usage`, with the scope that was meant
 */
export function checkAllowedScope(text: string): string {
  if (text === anyScope) return text;
  if (text.includes("*")) {
    throw usageError(
      `${quote(text, 100)} is a pattern; scopes are allowed one by one.`,
      'Name each, or all with --allow "*".',
    );
  }
  if (!/^[\x21-\x7e]{3,512}$/.test(text)) {
    throw usageError(`${quote(text, 100)} is no scope.`, "A scope is, for example: https://storage.azure.com/.default");
  }
  const isResource = /^[a-z]+:\/\/[^/]+\/?$/i.test(text) || /^[\da-f]{8}-[\da-f-]{27}$/i.test(text);
  if (!isResource) return text;
  throw usageError(
    `${quote(text, 100)} is a resource, and no scope.`,
    `Write: --allow ${text.replace(/\/$/, "")}/.default`,
  );
}
