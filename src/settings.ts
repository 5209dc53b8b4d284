/**
 * THE table of what can be set: flag > environment > file > default. Flags, variables, keys of `config.toml` and the names
 * that the program may read of its environment all come from here; `meanings.ts` has a sentence for each row, apart,
 * because every start loads this file. Data alone: imports nothing.
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
  kind: Kind;
  /** The flag, as it is typed. */
  flag?: string;
  /** Its name among the parsed options. */
  option?: string;
  env?: string;
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
  api_url: { kind: "address", flag: "--api-url", option: "apiUrl", env: "AUTOCOM_API_URL", stored: "string" },
  tenant: { kind: "slug", flag: "--tenant", option: "tenant", env: "AUTOCOM_TENANT", stored: "string" },
  output: { kind: "format", flag: "--output", option: "output", env: "AUTOCOM_OUTPUT", stored: "string" },
  ring: { kind: "slug", stored: "string" },
  no_telemetry: { kind: "switch", env: "AUTOCOM_NO_TELEMETRY", stored: "boolean" },
  client_id: {
    kind: "client-id",
    flag: "--client-id",
    option: "clientId",
    env: "AUTOCOM_CLIENT_ID",
    stored: "string",
    bound: true,
  },
  time_zone: { kind: "time-zone", flag: "--time-zone", option: "timeZone", env: "AUTOCOM_TIME_ZONE", stored: "string" },
  timeout: { kind: "seconds", flag: "--timeout", option: "timeout", env: "AUTOCOM_TIMEOUT" },
  no_input: { kind: "switch", flag: "--no-input", env: "AUTOCOM_NO_INPUT" },
  no_browser: { kind: "switch", flag: "--no-browser", env: "AUTOCOM_NO_BROWSER" },
  debug: { kind: "switch", flag: "--debug", env: "AUTOCOM_DEBUG" },
  no_upgrade_check: { kind: "switch", env: "AUTOCOM_NO_UPGRADE_CHECK" },
  token: { kind: "elsewhere", env: "AUTOCOM_TOKEN" },
  token_file: { kind: "elsewhere", env: "AUTOCOM_TOKEN_FILE" },
  config: { kind: "elsewhere", env: "AUTOCOM_CONFIG" },
  credentials: { kind: "elsewhere", env: "AUTOCOM_CREDENTIALS_FILE" },
  ca_bundle: { kind: "elsewhere", env: "AUTOCOM_CA_BUNDLE" },
} as const satisfies Record<string, Row>;

/** Those that have a value of their own. */
export type Name = {
  [N in keyof typeof SETTINGS]: (typeof SETTINGS)[N]["kind"] extends "elsewhere" ? never : N;
}[keyof typeof SETTINGS];
