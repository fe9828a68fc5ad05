// Two chat models of Azure OpenAI, each with its own provider of tokens.
import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";
import { AzureChatOpenAI } from "@langchain/openai";

const scope = "https://cognitiveservices.azure.com/.default";
for (let count = 0; count < 2; count++) {
  const model = new AzureChatOpenAI({
    azureADTokenProvider: getBearerTokenProvider(new DefaultAzureCredential(), scope),
    azureOpenAIEndpoint: process.env.SERVICE,
    azureOpenAIApiDeploymentName: "greeter",
    azureOpenAIApiVersion: "2024-10-21",
  });
  console.log((await model.invoke("Greet")).content);
}
