import type { Http, HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import type { INetworkModule, NetworkRequestOptions } from "@azure/msal-node";

/** MSAL's network for one acquisition. */
export interface Network {
  readonly module: INetworkModule;
  /** What ended the exchange. MSAL reports every error of its network as "network_error", so it is kept here as it was. */
  readonly failure: unknown;
}

export interface NetworkSettings {
  readonly http: Http;
  /** Ends every request. */
  readonly signal: AbortSignal;
  /** Sees every answer before MSAL, and throws at those that MSAL is not to see, such as all that are not JSON. */
  readonly inspect: (response: HttpResponse, request: HttpRequest) => void;
}

/**
 * Sends what MSAL asks to be sent over the core's transport. MSAL only ever gets to see answers that `inspect` let pass: it copies
 * others, bodies and headers included, into messages and into a throttling cache.
 */
export function createNetwork({ http, signal, inspect }: NetworkSettings): Network {
  let failure: unknown;
  const send = async <T>(method: HttpRequest["method"], url: string, options: NetworkRequestOptions = {}) => {
    try {
      const request = { method, url, headers: options.headers, body: options.body };
      const response = await http.send(request, signal);
      inspect(response, request);
      // of headers MSAL reads what is about throttling and telemetry, which are not its business here
      return { status: response.status, headers: {}, body: JSON.parse(response.body) as T };
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  return {
    module: {
      sendGetRequestAsync: (url, options) => send("GET", url, options),
      sendPostRequestAsync: (url, options) => send("POST", url, options),
    },
    get failure() {
      return failure;
    },
  };
}
