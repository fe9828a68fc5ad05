import { type Clock, epochSeconds } from "../clock.ts";
import type { Service } from "../http/exchange.ts";
import type { Reply, ServerRequest } from "../http/message.ts";
import type { HostName } from "../service-names.ts";
import { formatExpiry } from "./expiry.ts";
import type { HostProtocol } from "./host.ts";
import { HostRefusal } from "./host-refusal.ts";

/** The service of a host. Some clients add a slash to the path. */
export function createHostService(name: HostName, host: HostProtocol, clock: Clock): Service {
  const handle = async (request: ServerRequest): Promise<Reply> => {
    try {
      return { status: 200, body: await host.answer(request) };
    } catch (error) {
      if (error instanceof HostRefusal) return host.refuse(error);
      throw error;
    }
  };
  return {
    name,
    routes: [
      ...[host.path, `${host.path}/`].map((path) => ({ method: host.method, path, handle })),
      ...(host.health === undefined ? [] : [{ method: "GET", path: host.health, handle: () => ({ status: 200 }) }]),
    ],
    failure: host.failure,
    capabilities: {
      ...(host.challenge && { challenge: host.challenge }),
      expiry: (format, body) => formatExpiry(format, body, epochSeconds(clock)),
    },
  };
}
