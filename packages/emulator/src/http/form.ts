import type { ServerRequest } from "./message.ts";

/** The fields of an `application/x-www-form-urlencoded` body; `undefined` for any other content type. */
export function parseForm(request: ServerRequest): URLSearchParams | undefined {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/x-www-form-urlencoded") return undefined;
  return new URLSearchParams(request.body);
}

/** The first field that is there more than once. */
export function findDuplicate(form: URLSearchParams): string | undefined {
  return [...form.keys()].find((name) => form.getAll(name).length > 1);
}
