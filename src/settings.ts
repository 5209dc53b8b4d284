/**
 * THE table of what can be set: flag > environment > file > default. Flags, variables, keys of `config.toml`, their help
 * texts and the names that the program may read of its environment all come from here. Data alone: imports nothing.
 *
 * @module
 */

/** What a value is; `config/checks.ts` has the check of each. */
export type Kind =
  | "address"
  | "slug"
  | "format"
  | "switch"
  | "seconds"
  | "client-id"
  | "time-zone"
  /** Not a setting with a value of its own: a secret, or a path that `storage/` or the transport looks at. */
  | "elsewhere";

export interface Row {
  about: string;
  kind: Kind;
  /** The flag, as it is typed. */
  flag?: string;
  /** Its name among the parsed options. */
  option?: string;
  env?: string;
  /** What the variable does, where that is not the row's `about`. */
  meaning?: string;
  /** TOML type in the file; a row without one is not kept there. */
  stored?: "string" | "boolean";
  /** Kept with the origin that it was saved for (`<key>_for`), and good for no other. */
  bound?: true;
}

/** Formats of `--output` and `AUTOCOM_OUTPUT`. */
export const FORMATS = ["table", "tsv", "csv", "json", "jsonl", "yaml"] as const;
/** Formats of the key `output` in the file, as the vendor documents them. */
export const STORED_FORMATS = ["table", "json", "yaml"] as const;

/** Those with `stored` are the keys of the file, in the order they are listed. */
export const SETTINGS = {
  api_url: {
    about: "address of the API",
    kind: "address",
    flag: "--api-url",
    option: "apiUrl",
    env: "AUTOCOM_API_URL",
    stored: "string",
  },
  tenant: {
    about: "slug of the tenant that commands work in",
    kind: "slug",
    flag: "--tenant",
    option: "tenant",
    env: "AUTOCOM_TENANT",
    stored: "string",
  },
  output: {
    about: "output format: table, json or yaml",
    kind: "format",
    flag: "--output",
    option: "output",
    env: "AUTOCOM_OUTPUT",
    meaning: `output format: ${FORMATS.join(", ")}`,
    stored: "string",
  },
  ring: { about: "deployment ring: kept and shown, sent nowhere", kind: "slug", stored: "string" },
  no_telemetry: {
    about: "never ask for a newer version",
    kind: "switch",
    env: "AUTOCOM_NO_TELEMETRY",
    stored: "boolean",
  },
  client_id: {
    about: "OAuth client id of auth login, for the address it was saved with",
    kind: "client-id",
    flag: "--client-id",
    option: "clientId",
    env: "AUTOCOM_CLIENT_ID",
    meaning: "OAuth client id of auth login",
    stored: "string",
    bound: true,
  },
  time_zone: {
    about: "where a day begins: a name like Europe/Paris, or local",
    kind: "time-zone",
    flag: "--time-zone",
    option: "timeZone",
    env: "AUTOCOM_TIME_ZONE",
    stored: "string",
  },
  timeout: {
    about: "seconds to wait for an answer",
    kind: "seconds",
    flag: "--timeout",
    option: "timeout",
    env: "AUTOCOM_TIMEOUT",
  },
  no_input: { about: "never ask", kind: "switch", flag: "--no-input", env: "AUTOCOM_NO_INPUT" },
  no_browser: {
    about: "log in without opening a browser",
    kind: "switch",
    flag: "--no-browser",
    env: "AUTOCOM_NO_BROWSER",
  },
  debug: { about: "say what is sent and answered", kind: "switch", flag: "--debug", env: "AUTOCOM_DEBUG" },
  no_upgrade_check: { about: "never ask for a newer version", kind: "switch", env: "AUTOCOM_NO_UPGRADE_CHECK" },
  token: {
    about: "access token to use as it is: never stored, never refreshed",
    kind: "elsewhere",
    env: "AUTOCOM_TOKEN",
  },
  token_file: {
    about: "path of a file that holds the access token, where AUTOCOM_TOKEN is not set",
    kind: "elsewhere",
    env: "AUTOCOM_TOKEN_FILE",
  },
  config: {
    about: "path of the config file (default ~/.autocom/config.toml)",
    kind: "elsewhere",
    env: "AUTOCOM_CONFIG",
  },
  credentials: {
    about: "path of the credentials file (default ~/.autocom/credentials)",
    kind: "elsewhere",
    env: "AUTOCOM_CREDENTIALS_FILE",
  },
  ca_bundle: {
    about: "PEM file with certificate authorities to trust beside the system's",
    kind: "elsewhere",
    env: "AUTOCOM_CA_BUNDLE",
  },
} as const satisfies Record<string, Row>;

/** Those that have a value of their own. */
export type Name = {
  [N in keyof typeof SETTINGS]: (typeof SETTINGS)[N]["kind"] extends "elsewhere" ? never : N;
}[keyof typeof SETTINGS];

/** The text of `autocom help environment` for a row: what it does, and what else says the same. */
export function meaningOf(name: string, { about, meaning = about, flag, kind, stored }: Row): string {
  const same = flag ? `like ${flag}` : stored ? `like the config key ${name}` : undefined;
  const off = kind === "switch" ? "; 0, false, no, off: not" : "";
  return `${meaning}${same ? `, ${same}` : ""}${off}`;
}
