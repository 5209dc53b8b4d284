/**
 * The HTML that a browser sees.
 *
 * @module
 */

import { STATUS_CODES } from "node:http";

/** Blade's `{{ … }}`. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;" })[c]!);

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escape(value)}" autocomplete="off">`;

export function loginPage(token: string, error: string | null, email: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in</title>
<h1>Sign in</h1>
${error ? `    <p role="alert">${escape(error)}</p>\n` : ""}<form method="post" action="/login">
    ${hidden("_token", token)}    <p><label>E-mail <input type="email" name="email" value="${
    escape(email)
  }" required autofocus></label></p>
    <p><label>Password <input type="password" name="password" required></label></p>
    <button id="login">Sign in</button>
</form>
</html>
`;
}

export interface Consent {
  action: string;
  /** Of the session. */
  csrf: string;
  authToken: string;
  client: string;
  clientId: string;
  email: string;
  state: string;
}

/** The application's own consent page, with Passport 13, which ships none. */
export function consentPage({ action, csrf, authToken, client, email }: Consent): string {
  const token = `<input type="hidden" name="auth_token" value="${authToken}">`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Authorization request</title>
<h1>Authorization request</h1>
<p><strong>${escape(client)}</strong> asks for access to the account of ${escape(email)}.</p>
<form method="post" action="${action}">
    ${hidden("_token", csrf)}    ${token}
    <button id="approve">Authorize</button>
</form>
<form method="post" action="${action}">
    ${hidden("_token", csrf)}    <input type="hidden" name="_method" value="DELETE">    ${token}
    <button id="deny">Cancel</button>
</form>
</html>
`;
}

/** Passport 12's consent page, without its style sheet. */
export function stockConsentPage({ action, csrf, authToken, client, clientId, state }: Consent): string {
  const fields = `<input type="hidden" name="state" value="${escape(state)}">
        <input type="hidden" name="client_id" value="${clientId}">
        <input type="hidden" name="auth_token" value="${authToken}">`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8">
    <title>AutoCom test platform - Authorization</title>
    <link href="/css/app.css" rel="stylesheet">
</head>
<body class="passport-authorize">
    <div class="card-header">Authorization Request</div>
    <p><strong>${escape(client)}</strong> is requesting permission to access your account.</p>
    <form method="post" action="${action}">
        ${hidden("_token", csrf)}
        ${fields}
        <button type="submit" class="btn btn-success btn-approve">Authorize</button>
    </form>
    <form method="post" action="${action}">
        ${hidden("_token", csrf)}
        <input type="hidden" name="_method" value="DELETE">
        ${fields}
        <button class="btn btn-danger">Cancel</button>
    </form>
</body>
</html>
`;
}

export function redirectPage(to: string): string {
  const url = escape(to);
  return `<!DOCTYPE html>
<html>
    <head>
        <meta charset="UTF-8" />
        <meta http-equiv="refresh" content="0;url='${url}'" />

        <title>Redirecting to ${url}</title>
    </head>
    <body>
        Redirecting to <a href="${url}">${url}</a>.
    </body>
</html>`;
}

/** The statuses that Laravel has a page for. */
const TITLES: Record<number, string> = {
  403: "Forbidden",
  404: "Not Found",
  419: "Page Expired",
  429: "Too Many Requests",
  500: "Server Error",
  503: "Service Unavailable",
};

/** Laravel's error page without its style sheet, else Symfony's. Only a 403 shows the exception's words. */
export function errorPage(status: number, message: string): string {
  const title = TITLES[status];
  if (!title) return symfonyPage(`${status} ${STATUS_CODES[status]}`);
  const shown = status === 403 ? message || title : title;
  return `<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>${title}</title>
    </head>
    <body class="antialiased">
        <div>${status}</div>
        <div>${escape(shown)}</div>
    </body>
</html>
`;
}

function symfonyPage(status: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="UTF-8" />
    <title>An Error Occurred: ${status.slice(4)}</title>
</head>
<body>
<div class="container">
    <h1>Oops! An Error Occurred</h1>
    <h2>The server returned a "${status}".</h2>

    <p>
        Something is broken. Please let us know what you were doing when this error occurred.
        We will fix it as soon as possible. Sorry for any inconvenience caused.
    </p>
</div>
</body>
</html>`;
}
