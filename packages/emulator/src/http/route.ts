import type { Reply, ServerRequest } from "./message.ts";

export interface Route {
  readonly method: string;
  /** Segments separated by `/`; `:name` matches one segment. */
  readonly path: string;
  readonly handle: (request: ServerRequest, parameters: PathParameters) => Reply | Promise<Reply>;
}

export type PathParameters = Readonly<Record<string, string>>;

export interface Match {
  readonly route: Route;
  readonly parameters: PathParameters;
}

/** The routes with this path, for all methods. */
export function matchPath(routes: readonly Route[], path: string): Match[] {
  return routes.flatMap((route) => {
    const parameters = readParameters(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
}

/** Whether `path` ends with `end`, apart from a trailing slash. */
export function endsWithPath(path: string, end: string): boolean {
  return path.endsWith(end) || path.replace(/\/$/, "").endsWith(end);
}

function readParameters(pattern: string, path: string): PathParameters | undefined {
  const expected = pattern.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return undefined;

  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? "";
    if (segment.startsWith(":")) parameters[segment.slice(1)] = decodeSegment(value);
    else if (segment !== value) return undefined;
  }
  return parameters;
}

/** Returns a segment with invalid percent-encoding unchanged. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
