/**
 * Every variable that is read, with its meaning: the list behind the one snapshot, `autocom help environment` and the
 * compiled permission set (a test holds the three together).
 *
 * @module
 */

/** Variables that people set for autocom. */
export const SETTINGS = [
  ["AUTOCOM_API_URL", "address of the API, like --api-url"],
  ["AUTOCOM_TENANT", "tenant, like --tenant"],
  ["AUTOCOM_OUTPUT", "output format, like --output"],
  ["AUTOCOM_TOKEN", "access token to use as it is: never stored, never refreshed"],
  ["AUTOCOM_CLIENT_ID", "OAuth client id of auth login, like --client-id"],
  ["AUTOCOM_CONFIG", "path of the config file (default ~/.autocom/config.toml)"],
  ["AUTOCOM_CREDENTIALS_FILE", "path of the credentials file (default ~/.autocom/credentials)"],
  ["AUTOCOM_NO_INPUT", "never ask, like --no-input"],
  ["AUTOCOM_NO_BROWSER", "log in without opening a browser, like --no-browser"],
  ["AUTOCOM_TIMEOUT", "seconds to wait for an answer, like --timeout"],
  ["AUTOCOM_DEBUG", "say what is sent and answered, like --debug"],
  ["AUTOCOM_CA_BUNDLE", "PEM file with certificate authorities to trust beside the system's"],
  ["AUTOCOM_NO_UPGRADE_CHECK", "never ask for a newer version"],
  ["AUTOCOM_NO_TELEMETRY", "the same, as the config key no_telemetry"],
] as const;

/** Variables that others define and autocom honours. */
export const CONVENTIONS = [
  ["NO_COLOR", "no colour, like --color never"],
  ["FORCE_COLOR", "colour also into a pipe, like --color always"],
  ["CLICOLOR", "0: no colour"],
  ["CLICOLOR_FORCE", "not 0: colour also into a pipe"],
  ["DO_NOT_TRACK", "never ask for a newer version"],
  ["CI", "never ask for a newer version"],
  ["TERM", "dumb: no colour"],
  ["HTTPS_PROXY", "proxy for https, also in lower case; http://, https://, socks5:// and socks5h:// ones"],
  ["ALL_PROXY", "the same when HTTPS_PROXY is not set"],
  [
    "NO_PROXY",
    "hosts to reach without the proxy, also in lower case: *, corp.test, .corp.test, host:port, 10.0.0.0/8; loopback always is",
  ],
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
  "SSLKEYLOGFILE",
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

/** What the runtime reads by itself, for people. */
export const RUNTIME = [
  ["DENO_TLS_CA_STORE", "whose authorities count: system, mozilla, or both (the default)"],
  ["DENO_LOG", "read before autocom starts: the runtime's own log on stderr, without secrets"],
  ["DENO_TOKIO_*, RUST_*", "read before autocom starts: they tune the runtime; leave them unset"],
  ["SSLKEYLOGFILE", "read before autocom starts: while it is set nothing is sent over TLS"],
  ["DENO_*, NODE_*, OTEL_*", "others steer nothing: what could act later is taken out at the start"],
  ["SSL_CERT_DIR", "not read: name one file in SSL_CERT_FILE or AUTOCOM_CA_BUNDLE"],
] as const;

/**
 * What steers the runtime when it opens a connection or a file: found in its text, tried on the compiled program of 2.7.11,
 * and taken out of the process at the start. Proxies are in the snapshot, and decided on in `proxy.ts`.
 */
export const STEERING: readonly string[] = [
  ...["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"],
  ...["DENO_CERT", "DENO_SERVE_ADDRESS", "DENO_TRUST_PROXY_HEADERS", "DENO_TRACE_PERMISSIONS"],
  ...["NODE_CHANNEL_FD", "NODE_DEBUG", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_TLS_REJECT_UNAUTHORIZED"],
  ...["NODE_V8_COVERAGE", "OTEL_DENO"],
];

export const ENVIRONMENT: readonly string[] = [
  ...SETTINGS.map(([name]) => name),
  ...CONVENTIONS.map(([name]) => name),
  ...PLUMBING,
];
