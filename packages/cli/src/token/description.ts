import { identityOptions } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

export const tokenCommand: CommandDescription = {
  name: "token",
  summary: "print a token for another program",
  details:
    "A scope is a resource with /.default, such as https://storage.azure.com/.default. For git, docker and npm the token goes to the hosts of --host alone, and over https alone.",
  arguments: [{ name: "[action]", meaning: "of a credential helper", choices: ["get", "store", "erase", "list"] }],
  options: [
    { flags: "-s, --scope <scope>", meaning: "what the token is for", repeatable: true },
    {
      flags: "--as <format>",
      meaning: "how it is printed",
      choices: ["raw", "json", "header", "env", "exec-credential", "git", "docker", "npm"],
      default: "raw",
    },
    ...identityOptions,
    { flags: "--claims <json>", meaning: "claims of a challenge that the token has to satisfy" },
    { flags: "--host <host>", meaning: "with git, docker and npm: a host that gets the token", repeatable: true },
    { flags: "--variable <name>", meaning: "with env: the variable (default: AZURE_ACCESS_TOKEN)" },
  ],
  examples: [
    { command: "azid token --scope https://storage.azure.com/.default", meaning: "print a token" },
    {
      command:
        "azid token --scope https://graph.microsoft.com --source azure-cli --as header | curl -H @- https://graph.microsoft.com/v1.0/me",
      meaning: "call an API as the user of the Azure CLI",
    },
    {
      command:
        "git config --global credential.https://dev.azure.com.helper '!azid token --as git --host dev.azure.com'",
      meaning: "sign git in to Azure Repos",
    },
    {
      command:
        "kubectl config set-credentials me --exec-api-version=client.authentication.k8s.io/v1 --exec-command=azid --exec-arg=token --exec-arg=--as=exec-credential --exec-interactive-mode=IfAvailable",
      meaning: "sign kubectl in to Azure Kubernetes Service",
    },
  ],
  load: () => import("./command.ts"),
};
