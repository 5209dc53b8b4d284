/**
 * What each variable of the environment does, for `autocom help environment` and the man page. Loaded by them alone.
 *
 * @module
 */

import { FORMATS, type Row, SETTINGS } from "./settings.ts";
import type { Conventional } from "./system/mod.ts";

const UPGRADES = "never check for a newer version";

const ABOUT: Record<keyof typeof SETTINGS, string> = {
  api_url: "address of the API",
  tenant: "tenant",
  output: `output format: ${FORMATS.join(", ")}`,
  ring: "deployment ring: kept and shown, sent nowhere",
  no_telemetry: UPGRADES,
  client_id: "OAuth client id of auth login",
  time_zone: "where a day begins: a name like Europe/Paris, or local",
  timeout: "seconds to wait for an answer; renewing a session always waits at least 30",
  no_input: "never ask",
  no_browser: "log in without opening a browser",
  debug: "say what is sent and answered",
  no_upgrade_check: UPGRADES,
  token: "access token to use as it is: never stored, never refreshed",
  token_file: "path of a file that holds it, where AUTOCOM_TOKEN is not set",
  config: "path of the config file (default ~/.autocom/config.toml)",
  credentials: "path of the credentials file (default ~/.autocom/credentials)",
  ca_bundle: "PEM file with certificate authorities to trust beside the system's",
};

/** Variables that people set for autocom. */
export const OWN_VARIABLES: readonly (readonly [name: string, meaning: string])[] = Object.entries<Row>(SETTINGS)
  .flatMap(([name, { env, flag, kind, stored }]) => {
    const same = flag ? `, like ${flag}` : stored ? `, like the config key ${name}` : "";
    const off = kind === "switch" ? "; 0, false, no and off switch it off" : "";
    return env ? [[env, `${ABOUT[name as keyof typeof SETTINGS]}${same}${off}`] as const] : [];
  });

const MEANINGS: Record<Conventional, string> = {
  NO_COLOR: "whatever it says: no colour, like --color never",
  FORCE_COLOR: "not 0 or false: colour also into a pipe, like --color always",
  CLICOLOR: "0: no colour",
  CLICOLOR_FORCE: "not 0: colour also into a pipe",
  DO_NOT_TRACK: UPGRADES,
  CI: `${UPGRADES}, never wait for a browser in auth login`,
  TERM: "dumb: no colour",
  HTTPS_PROXY: "proxy for https, also in lower case; http://, https://, socks5:// and socks5h:// ones",
  ALL_PROXY: "the same when HTTPS_PROXY is not set, also in lower case",
  NO_PROXY: "hosts to reach without the proxy, also in lower case: *, corp.test, .corp.test, host:port, 10.0.0.0/8; " +
    "loopback always is",
  SSL_CERT_FILE: "PEM file with the certificate authorities of this system",
  HOME: "where ~/.autocom is",
  USERPROFILE: "the same on Windows",
};

/** Variables that others define and autocom honours. */
export const CONVENTIONS = Object.entries(MEANINGS);

/** What a desktop, a shell or a system sets: nobody has to set it for autocom. */
export const SURROUNDINGS = [
  ["SSH_CONNECTION", "auth login opens no browser: what it prints is opened elsewhere"],
  [
    "DISPLAY",
    "a screen on Linux, or WAYLAND_DISPLAY: without one no browser is opened, and no keychain asks to be unlocked",
  ],
  ["WSL_DISTRO_NAME", "auth login opens the browser of Windows, with wslview"],
  [
    "BROWSER",
    "handed on to what opens the browser; so are PATH, LANG, XAUTHORITY, XDG_DATA_HOME, XDG_DATA_DIRS, XDG_CONFIG_HOME, " +
    "XDG_CURRENT_DESKTOP, DESKTOP_SESSION, KDE_SESSION_VERSION, SystemRoot, APPDATA, LOCALAPPDATA and TEMP",
  ],
  ["DBUS_SESSION_BUS_ADDRESS", "on Linux: where the keychain is found; else below XDG_RUNTIME_DIR"],
  ["TZ", "where a day begins with --time-zone local"],
] as const;

/** What the runtime reads by itself. */
export const RUNTIME = [
  ["DENO_TLS_CA_STORE", "whose authorities count: system, mozilla, or both (the default)"],
  ["DENO_LOG", "read before autocom starts: the runtime's own log on stderr, without secrets"],
  ["DENO_TOKIO_*, RUST_*", "read before autocom starts: they tune the runtime; leave them unset"],
  ["SSLKEYLOGFILE", "read before autocom starts: while it is set nothing is sent over TLS"],
  ["DENO_*, NODE_*, OTEL_*", "others steer nothing: what could act later is taken out at the start"],
  ["SSL_CERT_DIR", "not read: name one file in SSL_CERT_FILE or AUTOCOM_CA_BUNDLE"],
] as const;
