import type { Http, HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import type { INetworkModule, NetworkRequestOptions } from "@azure/msal-node";

/** MSAL's network module for one acquisition. */
export interface Network {
  readonly module: INetworkModule;
  /**
   * The error that ended the exchange. MSAL reports every error of its network module as
   * "network_error".
   */
  readonly failure: unknown;
}

export interface NetworkSettings {
  readonly http: Http;
  /** Aborts every request. */
  readonly signal: AbortSignal;
  /**
   * Receives every response before MSAL, and throws for those that MSAL must not get, such as any
   * that is not JSON.
   */
  readonly inspect: (response: HttpResponse, request: HttpRequest) => void;
}

/**
 * Sends MSAL's requests over the transport of core. MSAL gets only responses that `inspect`
 * accepts: it would copy bodies and headers of others into messages and into its throttling cache.
 */
export function createNetwork({ http, signal, inspect }: NetworkSettings): Network {
  let failure: unknown;
  const send = async <T>(method: HttpRequest["method"], url: string, options: NetworkRequestOptions = {}) => {
    try {
      const request = { method, url, headers: options.headers, body: options.body };
      const response = await http.send(request, signal);
      inspect(response, request);
      // MSAL reads headers only for throttling and telemetry, which core does
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
