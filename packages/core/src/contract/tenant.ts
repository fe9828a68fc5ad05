/** A directory id, or one of its domains. */
const form = /^[0-9a-z](?:[0-9a-z.-]{0,253}[0-9a-z])?$/i;

/** Whether a text can name a tenant. It becomes part of URLs and command lines, so nothing else passes. */
export function isTenant(text: unknown): text is string {
  return typeof text === "string" && form.test(text);
}
