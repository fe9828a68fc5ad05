import type { Client } from "@modelcontextprotocol/client";
import type OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

/** How often the model may ask for tools before it answers. */
const maxSteps = 10;

/** Answers a question with a model that uses the tools of an MCP server. */
export async function answer(question: string, model: OpenAI, tools: Client): Promise<string> {
  const offered = (await tools.listTools()).tools.map(({ name, description, inputSchema }) => {
    return { type: "function", function: { name, description, parameters: inputSchema } } as const;
  });
  const messages: ChatCompletionMessageParam[] = [{ role: "user", content: question }];
  for (let step = 0; step < maxSteps; step++) {
    const { choices } = await model.chat.completions.create({ model: "gpt-5", messages, tools: offered });
    const message = choices[0]?.message;
    if (message === undefined) break;
    if (message.tool_calls === undefined) return message.content ?? "";
    messages.push(message);
    for (const call of message.tool_calls) {
      if (call.type !== "function") continue;
      const { name, arguments: values } = call.function;
      const { content } = await tools.callTool({ name, arguments: JSON.parse(values) });
      messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(content) });
    }
  }
  throw new Error("The model has not answered.");
}
