import type { Reply, ServerRequest } from "./message.ts";

export interface Route {
  readonly method: string;
  /** Segments divided by `/`; `:name` stands for one segment of any value. */
  readonly path: string;
  readonly handle: (request: ServerRequest, parameters: PathParameters) => Reply | Promise<Reply>;
}

export type PathParameters = Readonly<Record<string, string>>;

export interface Match {
  readonly route: Route;
  readonly parameters: PathParameters;
}

/** Every route that has this path, whatever its method. */
export function matchPath(routes: readonly Route[], path: string): Match[] {
  return routes.flatMap((route) => {
    const parameters = readParameters(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
}

/** Whether a path ends so; a slash at its own end does not matter. */
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

/** A segment that is not valid percent-encoding stands for itself. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
