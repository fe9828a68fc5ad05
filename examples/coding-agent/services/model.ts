import { json } from "node:stream/consumers";
import { listen, type Service } from "./listen.ts";
import type { Verify } from "./verify.ts";

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/**
 * Takes the place of a model: it asks for the tool first, and then answers with what the tool has
 * returned. The protocol is that of chat completions.
 */
export function startModel(verify: Verify): Promise<Service> {
  return listen(verify, async (request, response) => {
    const { messages } = (await json(request)) as ChatRequest;
    const result = messages.find(({ role }) => role === "tool");
    const call = { id: "call-1", type: "function", function: { name: "count_orders", arguments: '{"region":"eu"}' } };
    const message =
      result === undefined
        ? { role: "assistant", content: null, tool_calls: [call] }
        : { role: "assistant", content: `There are ${JSON.parse(result.content)[0].text} orders.` };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ id: "1", object: "chat.completion", model: "gpt-5", choices: [{ index: 0, message }] }),
    );
  });
}
