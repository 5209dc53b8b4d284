/**
 * What an address of this run's own changes in a hint. Loaded when something failed, or a message may name a command.
 *
 * @module
 */

/** The commands that go to a server, to where their options may begin; the others are of this machine alone. */
const COMMAND =
  /(?<![\w./-])autocom (?:(?:audit|auth|customers|orders|products|schema|team|tenants) [a-z][a-z-]*|api|call|doctor|graphql|login|logout|whoami)(?![\w-])/g;

/**
 * A text as it holds for this run. What `config get` prints is another address where an option or a variable gave the run
 * its own; and a command that is typed without the option goes to another server, with whatever it sends.
 */
export function addressed(text: string, apiUrl?: string, env: Readonly<Record<string, string>> = {}): string {
  const by = apiUrl ? "--api-url" : env.AUTOCOM_API_URL && "AUTOCOM_API_URL";
  if (!by) return text;
  const found = text.replace("the address: autocom config get api_url", by).replace(
    "autocom config get api_url",
    `check ${by}`,
  );
  const address = apiUrl?.trim() ?? "";
  // What is no address of an API goes nowhere, and may hold a password.
  if (!/^https?:\/\/[^\s@?#]+$/.test(address)) return found;
  const quoted = /^[\w./:%,+=-]+$/.test(address) ? address : `'${address.replaceAll("'", `'\\''`)}'`;
  return found.replace(COMMAND, (command, at: number) => {
    const [rest = ""] = found.slice(at + command.length).split(/; |\bautocom /, 1);
    const isOwn = rest.includes("--api-url") || rest.includes("--help") && !command.endsWith("call");
    return isOwn ? command : `${command} --api-url ${quoted}`;
  });
}
