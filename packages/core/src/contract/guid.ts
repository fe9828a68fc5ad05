const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is an id, as Entra gives them to tenants, applications and users; a domain, for one, is not, and cannot be compared with one. */
export function isGuid(text: unknown): text is string {
  return typeof text === "string" && form.test(text);
}
