/**
 * The pages of the platform's own web application: its front door and its login.
 *
 * @module
 */

import { html, Invalid, redirect } from "./answers.ts";
import type { Incoming } from "./incoming.ts";
import { loginPage } from "./pages.ts";
import type { Platform } from "./platform.ts";
import type { Session } from "./sessions.ts";
import { sqlTime } from "./time.ts";
import { email, required, validate } from "./validation.ts";

export const home = (): Response =>
  new Response("AutoCom test platform", { headers: { "content-type": "text/plain; charset=utf-8" } });

/** `GET /login` */
export function loginForm(_platform: Platform, _request: Incoming, session: Session): Response {
  const { flash } = session;
  delete session.flash;
  return html(loginPage(session.token, flash?.error ?? null, flash?.email ?? ""));
}

/** `POST /login`: on to where the browser wanted to go, or back to the form. */
export function login(platform: Platform, request: Incoming, session: Session): Response {
  platform.limiter.hit(request, "login", platform.options.loginRate);
  const { origin } = request.url;
  const back = request.headers.get("referer") ?? session.previousUrl ?? origin;
  try {
    validate(request.input, { email: [required, email], password: [required] });
  } catch (error) {
    if (error instanceof Invalid) {
      session.flash = { error: Object.values(error.fields)[0]![0]!, email: String(request.input.email ?? "") };
    }
    throw error;
  }
  const row = platform.central.one(
    "select id from users where email = ? and password = ?",
    String(request.input.email),
    String(request.input.password),
  );
  if (!row) {
    session.flash = { error: "These credentials do not match our records.", email: String(request.input.email) };
    return redirect(back);
  }
  platform.sessions.regenerate(request, session);
  session.userId = Number(row.id);
  const now = sqlTime(platform.options.now());
  platform.central.run("update users set last_login_at = ?, last_login_ip = '127.0.0.1' where id = ?", now, row.id!);
  const intended = session.intended ?? origin;
  delete session.intended;
  return redirect(intended);
}

/** `POST /logout` */
export function logoutBrowser(platform: Platform, request: Incoming, session: Session): Response {
  platform.sessions.invalidate(request, session);
  return redirect(`${request.url.origin}/login`);
}
