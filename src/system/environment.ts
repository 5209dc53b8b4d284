/**
 * Every variable that is read, with its meaning: the list behind the one snapshot, `autocom help environment` and the
 * compiled permission set (a test holds the three together).
 *
 * @module
 */

import { meaningOf, type Row, SETTINGS } from "../settings.ts";

/** Variables that people set for autocom. */
export const OWN_VARIABLES: readonly (readonly [name: string, meaning: string])[] = Object.entries<Row>(SETTINGS)
  .flatMap(([name, row]) => row.env ? [[row.env, meaningOf(name, row)] as const] : []);

/** Variables that others define and autocom honours. */
export const CONVENTIONS = [
  ["NO_COLOR", "no colour, like --color never"],
  ["FORCE_COLOR", "colour also into a pipe, like --color always"],
  ["CLICOLOR", "0: no colour"],
  ["CLICOLOR_FORCE", "not 0: colour also into a pipe"],
  ["DO_NOT_TRACK", "never ask for a newer version"],
  ["CI", "never ask for a newer version"],
  ["TERM", "dumb: no colour"],
  ["HTTPS_PROXY", "proxy for https, also in lower case"],
  ["ALL_PROXY", "proxy for everything, also in lower case"],
  ["NO_PROXY", "hosts to reach without the proxy, also in lower case; loopback always is"],
  ["SSL_CERT_FILE", "PEM file with the certificate authorities of this system"],
  ["HOME", "where ~/.autocom is"],
  ["USERPROFILE", "the same on Windows"],
] as const;

/** What the system's own programs and the runtime need. */
const PLUMBING = [
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "DENO_TLS_CA_STORE",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "SSH_CONNECTION",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_DATA_HOME",
  "XDG_DATA_DIRS",
  "XDG_CONFIG_HOME",
  "XDG_CURRENT_DESKTOP",
  "DESKTOP_SESSION",
  "KDE_SESSION_VERSION",
  "WSL_DISTRO_NAME",
  "BROWSER",
  "LANG",
  "PATH",
  "SystemRoot",
  "APPDATA",
  "LOCALAPPDATA",
  "TEMP",
] as const;

export const ENVIRONMENT: readonly string[] = [
  ...OWN_VARIABLES.map(([name]) => name),
  ...CONVENTIONS.map(([name]) => name),
  ...PLUMBING,
];

/** Stands for a value that is no text: no setting takes it, so that what was meant is refused and never replaced. */
const UNREADABLE = "\ufffd";

/** Those whose value decides what is read and sent; any other that is not text counts as absent. */
const DECISIVE = /^(AUTOCOM_|HOME$|USERPROFILE$|.*_PROXY$)/i;

/**
 * One snapshot of the environment; an empty variable is absent. The runtime gives no value that is not UTF-8: it throws,
 * and quotes it, which may be a token. Such a variable is taken out of the process, because libraries would meet it again.
 */
export function snapshot(process: Pick<typeof Deno.env, "get" | "delete">): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of ENVIRONMENT) {
    let value: string | undefined;
    try {
      value = process.get(name);
    } catch {
      process.delete(name);
      value = DECISIVE.test(name) ? UNREADABLE : undefined;
    }
    if (value) env[name] = value;
  }
  return env;
}
