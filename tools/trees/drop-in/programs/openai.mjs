// Two clients of Azure OpenAI, each with its own provider of tokens.
import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";
import { AzureOpenAI } from "openai";

const scope = "https://cognitiveservices.azure.com/.default";
for (let count = 0; count < 2; count++) {
  const azureADTokenProvider = getBearerTokenProvider(new DefaultAzureCredential(), scope);
  const settings = { endpoint: process.env.SERVICE, deployment: "greeter", apiVersion: "2024-10-21" };
  const client = new AzureOpenAI({ azureADTokenProvider, ...settings });
  const { choices } = await client.chat.completions.create({
    model: "greeter",
    messages: [{ role: "user", content: "Greet" }],
  });
  console.log(choices[0].message.content);
}
