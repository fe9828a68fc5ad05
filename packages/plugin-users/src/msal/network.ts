import type { HttpRequest, HttpResponse } from "@azidentity/core/plugin";
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

/**
 * Sends MSAL's requests over the transport of core. MSAL gets only responses that `inspect`
 * accepts: it would copy bodies and headers of others into messages and into its throttling cache.
 *
 * @param inspect throws for responses that MSAL must not get, such as any that is not JSON
 */
export function createNetwork(
  send: (request: HttpRequest) => Promise<HttpResponse>,
  inspect: (response: HttpResponse, request: HttpRequest) => void,
): Network {
  let failure: unknown;
  const exchange = async <T>(method: HttpRequest["method"], url: string, options: NetworkRequestOptions = {}) => {
    try {
      const request = { method, url, headers: options.headers, body: options.body };
      const response = await send(request);
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
      sendGetRequestAsync: (url, options) => exchange("GET", url, options),
      sendPostRequestAsync: (url, options) => exchange("POST", url, options),
    },
    get failure() {
      return failure;
    },
  };
}
