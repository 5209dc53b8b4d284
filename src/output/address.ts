/** What gave this run another address than the settings that are kept: `--api-url`, or a variable. */
export type Origin = string | undefined;

/** A hint with the place where the address is: what `config get` prints may be another. */
export function addressed(hint: string, by: Origin): string {
  return by
    ? hint.replace("the address: autocom config get api_url", by).replace("autocom config get api_url", `check ${by}`)
    : hint;
}
