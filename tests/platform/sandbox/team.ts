/**
 * `/team`: who is invited into a tenant. REST alone, so nothing of it is in the audit log.
 *
 * @module
 */

import { Abort, json } from "./answers.ts";
import type { Row } from "./database.ts";
import { passGates } from "./gates.ts";
import type { Incoming } from "./incoming.ts";
import type { Platform } from "./platform.ts";
import { ROLE_IDS } from "./seed.ts";
import { sqlTime, zulu } from "./time.ts";
import { Check, email, maxText, oneOf, required, taken } from "./validation.ts";

const INVITE = "team.invite";
const WEEK = 7 * 86_400_000;

/** `POST /team/invite` */
export function invite(platform: Platform, request: Incoming): Response {
  const { tenant, user } = passGates(platform, request, INVITE);
  const db = platform.shop(tenant.id);
  const { email: address, role_id } = request.form;
  const member = (text: string) =>
    platform.central.one(
      "select 1 from users u join tenant_users m on m.user_id = u.id where m.tenant_id = ? and u.email = ?",
      tenant.id,
      text,
    ) !== undefined;
  const invited = (text: string) => db.one("select 1 from team_invitations where email = ?", text) !== undefined;
  new Check()
    .field("email", address, [required, email, maxText(255), taken((text) => member(text) || invited(text))])
    .field("role_id", role_id, [required, oneOf(Object.keys(ROLE_IDS))])
    .done();
  const now = platform.options.now();
  const row = {
    email: String(address),
    role_id: Number(role_id),
    invited_by: user.id,
    expires_at: sqlTime(now + WEEK),
    created_at: sqlTime(now),
  };
  db.insert("team_invitations", row);
  const { id } = db.one("select max(id) as id from team_invitations")!;
  const invitation = { id, email: row.email, role: roleOf(row), expires_at: zulu(row.expires_at) };
  return json({ message: "Invitation sent.", invitation }, 201);
}

/** `GET /team/invitations`, oldest first. */
export function invitations(platform: Platform, request: Incoming): Response {
  const { tenant } = passGates(platform, request, INVITE);
  const rows = platform.shop(tenant.id).all("select * from team_invitations order by id");
  return json({
    invitations: rows.map((row) => ({
      id: row.id,
      email: row.email,
      role: { id: row.role_id, name: roleOf(row) },
      invited_by: platform.central.one("select id, name from users where id = ?", row.invited_by!) ?? null,
      expires_at: zulu(String(row.expires_at)),
      created_at: zulu(String(row.created_at)),
    })),
  });
}

/** `DELETE /team/invitations/{id}`: no content. */
export function withdraw(platform: Platform, request: Incoming): Response {
  const { tenant } = passGates(platform, request, INVITE);
  const id = request.path.split("/").at(-1)!;
  if (platform.shop(tenant.id).run("delete from team_invitations where id = ?", id) === 0) {
    throw new Abort(404, `No query results for model [App\\Models\\Invitation] ${id}`);
  }
  return new Response(null, { status: 204 });
}

const roleOf = ({ role_id }: Row): string => ROLE_IDS[Number(role_id) as keyof typeof ROLE_IDS];
