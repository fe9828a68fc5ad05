import { outcomeError } from "@azidentity/core/plugin";

const form = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Refuses a cache name that is no plain word: it becomes part of paths and keys, and part of what is authenticated. */
export function checkName(cache: string): void {
  if (form.test(cache)) return;
  throw outcomeError(
    "misconfigured",
    "The name of a token store has to be lower-case letters, digits, dots and dashes.",
    {
      code: "invalid-store-name",
      remedy: "Choose one like `my-tool`.",
    },
  );
}
