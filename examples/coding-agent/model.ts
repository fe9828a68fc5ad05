import type { TokenProvider } from "@azidentity/core";
import OpenAI from "openai";

/**
 * The model, without a key: the client asks for a token before each request, which comes from
 * memory while it is valid.
 */
export function connectModel(endpoint: string, provider: TokenProvider): OpenAI {
  return new OpenAI({ baseURL: `${endpoint}/openai/v1/`, apiKey: () => provider() });
}
