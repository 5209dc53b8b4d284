/**
 * Where the address of the API is to be looked for, in a hint. Loaded when something failed.
 *
 * @module
 */

/** What `config get` prints is another address where an option or a variable gave this run its own. */
export function addressed(hint: string, apiUrl: string | undefined, env: Readonly<Record<string, string>>): string {
  const by = apiUrl ? "--api-url" : env.AUTOCOM_API_URL && "AUTOCOM_API_URL";
  if (!by) return hint;
  return hint.replace("the address: autocom config get api_url", by).replace(
    "autocom config get api_url",
    `check ${by}`,
  );
}
